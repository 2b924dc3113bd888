"""Two ids of one person: what the figures count before a merge, after it, and after an unmerge."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import pytest

from core.directory.module import MODULE as DIRECTORY
from core.domain.command import PersonRef
from core.domain.event import Subject
from core.indicator import Indicator, Period
from core.registers.people.commands import MergePersons, UnmergePersons
from core.registers.people.events import PersonRegistered
from core.session.events import AttendanceRecorded, SessionHeld, SessionPlanned
from core.session.module import MODULE as SESSIONS
from core.testing.scenario import Scenario, an_id
from plugins.ravie.cycle.events import ParticipantEnrolled, SessionsPlanned
from plugins.ravie.indicators.participants import NEW_PARTICIPANTS, REGULAR_PARTICIPANTS
from plugins.ravie.module import MODULE as RAVIE
from plugins.ravie.tests.stories import opened, person
from projections.registers.persons import PERSONS
from projections.tests.ground import Ground, ground
from tests.installation import Installation

pytestmark = pytest.mark.postgres

HOUSE = msgspec.structs.replace(
    RAVIE,
    facts=(*SESSIONS.facts, *DIRECTORY.facts, *RAVIE.facts),
    projections=(*RAVIE.projections, PERSONS),
)
"""RAVie with sessions and the register of persons, as an installation that has them all."""

Y2025 = Period(date(2025, 1, 1), date(2026, 1, 1))
Y2026 = Period(date(2026, 1, 1), date(2027, 1, 1))
KEPT, TWICE = person(1), person(2)
MERGE = MergePersons(kept=PersonRef(KEPT), merged=PersonRef(TWICE), reason="entered_twice")
UNMERGE = UnmergePersons(merged=PersonRef(TWICE), reason="two_people")


@pytest.fixture
async def field(installation: Installation) -> AsyncIterator[Ground]:
    async with ground(installation, HOUSE) as made:
        yield made


def enrolled_twice(*signings: tuple[int, datetime]) -> Scenario:
    """Two ids enrolled in one cycle, each of which signs its own session."""
    scenario = Scenario(DIRECTORY, SESSIONS, RAVIE, now=datetime(2026, 12, 31, tzinfo=UTC))
    since = datetime(2025, 1, 6, tzinfo=UTC)
    for who in (KEPT, TWICE):
        scenario.given(PersonRegistered(person=who), stream=who, occurred_at=since)
    cycle = Subject(an_id(0x31))
    enrolled = [
        ParticipantEnrolled(person=who, role="assistant_de_vie", min_minutes=900)
        for who in (KEPT, TWICE)
    ]
    scenario.given(opened(), *enrolled, stream=cycle, occurred_at=since)
    for number, (signer, at) in enumerate(signings):
        session = Subject(an_id(0x131 + number))
        ends_at = at + timedelta(hours=3)
        scenario.given(SessionsPlanned(sessions=(session,)), stream=cycle)
        scenario.given(
            SessionPlanned(module="ravie", series=cycle, starts_at=at, ends_at=ends_at),
            SessionHeld(series=cycle, started_at=at, ended_at=ends_at, modality="in_person"),
            AttendanceRecorded(
                series=cycle,
                person=person(signer),
                presence="present",
                minutes=180,
                held_on=at.date(),
                profile="assistant_de_vie",
            ),
            stream=session,
            occurred_at=at,
        )
    return scenario


async def follow(field: Ground, scenario: Scenario) -> None:
    await field.record(scenario.history)
    await field.engine.follow(field.tenant)


async def counts(field: Ground, indicator: Indicator, *periods: Period) -> list[Any]:
    """The figure of each period, once the facts alone give the same."""
    values = []
    for period in periods:
        told = [await field.engine.figure(field.tenant, indicator, period)]
        told.append(await field.engine.recount(field.tenant, indicator, period))
        [figure], [recounted] = told
        assert figure.value == recounted.value
        values.append(figure.value)
    return values


async def as_known_at(field: Ground, indicator: Indicator, position: int) -> Any:
    context = await field.engine.replay(field.tenant, position=position)
    async with context as replayed:
        [figure] = await replayed.figure(indicator, Y2025, territory_vintage="")
        return figure.value


async def test_duplicates_count_once_after_their_merge_and_twice_again_after_an_unmerge(
    field: Ground,
) -> None:
    autumn = datetime(2025, 10, 2, 12, tzinfo=UTC)
    scenario = enrolled_twice((1, autumn), (2, autumn + timedelta(weeks=1)))
    await follow(field, scenario)
    before = len(scenario.history)
    assert await counts(field, NEW_PARTICIPANTS, Y2025) == [2]
    await follow(field, scenario.when(MERGE))
    merged = len(scenario.history)
    assert await counts(field, NEW_PARTICIPANTS, Y2025) == [1]
    assert await as_known_at(field, NEW_PARTICIPANTS, before) == 2
    await follow(field, scenario.when(UNMERGE))
    assert await counts(field, NEW_PARTICIPANTS, Y2025) == [2]
    assert await as_known_at(field, NEW_PARTICIPANTS, merged) == 1
    differences = await field.engine.differences(field.tenant)
    assert set(differences.values()) == {0}


async def test_who_signs_under_the_other_id_the_year_after_is_regular_not_new(
    field: Ground,
) -> None:
    scenario = enrolled_twice(
        (2, datetime(2025, 10, 2, 12, tzinfo=UTC)), (1, datetime(2026, 3, 5, 13, tzinfo=UTC))
    )
    await follow(field, scenario)
    assert await counts(field, NEW_PARTICIPANTS, Y2025, Y2026) == [1, 1]
    assert await counts(field, REGULAR_PARTICIPANTS, Y2026) == [0]
    await follow(field, scenario.when(MERGE))
    assert await counts(field, NEW_PARTICIPANTS, Y2025, Y2026) == [1, 0]
    assert await counts(field, REGULAR_PARTICIPANTS, Y2026) == [1]


async def test_a_merge_that_is_annulled_by_an_unmerge_can_be_made_the_other_way(
    field: Ground,
) -> None:
    autumn = datetime(2025, 10, 2, 12, tzinfo=UTC)
    scenario = enrolled_twice((1, autumn), (2, autumn + timedelta(weeks=1)))
    other_way = MergePersons(kept=PersonRef(TWICE), merged=PersonRef(KEPT), reason="better_card")
    await follow(field, scenario.when(MERGE).when(UNMERGE).when(other_way))
    assert await counts(field, NEW_PARTICIPANTS, Y2025) == [1]
