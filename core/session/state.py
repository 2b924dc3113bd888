"""
What a session has come to, from its facts.

`evolve` raises `ValueError` on a fact that does not fit what came before: this is how a correction
or an annulment that would leave an incoherent history is found and refused.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import msgspec

from core.domain.days import day_of
from core.domain.decider import Aggregate
from core.domain.event import Recorded
from core.session.events import (
    FACTS,
    AttendanceRecorded,
    ExpertInvited,
    HeadcountRecorded,
    SessionCancelled,
    SessionHeld,
    SessionPlanned,
    SessionReassigned,
    SessionRescheduled,
    SheetScanned,
)
from core.session.vocabulary import Modality, Presence, Status


class Attendance(msgspec.Struct, frozen=True):
    presence: Presence
    minutes: int


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """`started_at` and `ended_at` are the real times: None until it is held."""

    module: str
    series: str | None
    number: int | None
    starts_at: datetime
    ends_at: datetime
    modality: Modality
    place: str | None
    animateur: str | None
    capacity: int | None
    actors: frozenset[str]
    """Who planned it and who animates it."""
    status: Status = "planned"
    started_at: datetime | None = None
    ended_at: datetime | None = None
    attendance: Mapping[str, Attendance] = {}
    experts: frozenset[str] = frozenset()
    headcounts: Mapping[str, int] = {}
    scan: str | None = None
    """SHA-256 of the signed sheet, the latest."""

    @property
    def minutes(self) -> int:
        """Whole minutes it really lasted, never rounded up; 0 until it is held."""
        if self.started_at is None or self.ended_at is None:
            return 0
        return (self.ended_at - self.started_at) // timedelta(minutes=1)


def evolve(session: Session | None, recorded: Recorded[Any]) -> Session:
    """The session after one more fact."""
    fact = recorded.fact
    if isinstance(fact, SessionPlanned):
        return _planned(fact, recorded.actor)
    if session is None:
        message = f"{fact.stored_name} without a planned session"
        raise ValueError(message)
    if fact.series != session.series:
        message = f"{fact.stored_name} names another series than its session"
        raise ValueError(message)
    match fact:
        case SessionRescheduled():
            return msgspec.structs.replace(
                session,
                starts_at=fact.starts_at,
                ends_at=fact.ends_at,
                place=fact.place or session.place,
                modality=fact.modality or session.modality,
            )
        case SessionReassigned() if session.status == "planned":
            return _reassigned(session, fact)
        case SessionCancelled():
            return msgspec.structs.replace(session, status="cancelled")
        case SessionHeld():
            return _held(session, fact)
        case AttendanceRecorded() if session.status == "held":
            return _attended(session, fact)
        case ExpertInvited():
            return msgspec.structs.replace(session, experts=session.experts | {fact.expert})
        case HeadcountRecorded() if session.status == "held":
            headcounts = {**session.headcounts, fact.profile: fact.headcount}
            return msgspec.structs.replace(session, headcounts=headcounts)
        case SheetScanned() if session.status == "held":
            return msgspec.structs.replace(session, scan=fact.sha256)
        case _:
            message = f"{fact.stored_name} does not fit a session that is {session.status}"
            raise ValueError(message)


def _planned(fact: SessionPlanned, actor: str) -> Session:
    _expect_length(fact.starts_at, fact.ends_at)
    return Session(
        module=fact.module,
        series=fact.series,
        number=fact.number,
        starts_at=fact.starts_at,
        ends_at=fact.ends_at,
        modality=fact.modality,
        place=fact.place,
        animateur=fact.animateur,
        capacity=fact.capacity,
        actors=frozenset({actor, *_some(fact.animateur)}),
    )


def _held(session: Session, fact: SessionHeld) -> Session:
    _expect_length(fact.started_at, fact.ended_at)
    return msgspec.structs.replace(
        session,
        status="held",
        started_at=fact.started_at,
        ended_at=fact.ended_at,
        modality=fact.modality,
        place=fact.place,
        animateur=fact.animateur,
        actors=session.actors | frozenset(_some(fact.animateur)),
    )


def _reassigned(session: Session, fact: SessionReassigned) -> Session:
    # Who no longer conducts it has nothing more to do with it, even if they planned it.
    others = session.actors - frozenset(_some(session.animateur))
    return msgspec.structs.replace(
        session, animateur=fact.animateur, actors=others | frozenset(_some(fact.animateur))
    )


def _attended(session: Session, fact: AttendanceRecorded) -> Session:
    longest = session.minutes if fact.presence == "present" else 0
    if fact.person in session.attendance or not 0 <= fact.minutes <= longest:
        message = f"{fact.minutes} minutes do not fit the session of {session.minutes}"
        raise ValueError(message)
    if session.started_at is None or fact.held_on != day_of(session.started_at):
        message = f"the session was not held on {fact.held_on}"
        raise ValueError(message)
    line = Attendance(fact.presence, fact.minutes)
    return msgspec.structs.replace(session, attendance={**session.attendance, fact.person: line})


def _some(animateur: str | None) -> tuple[str, ...]:
    return () if animateur is None else (animateur,)


def _expect_length(start: datetime, end: datetime) -> None:
    if end <= start:
        message = "a session ends after it starts"
        raise ValueError(message)


def _actors(session: Session) -> frozenset[str]:
    return session.actors


SESSION: Aggregate[Session] = Aggregate(
    name="session",
    facts=FACTS,
    evolve=evolve,
    related=_actors,
    within=lambda session: session.series,
    kept=(SessionPlanned, SessionReassigned),
)
"""What a session was planned as, and who is to conduct it, ties it to its module and its series: it
is moved, cancelled or given to another, never corrected."""
