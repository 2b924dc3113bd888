"""Which command meets which rule, under which permission: cycles."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from core.domain.command import Command
from core.domain.decider import Context, Decided, Decision, Reads, nothing_more
from core.module import Permission
from plugins.ravie.cycle import commands, decisions
from plugins.ravie.cycle.opening import open_cycle, reads_what_it_stands_on, runs_it
from plugins.ravie.cycle.state import CYCLE, Cycle
from plugins.ravie.permissions import CLOSE_CYCLES, ENROL, OPEN_CYCLES, PLAN, RECORD

C = TypeVar("C", bound=Command)

_SESSIONS = decisions.reads_its_sessions


def _on_cycle(
    command: type[C],
    decide: Callable[[C, Cycle, Context], Decided],
    permission: Permission,
    also: Callable[[C, Cycle], Iterable[Reads]] = nothing_more,
) -> Decision[C, Cycle]:
    return Decision(
        command=command,
        aggregate=CYCLE,
        stream="cycle",
        decide=decide,
        permission=permission.code,
        also=also,
    )


DECISIONS = (
    Decision(
        command=commands.OpenCycle,
        aggregate=CYCLE,
        stream="cycle",
        decide=open_cycle,
        permission=OPEN_CYCLES.code,
        opens=True,
        acts_for=runs_it,
        also=reads_what_it_stands_on,
    ),
    _on_cycle(commands.EnrolParticipant, decisions.enrol_participant, ENROL),
    _on_cycle(commands.WithdrawParticipant, decisions.withdraw_participant, ENROL),
    _on_cycle(commands.OfferFreedPlace, decisions.offer_freed_place, ENROL),
    _on_cycle(commands.PlanSessions, decisions.plan_sessions, PLAN),
    _on_cycle(commands.AddSession, decisions.add_session, PLAN, _SESSIONS),
    _on_cycle(commands.GatherQuestions, decisions.gather_questions, RECORD, _SESSIONS),
    _on_cycle(commands.RecordProduction, decisions.record_production, RECORD),
    _on_cycle(commands.CloseCycle, decisions.close_cycle, CLOSE_CYCLES, _SESSIONS),
    _on_cycle(commands.InterruptCycle, decisions.interrupt_cycle, CLOSE_CYCLES, _SESSIONS),
)
