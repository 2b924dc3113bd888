"""
A module as small as can be, to try the rules of a session without any other rule.

Times are those of a Thursday of January in Paris, one hour ahead of UTC.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, ClassVar

from core.domain.decider import Decided, Decision
from core.domain.event import Fact, PersonId, Subject
from core.module import Module
from core.session import commands, decisions
from core.session.events import (
    AttendanceRecorded,
    SessionCancelled,
    SessionHeld,
    SessionPlanned,
    SheetScanned,
)
from core.session.module import MODULE as SESSIONS
from core.session.state import SESSION, Session
from core.testing.scenario import Scenario, an_id

A_SESSION = Subject(an_id(1))
A_SERIES = Subject(an_id(2))
CLAIRE = PersonId(an_id(3))
EXPERT = Subject(an_id(4))


def at(hour: int, minute: int = 0) -> datetime:
    """An instant of 15 January 2026, in UTC."""
    return datetime(2026, 1, 15, hour, minute, tzinfo=UTC)


class Move(commands.MoveSession, frozen=True, kw_only=True):
    name: ClassVar[str] = "plain.move_session"


class Cancel(commands.CancelSession, frozen=True, kw_only=True):
    name: ClassVar[str] = "plain.cancel_session"


class Hold(commands.HoldSession, frozen=True, kw_only=True):
    name: ClassVar[str] = "plain.hold_session"


class Sign(commands.SignHours, frozen=True, kw_only=True):
    name: ClassVar[str] = "plain.sign_hours"


class Invite(commands.InviteExpert, frozen=True, kw_only=True):
    name: ClassVar[str] = "plain.invite_expert"


class Scan(commands.ScanSheet, frozen=True, kw_only=True):
    name: ClassVar[str] = "plain.scan_sheet"


class Count(commands.RecordHeadcount, frozen=True, kw_only=True):
    name: ClassVar[str] = "plain.record_headcount"


def _without_context(rule: Callable[[Any, Session], Decided]) -> Callable[..., Decided]:
    return lambda command, session, _context: rule(command, session)


PLAIN = Module(
    name="plain",
    title="Séances nues",
    version="1",
    decisions=tuple(
        Decision(
            command=command,
            aggregate=SESSION,
            stream="session",
            decide=decide,
            permission="plain.all",
        )
        for command, decide in (
            (Move, _without_context(decisions.move_session)),
            (Cancel, _without_context(decisions.cancel_session)),
            (Hold, decisions.hold_session),
            (Sign, _without_context(decisions.record_attendance)),
            (Invite, _without_context(decisions.invite_expert)),
            (Scan, _without_context(decisions.scan_sheet)),
            (Count, _without_context(decisions.record_headcount)),
        )
    ),
)

PLANNED = SessionPlanned(
    module="plain",
    series=A_SERIES,
    number=1,
    starts_at=at(8),
    ends_at=at(11),
    animateur=Subject("animatrice"),
    capacity=2,
)
HELD = SessionHeld(series=A_SERIES, started_at=at(8), ended_at=at(11), modality="in_person")
CANCELLED = SessionCancelled(series=A_SERIES, reason="snow")
SIGNED = AttendanceRecorded(
    series=A_SERIES,
    person=CLAIRE,
    presence="present",
    minutes=180,
    held_on=at(8).date(),
)
SCANNED = SheetScanned(series=A_SERIES, sha256="ab" * 32, media_type="application/pdf", size=84_000)


def a_session(*facts: Fact) -> Scenario:
    """A planned session, with what then happened to it."""
    return Scenario(SESSIONS, PLAIN).given(PLANNED, *facts, stream=A_SESSION)
