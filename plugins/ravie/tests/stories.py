"""Cycles to start a story from, in readable ids. Afternoons are 14:00 to 17:00 in Paris."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from core.domain.command import PersonRef
from core.domain.event import PersonId, Subject
from core.domain.sealed import Sealed
from core.evaluation.module import MODULE as EVALUATIONS
from core.session.events import SessionHeld, SessionPlanned
from core.session.module import MODULE as SESSIONS
from core.testing.scenario import Scenario, an_id
from plugins.ravie.cycle.commands import PlanSessions
from plugins.ravie.cycle.events import (
    CycleOpened,
    ParticipantEnrolled,
    ProductionRecorded,
    SessionsPlanned,
)
from plugins.ravie.module import MODULE as RAVIE
from plugins.ravie.session.commands import HoldSession, SignHours

CYCLE_ID = Subject(an_id(1))
OTHER_CYCLE = Subject(an_id(2))
ANIMATRICE = Subject(an_id(5))
EXPERT = Subject(an_id(6))
AUTUMN = datetime(2026, 12, 31, 12, tzinfo=UTC)
"""When the stories are told: after all that happens in them."""


def person(number: int) -> PersonId:
    """The nth participant."""
    return PersonId(an_id(0x1000 + number))


def sealed(text: str) -> Sealed:
    """A token as a decision sees one: it could not open it."""
    return Sealed(f"jalon1.{CYCLE_ID}.{an_id(9)}.{text}")


def opened(**changes: Any) -> CycleOpened:
    """A cycle as the tenant's settings give it: 5 sessions of 3 h, groups of 7 to 9."""
    usual: dict[str, Any] = {
        "theme": "fin_de_vie",
        "sessions": 5,
        "session_minutes": 180,
        "weeks_apart": 1,
        "capacity_min": 7,
        "capacity_max": 9,
        "min_minutes": 900,
        "animateur": ANIMATRICE,
        "referentiel": "assistants-de-vie",
        "referentiel_version": 1,
        "competences": ("c2.4", "c3.1", "c4.2"),
        "animateur_training": "animation_ravie",
    }
    return CycleOpened(**{**usual, **changes})


def enrolled(number: int, **changes: Any) -> ParticipantEnrolled:
    usual: dict[str, Any] = {"role": "assistant_de_vie", "min_minutes": 900}
    return ParticipantEnrolled(person=person(number), **{**usual, **changes})


def session(number: int) -> Subject:
    """The id of the nth session of `with_sessions`."""
    return Subject(an_id(0x100 + number))


def starts(number: int) -> datetime:
    """14:00 in Paris on the nth Thursday of 2026 from 8 January."""
    return datetime(2026, 1, 8, 13, tzinfo=UTC) + timedelta(weeks=number - 1)


def planned(number: int, **changes: Any) -> SessionPlanned:
    usual: dict[str, Any] = {
        "module": "ravie",
        "series": CYCLE_ID,
        "number": number,
        "starts_at": starts(number),
        "ends_at": starts(number) + timedelta(hours=3),
        "animateur": ANIMATRICE,
        "capacity": 9,
    }
    return SessionPlanned(**{**usual, **changes})


def held(number: int, minutes: int = 180) -> SessionHeld:
    return SessionHeld(
        series=CYCLE_ID,
        started_at=starts(number),
        ended_at=starts(number) + timedelta(minutes=minutes),
        modality="in_person",
        animateur=ANIMATRICE,
    )


PRODUCTION = ProductionRecorded(kind="booklet", title=sealed("title"))


def a_story(**settings: Any) -> Scenario:
    return Scenario(SESSIONS, EVALUATIONS, RAVIE, now=AUTUMN, settings=settings)


def a_cycle(*facts: Any, **changes: Any) -> Scenario:
    """An open cycle, with what then happened in its own stream."""
    return a_story().given(
        opened(**changes), *facts, stream=CYCLE_ID, occurred_at=datetime(2026, 1, 2, tzinfo=UTC)
    )


def a_planned_cycle(*facts: Any, count: int = 5, **changes: Any) -> Scenario:
    """An open cycle whose first `count` sessions are planned."""
    ids = tuple(session(number) for number in range(1, count + 1))
    scenario = a_cycle(*facts, SessionsPlanned(sessions=ids), **changes)
    for number, stream in enumerate(ids, 1):
        scenario.given(planned(number), stream=stream)
    return scenario


def plan(first_on: date = date(2026, 1, 8), **changes: Any) -> PlanSessions:
    return PlanSessions(cycle=CYCLE_ID, first_on=first_on, at="14:00", **changes)


def hold(number: int, minutes: int = 180) -> HoldSession:
    return HoldSession(
        session=session(number),
        started_at=starts(number),
        ended_at=starts(number) + timedelta(minutes=minutes),
    )


def sign(number: int, who: int, minutes: int = 180) -> SignHours:
    return SignHours(session=session(number), person=PersonRef(person(who)), minutes=minutes)
