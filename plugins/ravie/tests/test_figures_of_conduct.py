"""
How cycles go and where, over read models, against the same recounted from the facts.

One year: a cycle of Gap under the national model that ends, one of Embrun outside of it that is
interrupted, a project cycle of Gap that counts nowhere.
"""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import pytest

from core.domain.event import Subject
from core.indicator import Indicator, Period
from core.registers.professionals.events import TrainingFollowed
from core.session.events import (
    AttendanceRecorded,
    SessionCancelled,
    SessionHeld,
    SessionPlanned,
    SessionRescheduled,
)
from core.session.module import MODULE as SESSIONS
from core.testing.scenario import Scenario, an_id
from plugins.ravie.cycle.events import (
    CycleClosed,
    CycleInterrupted,
    ParticipantQueued,
    ParticipantWithdrawn,
)
from plugins.ravie.indicators.conduct import (
    COMPLETION_RATE,
    CONDUCT,
    FILL_RATE,
    REMOTE_SHARE,
    SESSIONS_HELD_RATE,
    TRAINED_ANIMATEURS,
)
from plugins.ravie.indicators.cycles import CYCLES, CYCLES_CLOSED, CYCLES_OPENED, HOURS_SIGNED
from plugins.ravie.indicators.relais import PARTNERS, RELAIS, RELAIS_ACTIVE, RELAIS_OPEN
from plugins.ravie.module import MODULE as RAVIE
from plugins.ravie.relais.events import (
    PartnerAttached,
    PartnerLeft,
    RelaisClosed,
    RelaisOpened,
)
from plugins.ravie.tests.stories import ANIMATRICE, PRODUCTION, a_story, enrolled, opened, person
from projections.tests.ground import Ground, ground
from tests.installation import Installation

pytestmark = pytest.mark.postgres

HOUSE = msgspec.structs.replace(RAVIE, facts=(*SESSIONS.facts, TrainingFollowed, *RAVIE.facts))
GAP, EMBRUN = Subject(an_id(0x31)), Subject(an_id(0x32))
NATIONAL, OWN, PROJECT = Subject(an_id(0x21)), Subject(an_id(0x22)), Subject(an_id(0x23))
TOWN, CLUB = Subject(an_id(0x41)), Subject(an_id(0x42))
JANUARY = datetime(2026, 1, 5, 9, tzinfo=UTC)
YEAR = Period(date(2026, 1, 1), date(2027, 1, 1))
WINTER = Period(date(2026, 1, 1), date(2026, 2, 20))
SUMMER = Period(date(2026, 6, 1), date(2026, 9, 1))
SHAPE: dict[str, Any] = {"sessions": 2, "min_minutes": 360, "capacity_max": 4}


@pytest.fixture
async def field(installation: Installation) -> AsyncIterator[Ground]:
    async with ground(installation, HOUSE) as made:
        await made.record(a_year().history)
        await made.engine.follow(made.tenant, batch=5)
        yield made


def a_year() -> Scenario:
    told = a_story()
    _relais(told)
    seats = [enrolled(who, min_minutes=360) for who in (1, 2, 3)]
    waits = ParticipantQueued(person=person(4), role="proche_aidant", min_minutes=360)
    left = ParticipantWithdrawn(person=person(3), reason="new_job")
    under = opened(relais=GAP, model="national-5x3", model_version=1, **SHAPE)
    told.given(under, *seats, waits, left, stream=NATIONAL, occurred_at=JANUARY)
    own = opened(relais=EMBRUN, modality="mixed", **SHAPE)
    told.given(own, enrolled(1, min_minutes=360), stream=OWN, occurred_at=JANUARY)
    project = opened(relais=GAP, kind="project", **SHAPE)
    told.given(project, enrolled(9, min_minutes=360), stream=PROJECT, occurred_at=JANUARY)

    _session(told, NATIONAL, 1, minutes={1: 180, 2: 180})
    _session(told, NATIONAL, 2, minutes={1: 180, 2: 90}, modality="remote")
    _session(told, PROJECT, 2, minutes={9: 180}, modality="remote")
    cancelled = _session(told, OWN, 3)
    told.given(SessionCancelled(series=OWN, reason="snow"), stream=cancelled)
    moved = _session(told, OWN, 4)
    later = _at(30)
    told.given(
        SessionRescheduled(
            series=OWN,
            starts_at=later,
            ends_at=later + timedelta(hours=3),
            modality="remote",
            reason="snow",
        ),
        stream=moved,
    )
    trained = TrainingFollowed(person=person(50), training="animation_ravie")
    told.given(trained, stream=ANIMATRICE, occurred_at=_at(2))
    for cycle in (NATIONAL, PROJECT):
        told.given(PRODUCTION, CycleClosed(), stream=cycle, occurred_at=_at(10))
    told.given(CycleInterrupted(reason="snow"), stream=OWN, occurred_at=_at(11))
    return told


def _relais(told: Scenario) -> None:
    for relais, name in ((GAP, "Gap"), (EMBRUN, "Embrun")):
        told.given(RelaisOpened(name=name), stream=relais, occurred_at=JANUARY)
        hosts = PartnerAttached(structure=TOWN, role="host")
        told.given(hosts, stream=relais, occurred_at=JANUARY)
    club = PartnerAttached(structure=CLUB, role="expertise")
    told.given(club, stream=EMBRUN, occurred_at=_at(2))
    left = PartnerLeft(structure=CLUB, role="expertise", reason="moved")
    told.given(left, stream=EMBRUN, occurred_at=_at(8))
    told.given(RelaisClosed(reason="moved"), stream=EMBRUN, occurred_at=_at(12))


def _at(week: int) -> datetime:
    return datetime(2026, 1, 8, 13, tzinfo=UTC) + timedelta(weeks=week)


