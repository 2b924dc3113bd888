"""Which command meets which rule, under which permission: sessions of a cycle."""

from collections.abc import Callable
from typing import TypeVar

from core.domain.command import Command
from core.domain.decider import Context, Decided, Decision
from core.module import Permission
from core.session.state import SESSION, Session
from plugins.ravie.permissions import PLAN, RECORD
from plugins.ravie.session import commands, decisions

C = TypeVar("C", bound=Command)


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


DECISIONS = (
    _on_session(commands.MoveSession, decisions.move_session, PLAN),
    _on_session(commands.CancelSession, decisions.cancel_session, PLAN),
    _on_session(commands.InviteExpert, decisions.invite_expert, PLAN),
    _on_session(commands.HoldSession, decisions.hold_session, RECORD),
    _on_session(commands.SignHours, decisions.sign_hours, RECORD),
    _on_session(commands.ScanSheet, decisions.scan_sheet, RECORD),
    _on_session(commands.RecordHeadcount, decisions.record_headcount, RECORD),
)
