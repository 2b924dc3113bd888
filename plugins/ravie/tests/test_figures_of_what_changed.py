"""
Evaluations, answers to waves and departures counted over read models, and again from the facts.

A cycle of spring 2026 that is closed, a project cycle that counts nowhere, mistakes annulled.
"""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from typing import Any

import pytest

from core.domain.event import Subject
from core.indicator import Indicator, Period
from core.testing.scenario import Scenario, an_id
from plugins.ravie.cycle.events import CycleClosed
from plugins.ravie.departure import commands as d
from plugins.ravie.effects.commands import AnnulEvaluation, CorrectEvaluation, RecordEffects
from plugins.ravie.follow_up import commands as f
from plugins.ravie.indicators.departures import (
    DEPARTURES,
    DEPARTURES_TO_TRAINING,
    TRAININGS_COMPLETED,
)
from plugins.ravie.indicators.effects import (
    EFFECTS,
    FOLLOW_UP_RESPONSES,
    MEASURED_BEFORE_AND_AFTER,
)
from plugins.ravie.tests.stories import (
    CYCLE_ID,
    OTHER_CYCLE,
    PRODUCTION,
    a_story,
    enrolled,
    held,
    opened,
    person,
    planned,
    session,
    sign,
)
from plugins.ravie.tests.test_figures import HOUSE
from projections.tests.ground import Ground, ground
from tests.installation import Installation

pytestmark = pytest.mark.postgres

Y2025 = Period(date(2025, 1, 1), date(2026, 1, 1))
Y2026 = Period(date(2026, 1, 1), date(2027, 1, 1))
Y2027 = Period(date(2027, 1, 1), date(2028, 1, 1))
WAVE = Subject(an_id(0x77))
# The turn of the year in Paris, while it is still 2026 elsewhere.
NEW_YEAR = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)


@pytest.fixture
async def field(installation: Installation) -> AsyncIterator[Ground]:
    async with ground(installation, HOUSE) as made:
        told = one_year()
        await made.record(told.history)
        # In small batches, and the corrections later: rows are taken up again and refolded.
        await made.engine.follow(made.tenant, batch=7)
        mend(told)
        await made.record(told.history)
        await made.engine.follow(made.tenant)
        yield made


def one_year() -> Scenario:
    told = a_story(**{"ravie.effects_version": 1})
    told.now = NEW_YEAR
    spring = datetime(2026, 2, 1, tzinfo=UTC)
    seats = [enrolled(who) for who in (1, 2, 3, 4)]
    told.given(opened(), *seats, stream=CYCLE_ID, occurred_at=spring)
    told.given(planned(1), held(1), stream=session(1), occurred_at=spring)
    for who in (1, 2, 3):
        told.when(sign(1, who))
    project = opened(kind="project")
    told.given(project, enrolled(1), stream=OTHER_CYCLE, occurred_at=spring)
    for who, moment in ((1, "before"), (1, "after"), (2, "before"), (3, "after"), (4, "before")):
        _measure(told, CYCLE_ID, who, moment)
    for moment in ("before", "after"):
        _measure(told, OTHER_CYCLE, 1, moment)
    for cycle in (CYCLE_ID, OTHER_CYCLE):
        told.given(PRODUCTION, CycleClosed(), stream=cycle, occurred_at=spring)
    _depart(told, 0x51, 1, cycle=CYCLE_ID)
    _depart(told, 0x52, 2)
    _depart(told, 0x53, 1, cycle=OTHER_CYCLE)
    advice = d.AdviseTraining(
        departure=Subject(an_id(0x54)), person=person(3), training="adcf", occurred_at=spring
    )
    told.when(advice)
    _wave(told, spring)
    return told


def _measure(told: Scenario, cycle: Subject, who: int, moment: Any) -> None:
    told.when(
        RecordEffects(cycle=cycle, person=person(who), moment=moment, answers={"bien_etre_1": 3})
    )
    assert told.written


def _depart(told: Scenario, number: int, who: int, cycle: Subject | None = None) -> None:
    departure = Subject(an_id(number))
    at = datetime(2026, 4, 1, tzinfo=UTC)
    command = d.RecordDeparture(
        departure=departure, person=person(who), training="adcf", cycle=cycle, occurred_at=at
    )
    told.when(command).when(d.StartTraining(departure=departure, occurred_at=at))
    told.when(d.CompleteTraining(departure=departure))
    assert told.written