def _session(
    told: Scenario,
    cycle: Subject,
    week: int,
    *,
    minutes: dict[int, int] | None = None,
    modality: Any = "in_person",
) -> Subject:
    """A planned session of three hours, held when somebody signed."""
    session = Subject(an_id(0x100 + len(told.history)))
    start, end = _at(week), _at(week) + timedelta(hours=3)
    told.given(
        SessionPlanned(module="ravie", series=cycle, starts_at=start, ends_at=end), stream=session
    )
    if minutes is not None:
        held = SessionHeld(
            series=cycle, started_at=start, ended_at=end, modality=modality, animateur=ANIMATRICE
        )
        lines = [
            AttendanceRecorded(
                series=cycle,
                person=person(who),
                presence="present",
                minutes=signed,
                held_on=start.date(),
            )
            for who, signed in minutes.items()
        ]
        told.given(held, *lines, stream=session, occurred_at=start)
    return session


async def cells(
    field: Ground, indicator: Indicator, period: Period, *dimensions: str
) -> dict[Any, Any]:
    """By values of the dimensions (alone when there is one), the value; of a ratio, its parts."""
    figures = await field.engine.figure(field.tenant, indicator, period, dimensions=dimensions)
    return {
        next(iter(figure.dimensions.values()))
        if len(dimensions) == 1
        else tuple(figure.dimensions.values()): figure.value
        if figure.numerator is None
        else (figure.numerator, figure.denominator)
        for figure in figures
    }


async def test_cycles_and_hours_are_told_by_format_and_by_version_of_the_model(
    field: Ground,
) -> None:
    assert await cells(field, CYCLES_OPENED, YEAR, "format", "model") == {
        ("mixed", "national-5x3.v1"): 1,
        ("mixed", ""): 1,
    }
    assert await cells(field, CYCLES_CLOSED, YEAR, "model") == {"national-5x3.v1": 1}
    assert await cells(field, HOURS_SIGNED, YEAR, "modality") == {"in_person": 360, "remote": 270}


async def test_who_signed_all_that_was_asked_among_those_enrolled_to_the_end(
    field: Ground,
) -> None:
    # Person 1 signed six hours, person 2 four and a half; 3 withdrew and 4 waited.
    assert await cells(field, COMPLETION_RATE, YEAR, "model") == {
        "national-5x3.v1": (1, 2),
        "": (0, 1),
    }
    assert await cells(field, COMPLETION_RATE, SUMMER) == {(): (0, 0)}


async def test_who_waits_or_withdrew_fills_no_place(field: Ground) -> None:
    assert await cells(field, FILL_RATE, YEAR, "model") == {
        "national-5x3.v1": (2, 4),
        "": (1, 4),
    }


async def test_a_session_is_planned_at_its_last_date_and_a_cancelled_one_still_was(
    field: Ground,
) -> None:
    assert await cells(field, SESSIONS_HELD_RATE, YEAR) == {(): (2, 4)}
    # The last one moved from February to August, and became remote.
    assert await cells(field, SESSIONS_HELD_RATE, WINTER) == {(): (2, 3)}
    assert await cells(field, SESSIONS_HELD_RATE, SUMMER, "modality") == {"remote": (0, 1)}


async def test_the_share_of_sessions_held_remotely(field: Ground) -> None:
    assert await cells(field, REMOTE_SHARE, YEAR) == {(): (1, 2)}


async def test_a_cycle_is_animated_by_a_trained_professional_in_every_session(
    field: Ground,
) -> None:
    # The animatrice was trained between the first session and the second.
    assert await cells(field, TRAINED_ANIMATEURS, YEAR) == {(): (0, 1)}
    after = Period(date(2026, 1, 20), date(2026, 2, 20))
    assert await cells(field, TRAINED_ANIMATEURS, after, "model") == {"national-5x3.v1": (1, 1)}
    assert await cells(field, TRAINED_ANIMATEURS, SUMMER) == {(): (0, 0)}


async def test_a_relais_is_open_from_its_opening_to_its_closing_and_active_when_it_meets(
    field: Ground,
) -> None:
    assert await cells(field, RELAIS_OPEN, YEAR) == {(): 2}
    assert await cells(field, RELAIS_OPEN, SUMMER) == {(): 1}
    assert await cells(field, RELAIS_ACTIVE, YEAR) == {(): 1}


async def test_a_structure_is_a_partner_once_while_it_takes_part(field: Ground) -> None:
    assert await cells(field, PARTNERS, YEAR) == {(): 2}
    assert await cells(field, PARTNERS, YEAR, "role") == {"host": 1, "expertise": 1}
    # The club left in March; the town is still a partner of Gap.
    assert await cells(field, PARTNERS, SUMMER, "role") == {"host": 1}


@pytest.mark.parametrize("indicator", [*CYCLES, *CONDUCT, *RELAIS], ids=lambda each: str(each.name))
async def test_every_figure_of_conduct_is_recounted_from_the_facts(
    field: Ground, indicator: Indicator
) -> None:
    for period in (YEAR, WINTER, SUMMER):
        for dimensions in ((), *((each,) for each in indicator.dimensions), indicator.dimensions):
            figures = await field.engine.figure(
                field.tenant, indicator, period, dimensions=dimensions
            )
            recounted = await field.engine.recount(
                field.tenant, indicator, period, dimensions=dimensions
            )
            assert [(f.dimensions, f.value, f.denominator) for f in figures] == [
                (f.dimensions, f.value, f.denominator) for f in recounted
            ]


async def test_followed_rows_of_relais_are_those_that_the_facts_give(field: Ground) -> None:
    assert await field.faults() == []
    differences = await field.engine.differences(field.tenant)
    assert set(differences.values()) == {0}
