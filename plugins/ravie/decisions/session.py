"""The rules of a session of a cycle: those of the cycle first, then those of every session."""

from typing import Any

from core.domain.decider import Context, Decided, Reads
from core.domain.refusal import Refused
from core.session import decisions as rules
from core.session.state import Session
from plugins.ravie.commands import (
    CancelSession,
    HoldSession,
    InviteExpert,
    MoveSession,
    RecordHeadcount,
    SignHours,
)
from plugins.ravie.decisions.cycle import CLOSED
from plugins.ravie.state import CYCLE, Cycle
from plugins.ravie.vocabulary import MODULE_NAME


def reads_its_cycle(_command: Any, session: Session) -> tuple[Reads, ...]:
    """What becomes of a session rests on whether its cycle is open."""
    if session.module != MODULE_NAME or session.series is None:
        return ()
    return (Reads(CYCLE, (session.series,)),)


def move_session(command: MoveSession, session: Session, context: Context) -> Decided:
    """Moves a planned session, with its length."""
    cycle = _open_cycle(session, context)
    return cycle if isinstance(cycle, Refused) else rules.move_session(command, session)


def cancel_session(command: CancelSession, session: Session, context: Context) -> Decided:
    """Cancels a planned session; another may be added in its place."""
    cycle = _open_cycle(session, context)
    return cycle if isinstance(cycle, Refused) else rules.cancel_session(command, session)


def hold_session(command: HoldSession, session: Session, context: Context) -> Decided:
    """Records that a session took place."""
    cycle = _open_cycle(session, context)
    return cycle if isinstance(cycle, Refused) else rules.hold_session(command, session, context)


def sign_hours(command: SignHours, session: Session, context: Context) -> Decided:
    """
    One line of the sheet, in the role the person was enrolled in.

    Someone who was still waiting and came all the same is recorded: the register flags it.
    """
    cycle = _open_cycle(session, context)
    if isinstance(cycle, Refused):
        return cycle
    role = cycle.role_of(command.person)
    if role is None:
        return Refused("person_not_in_cycle", "person")
    return rules.record_attendance(command, session, profile=role)


def invite_expert(command: InviteExpert, session: Session, context: Context) -> Decided:
    """Invites a professional on the group's questions."""
    cycle = _open_cycle(session, context)
    return cycle if isinstance(cycle, Refused) else rules.invite_expert(command, session)


def record_headcount(command: RecordHeadcount, session: Session, context: Context) -> Decided:
    """Counts people who came without being participants."""
    cycle = _open_cycle(session, context)
    return cycle if isinstance(cycle, Refused) else rules.record_headcount(command, session)


def _open_cycle(session: Session, context: Context) -> Cycle | Refused:
    """The session's cycle, when the session is of this module and the cycle still changes."""
    cycle = context.read(CYCLE).get(session.series or "")
    if cycle is None:
        return Refused("not_found", "session")
    return cycle if cycle.status == "open" else CLOSED
