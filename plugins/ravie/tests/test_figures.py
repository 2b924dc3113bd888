"""
The figures over read models, against the same recounted from the facts.

Two years of a small territory: a cycle of autumn 2025, its follow-up in spring 2026 with regulars
and newcomers, a project cycle that counts nowhere, a mistake corrected and another annulled.
"""

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import pytest

from core.directory.module import MODULE as DIRECTORY
from core.domain.correction import AnnulFact, CorrectFact
from core.domain.event import Recorded, Subject
from core.evaluation.module import MODULE as EVALUATIONS
from core.indicator import Figure, Indicator, Period
from core.session.events import AttendanceRecorded, SessionHeld, SessionPlanned
from core.session.module import MODULE as SESSIONS
from core.testing.scenario import Scenario, an_id
from plugins.ravie.cycle.events import (
    CycleClosed,
    CycleInterrupted,
    ParticipantEnrolled,
    SessionsPlanned,
)
from plugins.ravie.indicators import INDICATORS
from plugins.ravie.indicators.cycles import CYCLES_CLOSED, CYCLES_OPENED, HOURS_SIGNED
from plugins.ravie.indicators.participants import NEW_PARTICIPANTS, REGULAR_PARTICIPANTS
from plugins.ravie.module import MODULE as RAVIE
from plugins.ravie.tests.stories import PRODUCTION, a_story, opened, person
from projections.registers.persons import PERSONS
from projections.tests.ground import Ground, ground
from tests.installation import Installation

pytestmark = pytest.mark.postgres

HOUSE = msgspec.structs.replace(
    RAVIE,
    facts=(*SESSIONS.facts, *EVALUATIONS.facts, *DIRECTORY.facts, *RAVIE.facts),
    projections=(*RAVIE.projections, PERSONS),
)
"""RAVie with all it stands on, as an installation that has them all."""

AUTUMN, SPRING, PROJECT = Subject(an_id(0x21)), Subject(an_id(0x22)), Subject(an_id(0x23))
Y2025 = Period(date(2025, 1, 1), date(2026, 1, 1))
Y2026 = Period(date(2026, 1, 1), date(2027, 1, 1))


@pytest.fixture
async def field(installation: Installation) -> AsyncIterator[Ground]:
    async with ground(installation, HOUSE) as made:
        scenario = two_years()
        await made.record(scenario.history)
        # In small batches, and the corrections later: rows are taken up again and refolded.
        await made.engine.follow(made.tenant, batch=7)
        mend(scenario)
        await made.record(scenario.history)
        await made.engine.follow(made.tenant)
        yield made


def two_years() -> Scenario:
    scenario = a_story()
    # Opened on 31 December at 23:30 UTC: already 2026 in Paris.
    _open(scenario, AUTUMN, datetime(2025, 9, 1, tzinfo=UTC), theme="fin_de_vie")
    _open(scenario, SPRING, datetime(2025, 12, 31, 23, 30, tzinfo=UTC), theme="alzheimer")
    _open(scenario, PROJECT, datetime(2025, 9, 1, tzinfo=UTC), theme="lieu", kind="project")
    _hold(scenario, AUTUMN, datetime(2025, 10, 2, 12, tzinfo=UTC), {1: 180, 2: 180, 3: 0})
    _hold(scenario, AUTUMN, datetime(2025, 10, 9, 12, tzinfo=UTC), {1: 180, 2: 90}, "remote")
    _hold(scenario, SPRING, datetime(2026, 3, 5, 13, tzinfo=UTC), {1: 180, 3: 60, 4: 180})
    _hold(scenario, PROJECT, datetime(2025, 10, 3, 12, tzinfo=UTC), {1: 180, 9: 180})
    over = datetime(2025, 11, 1, tzinfo=UTC)
    scenario.given(PRODUCTION, CycleClosed(), stream=AUTUMN, occurred_at=over)
    scenario.given(PRODUCTION, CycleClosed(), stream=PROJECT, occurred_at=over)
    scenario.given(
        CycleInterrupted(reason="group_too_small"),
        stream=SPRING,
        occurred_at=datetime(2026, 4, 1, tzinfo=UTC),
    )
    return scenario


def mend(scenario: Scenario) -> None:
    """Person 2 left at 16:00, not at 15:30; person 4 was never there."""
    signed = [r for r in scenario.history if isinstance(r.fact, AttendanceRecorded)]
    late = _line(signed, 2, 90)
    replacement = {**msgspec.to_builtins(late.fact), "minutes": 120}
    scenario.when(
        CorrectFact(
            stream=Subject(late.stream),
            fact=Subject(late.id),
            replacement=replacement,
            reason="typing_error",
        )
    )
    absent = _line(signed, 4, 180)
    scenario.when(
        AnnulFact(stream=Subject(absent.stream), fact=Subject(absent.id), reason="wrong_line")
    )


