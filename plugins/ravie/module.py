"""The manifest of RAVie, relais assistants de vie."""

from collections.abc import Callable, Iterable, Sequence
from typing import Annotated, Any, TypeVar

import msgspec

from core.catalogue import CORRECT_FACTS, READ_INDICATORS
from core.domain.command import Command
from core.domain.decider import Context, Decided, Decision, Reads, nothing_more
from core.module import Module, Permission, Role, Setting
from core.session.state import SESSION, Session
from plugins.ravie import commands, decisions
from plugins.ravie.commands import Places, SessionMinutes, Sessions, WeeksApart
from plugins.ravie.demo import HAUTES_ALPES, play
from plugins.ravie.demo.gap import INVENTED
from plugins.ravie.events import FACTS
from plugins.ravie.indicators import INDICATORS
from plugins.ravie.policies import OFFER_THE_FREED_PLACE
from plugins.ravie.projections.attendance_sheet import ATTENDANCE_SHEET
from plugins.ravie.projections.cycle_register import CYCLE_REGISTER
from plugins.ravie.projections.participations import PARTICIPATIONS
from plugins.ravie.refusals import REFUSALS
from plugins.ravie.state import CYCLE, Cycle
from plugins.ravie.vocabulary import ANIMATEUR, MODULE_NAME

READ = Permission("ravie.read", "Consulter les cycles RAVie et leurs feuilles d'émargement.")
OPEN_CYCLES = Permission("ravie.open_cycles", "Ouvrir un cycle RAVie.")
ENROL = Permission("ravie.enrol", "Inscrire et désinscrire des participants.")
PLAN = Permission("ravie.plan", "Planifier, déplacer ou annuler des séances, inviter des experts.")
RECORD = Permission("ravie.record", "Enregistrer les séances, les heures signées, la production.")
CLOSE_CYCLES = Permission("ravie.close_cycles", "Clore ou interrompre un cycle RAVie.")

C = TypeVar("C", bound=Command)

_SESSIONS = decisions.reads_its_sessions

_ON_ONE = (READ, ENROL, PLAN, RECORD, CLOSE_CYCLES)


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


def _on_session(
    command: type[C], decide: Callable[[C, Session, Context], Decided], permission: Permission
) -> Decision[C, Session]:
    return Decision(
        command=command,
        aggregate=SESSION,
        stream="session",
        decide=decide,
        permission=permission.code,
        also=decisions.reads_its_cycle,
    )


def _routes() -> Sequence[Any]:
    """Imported when the server asks: what only decides or folds loads no web framework."""
    from plugins.ravie.api import ROUTES

    return ROUTES


MODULE = Module(
    name=MODULE_NAME,
    title="RAVie, relais assistants de vie",
    version="1",
    facts=FACTS,
    aggregates=(CYCLE,),
    decisions=(
        Decision(
            command=commands.OpenCycle,
            aggregate=CYCLE,
            stream="cycle",
            decide=decisions.open_cycle,
            permission=OPEN_CYCLES.code,
            opens=True,
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
        _on_session(commands.MoveSession, decisions.move_session, PLAN),
        _on_session(commands.CancelSession, decisions.cancel_session, PLAN),
        _on_session(commands.InviteExpert, decisions.invite_expert, PLAN),
        _on_session(commands.HoldSession, decisions.hold_session, RECORD),
        _on_session(commands.SignHours, decisions.sign_hours, RECORD),
        _on_session(commands.RecordHeadcount, decisions.record_headcount, RECORD),
    ),
    policies=(OFFER_THE_FREED_PLACE,),
    projections=(CYCLE_REGISTER, ATTENDANCE_SHEET, PARTICIPATIONS),
    indicators=INDICATORS,
    permissions=(OPEN_CYCLES, *_ON_ONE),
    roles=(
        Role(
            code=ANIMATEUR,
            title="Animateur ou animatrice de RAVie",
            grants=(
                OPEN_CYCLES.code,
                *(f"{permission.code}@related" for permission in (*_ON_ONE, CORRECT_FACTS)),
            ),
        ),
        Role(
            code="ravie.coordination",
            title="Coordination des RAVie",
            grants=(
                OPEN_CYCLES.code,
                READ_INDICATORS.code,
                *(permission.code for permission in (*_ON_ONE, CORRECT_FACTS)),
            ),
        ),
    ),
    settings=(
        Setting(
            code="ravie.sessions",
            sentence="Nombre de séances d'un cycle.",
            kind=Sessions,
            default=5,
        ),
        Setting(
            code="ravie.session_minutes",
            sentence="Durée d'une séance, en minutes.",
            kind=SessionMinutes,
            default=180,
        ),
        Setting(
            code="ravie.weeks_apart",
            sentence="Semaines d'une séance à la suivante.",
            kind=WeeksApart,
            default=1,
        ),
        Setting(
            code="ravie.capacity_min", sentence="Plus petit groupe attendu.", kind=Places, default=7
        ),
        Setting(code="ravie.capacity_max", sentence="Places d'un cycle.", kind=Places, default=9),
        Setting(
            code="ravie.min_hours",
            sentence="Heures à signer pour un cycle complet ; vide : toutes celles du cycle.",
            kind=Annotated[int, msgspec.Meta(ge=1, le=720)] | None,
            default=None,
        ),
    ),
    refusals=REFUSALS,
    instruments="instruments",
    routes=_routes,
    demo=play,
    invented={HAUTES_ALPES: INVENTED},
)
