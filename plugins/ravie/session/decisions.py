"""
What RAVie adds, for a session of a cycle, to the rules that every session has
(`core.session.decisions`).
"""

from typing import Any

from core.domain.decider import Context, Decided, Reads
from core.domain.refusal import Refused
from core.session import decisions as sessions
from core.session.state import Session
from plugins.ravie.cycle.decisions import CLOSED
from plugins.ravie.cycle.state import CYCLE
from plugins.ravie.session.commands import (
    CancelSession,
    HoldSession,
    InviteExpert,
    MoveSession,
    RecordHeadcount,
    ScanSheet,
    SignHours,
)
from plugins.ravie.vocabulary import MODULE_NAME


def reads_its_cycle(_command: Any, session: Session) -> tuple[Reads, ...]:
    """What becomes of a session rests on whether its cycle is open."""
    if session.module != MODULE_NAME or session.series is None:
        return ()
    return (Reads(CYCLE, (session.series,)),)


def move_session(command: MoveSession, session: Session, context: Context) -> Decided:
    """Moves a planned session, with its length."""
    return _over(session, context) or sessions.move_session(command, session)


def cancel_session(command: CancelSession, session: Session, context: Context) -> Decided:
    """Cancels a planned session; another may be added in its place."""
    return _over(session, context) or sessions.cancel_session(command, session)


def hold_session(command: HoldSession, session: Session, context: Context) -> Decided:
    """Records that a session took place."""
    return _over(session, context) or sessions.hold_session(command, session, context)


def sign_hours(command: SignHours, session: Session, context: Context) -> Decided:
    """
    One line of the sheet, in the role the person was enrolled in.

    Someone who was still waiting and came all the same is recorded: the register flags it.
    """
    if refused := _over(session, context):
        return refused
    role = context.read(CYCLE)[session.series or ""].role_of(command.person)
    if role is None:
        return Refused("person_not_in_cycle", "person")
    return sessions.record_attendance(command, session, profile=role)


def invite_expert(command: InviteExpert, session: Session, context: Context) -> Decided:
    """Invites a professional on the group's questions."""
    return _over(session, context) or sessions.invite_expert(command, session)


def record_headcount(command: RecordHeadcount, session: Session, context: Context) -> Decided:
    """Counts people who came without being participants."""
    return _over(session, context) or sessions.record_headcount(command, session)


def scan_sheet(command: ScanSheet, session: Session, context: Context) -> Decided:
    """Keeps the signed sheet, after the cycle is closed too: paper comes late."""
    if session.series not in context.read(CYCLE):
        return Refused("not_found", "session")
    return sessions.scan_sheet(command, session)


def _over(session: Session, context: Context) -> Refused | None:
    """Why nothing more happens to the session: not one of a cycle, or of a cycle that is over."""
    cycle = context.read(CYCLE).get(session.series or "")
    if cycle is None:
        return Refused("not_found", "session")
    return None if cycle.status == "open" else CLOSED