def _line(signed: Sequence[Recorded[Any]], who: int, minutes: int) -> Recorded[Any]:
    return next(r for r in signed if r.fact.person == person(who) and r.fact.minutes == minutes)


def _open(scenario: Scenario, cycle: Subject, at: datetime, **changes: Any) -> None:
    roles = {1: "assistant_de_vie", 2: "proche_aidant", 3: "assistant_de_vie", 4: "proche_aidant"}
    enrolled = [
        ParticipantEnrolled(person=person(who), role=role, min_minutes=900)  # type: ignore[arg-type]
        for who, role in {**roles, 9: "assistant_de_vie"}.items()
    ]
    scenario.given(opened(**changes), *enrolled, stream=cycle, occurred_at=at)


def _hold(
    scenario: Scenario,
    cycle: Subject,
    starts_at: datetime,
    minutes: dict[int, int],
    modality: Any = "in_person",
) -> None:
    """One session of three hours, and what each person signed of it."""
    session = Subject(an_id(0x100 + len(scenario.history)))
    ends_at = starts_at + timedelta(hours=3)
    scenario.given(SessionsPlanned(sessions=(session,)), stream=cycle)
    planned = SessionPlanned(module="ravie", series=cycle, starts_at=starts_at, ends_at=ends_at)
    held = SessionHeld(series=cycle, started_at=starts_at, ended_at=ends_at, modality=modality)
    lines = [
        AttendanceRecorded(
            series=cycle,
            person=person(who),
            presence="present" if signed else "absent",
            minutes=signed,
            held_on=starts_at.date(),
            profile="proche_aidant" if who in (2, 4) else "assistant_de_vie",
        )
        for who, signed in minutes.items()
    ]
    scenario.given(planned, held, *lines, stream=session, occurred_at=starts_at)


async def value(field: Ground, indicator: Indicator, period: Period) -> int | float | None:
    [figure] = await field.engine.figure(field.tenant, indicator, period)
    return figure.value


async def cells(
    field: Ground, indicator: Indicator, period: Period, *dimensions: str
) -> dict[tuple[str, ...], int | float | None]:
    figures = await field.engine.figure(field.tenant, indicator, period, dimensions=dimensions)
    return {tuple(figure.dimensions.values()): figure.value for figure in figures}


async def test_cycles_count_in_the_year_in_paris_they_were_opened_and_closed(
    field: Ground,
) -> None:
    assert await cells(field, CYCLES_OPENED, Y2025, "theme") == {("fin_de_vie",): 1}
    assert await cells(field, CYCLES_OPENED, Y2026, "theme") == {("alzheimer",): 1}
    assert await value(field, CYCLES_CLOSED, Y2025) == 1
    assert await value(field, CYCLES_CLOSED, Y2026) == 0


async def test_hours_count_on_the_day_of_the_session_as_they_stand(field: Ground) -> None:
    assert await value(field, HOURS_SIGNED, Y2025) == 180 + 180 + 180 + 120
    assert await value(field, HOURS_SIGNED, Y2026) == 180 + 60
    assert await cells(field, HOURS_SIGNED, Y2025, "theme", "modality") == {
        ("fin_de_vie", "in_person"): 360,
        ("fin_de_vie", "remote"): 300,
    }


async def test_a_person_is_new_once_and_regular_after(field: Ground) -> None:
    # Person 3 was absent in 2025: 2026 is their first signature. Person 4 never signed.
    assert await cells(field, NEW_PARTICIPANTS, Y2025, "role") == {
        ("assistant_de_vie",): 1,
        ("proche_aidant",): 1,
    }
    assert await value(field, REGULAR_PARTICIPANTS, Y2025) == 0
    assert await value(field, NEW_PARTICIPANTS, Y2026) == 1
    assert await value(field, REGULAR_PARTICIPANTS, Y2026) == 1


@pytest.mark.parametrize("indicator", INDICATORS, ids=lambda each: each.name)
async def test_every_figure_is_recounted_from_the_facts(
    field: Ground, indicator: Indicator
) -> None:
    october = Period(date(2025, 10, 1), date(2025, 10, 9))
    for period in (Y2025, Y2026, october):
        for dimensions in ((), *((each,) for each in indicator.dimensions), indicator.dimensions):
            figures = await field.engine.figure(
                field.tenant, indicator, period, dimensions=dimensions
            )
            recounted = await field.engine.recount(
                field.tenant, indicator, period, dimensions=dimensions
            )
            assert _values(figures) == _values(recounted)


def _values(figures: Sequence[Figure]) -> list[tuple[dict[str, str], int | float | None]]:
    return [(figure.dimensions, figure.value) for figure in figures]


async def test_followed_rows_are_those_that_the_facts_give(field: Ground) -> None:
    assert await field.faults() == []
    differences = await field.engine.differences(field.tenant)
    assert differences == {projection.name: 0 for projection in HOUSE.projections}