def _wave(told: Scenario, at: datetime) -> None:
    """Four are asked, one of them on New Year's day in Paris; two answer, one declines."""
    due = date(2027, 3, 1)
    told.when(f.OpenWave(wave=WAVE, cycles=(CYCLE_ID,), months=6, due_on=due, occurred_at=at))
    first = tuple(person(who) for who in (1, 2, 3))
    told.when(f.AskPeople(wave=WAVE, people=first, occurred_at=at))
    told.when(f.AskPeople(wave=WAVE, people=(person(4),)))
    for who in (1, 2):
        told.when(f.RecordWaveAnswer(wave=WAVE, person=person(who), answers={"rester": 4}))
    told.when(f.RecordNoAnswer(wave=WAVE, person=person(3), reason="declined"))
    assert told.written


def mend(told: Scenario) -> None:
    """An answer to the wave was someone else's, another was mistyped, one was given after all."""
    answers = [r for r in told.history if r.fact.stored_name == "evaluation.recorded.v1"]
    last, before = Subject(answers[-1].stream), Subject(answers[0].stream)
    told.when(AnnulEvaluation(evaluation=last, reason="autre_personne"))
    told.when(CorrectEvaluation(evaluation=before, answers={"bien_etre_1": 5}, reason="saisie"))
    _measure(told, CYCLE_ID, 2, "after")
    after_of_three = Subject(answers[3].stream)
    told.when(AnnulEvaluation(evaluation=after_of_three, reason="autre_personne"))


async def parts(field: Ground, indicator: Indicator, period: Period) -> tuple[Any, Any]:
    [figure] = await field.engine.figure(field.tenant, indicator, period)
    return figure.numerator, figure.denominator


async def value(field: Ground, indicator: Indicator, period: Period) -> Any:
    [figure] = await field.engine.figure(field.tenant, indicator, period)
    return figure.value


async def test_who_answered_before_and_after_over_those_who_signed(field: Ground) -> None:
    # Person 4 answered and never signed: in neither. Person 3's only answer was annulled.
    assert await parts(field, MEASURED_BEFORE_AND_AFTER, Y2026) == (2, 3)
    assert await parts(field, MEASURED_BEFORE_AND_AFTER, Y2025) == (0, 0)


async def test_answers_to_waves_over_those_asked_in_the_period(field: Ground) -> None:
    assert await parts(field, FOLLOW_UP_RESPONSES, Y2026) == (1, 3)
    assert await parts(field, FOLLOW_UP_RESPONSES, Y2027) == (0, 1)


async def test_departures_count_when_enrolled_and_not_when_advised(field: Ground) -> None:
    figures = await field.engine.figure(
        field.tenant, DEPARTURES_TO_TRAINING, Y2026, dimensions=("training", "origin")
    )
    assert {tuple(each.dimensions.values()): each.value for each in figures} == {
        ("adcf", "cycle"): 1,
        ("adcf", "outside"): 1,
    }
    assert await value(field, TRAININGS_COMPLETED, Y2026) == 0
    assert await value(field, TRAININGS_COMPLETED, Y2027) == 2


@pytest.mark.parametrize("indicator", [*EFFECTS, *DEPARTURES], ids=lambda each: each.name)
async def test_each_is_recounted_from_the_facts(field: Ground, indicator: Indicator) -> None:
    for period in (Y2025, Y2026, Y2027):
        for dimensions in ((), *((each,) for each in indicator.dimensions), indicator.dimensions):
            figures = await field.engine.figure(
                field.tenant, indicator, period, dimensions=dimensions
            )
            recounted = await field.engine.recount(
                field.tenant, indicator, period, dimensions=dimensions
            )
            assert [_told(each) for each in figures] == [_told(each) for each in recounted]


def _told(figure: Any) -> tuple[Any, ...]:
    return figure.dimensions, figure.value, figure.numerator, figure.denominator


async def test_followed_rows_are_those_that_the_facts_give(field: Ground) -> None:
    assert await field.faults() == []
    differences = await field.engine.differences(field.tenant)
    assert differences == {projection.name: 0 for projection in HOUSE.projections}
