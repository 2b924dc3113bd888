"""Figures, their stamps, and the recount that checks them."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date

import msgspec
import pytest
from hypothesis import given, settings

from core.indicator import Period
from projections.engine import NoSuchReadModel
from projections.figures import UnknownDimension
from projections.tests.ground import Ground, ground, wipe
from projections.tests.stories import Move, moves, story
from projections.tests.walks import METRES, PACE, WALKERS_SEEN, WALKS
from tests.installation import Installation

ALWAYS = Period(date(2020, 1, 1), date(2030, 1, 1))
LONG_AGO = Period(date(2000, 1, 1), date(2001, 1, 1))


@pytest.fixture
async def field(installation: Installation) -> AsyncIterator[Ground]:
    async with ground(installation) as made:
        steps = [Move("step", 0, 7, 0, []), Move("step", 1, 8, 1, []), Move("step", 1, 6, 1, [])]
        await made.record(story(steps).history)
        await made.engine.follow(made.tenant)
        made.engine = made.engine_of(WALKS, territory_vintage="2026")
        yield made


async def test_a_figure_is_stamped_with_what_it_was_computed_from(field: Ground) -> None:
    [figure] = await field.engine.figure(field.tenant, METRES, ALWAYS)
    assert figure.value == 21
    assert msgspec.to_builtins(figure.stamp) == {
        "indicator": "walk.metres",
        "version": 3,
        "tenant": "05D",
        "position": 5,
        "territory_vintage": "2026",
    }


async def test_a_figure_is_of_what_the_read_models_hold(field: Ground) -> None:
    await field.record(story([Move("step", n, 1, 0, []) for n in (0, 1, 1, 0)]).history)
    [figure] = await field.engine.figure(field.tenant, METRES, ALWAYS)
    assert (figure.value, figure.stamp.position) == (21, 5)
    [recounted] = await field.engine.recount(field.tenant, METRES, ALWAYS)
    assert recounted.stamp.position == 6


async def test_a_figure_is_broken_down_by_the_dimensions_asked_for(field: Ground) -> None:
    figures = await field.engine.figure(field.tenant, METRES, ALWAYS, dimensions=["place"])
    assert [(figure.dimensions, figure.value) for figure in figures] == [
        ({"place": "Briançon"}, 14),
        ({"place": "Gap"}, 7),
    ]
    with pytest.raises(UnknownDimension, match="age"):
        await field.engine.figure(field.tenant, METRES, ALWAYS, dimensions=["age"])


async def test_the_three_kinds_add_up_each_in_its_way(field: Ground) -> None:
    [seen] = await field.engine.figure(field.tenant, WALKERS_SEEN, ALWAYS)
    assert seen.value == 2
    [pace] = await field.engine.figure(field.tenant, PACE, ALWAYS)
    assert (pace.value, pace.numerator, pace.denominator) == (7, 21, 3)


async def test_where_there_is_nothing_a_sum_is_nought_and_a_ratio_is_unknown(
    field: Ground,
) -> None:
    [metres] = await field.engine.figure(field.tenant, METRES, LONG_AGO)
    assert metres.value == 0
    [pace] = await field.engine.figure(field.tenant, PACE, LONG_AGO)
    assert (pace.value, pace.denominator) == (None, 0)


async def test_a_read_model_that_is_not_there_is_named(field: Ground) -> None:
    flying = msgspec.structs.replace(METRES, base="select 1 as measure from {flight.register}")
    with pytest.raises(NoSuchReadModel, match=r"flight\.register"):
        await field.engine.figure(field.tenant, flying, ALWAYS)


@settings(max_examples=15, deadline=None)
@given(told=moves())
def test_figures_agree_with_their_recount_from_the_facts(
    shared_installation: Installation, told: list[Move]
) -> None:
    async def run() -> None:
        async with ground(shared_installation) as field:
            await field.record(story(told).history)
            await field.engine.follow(field.tenant)
            for indicator in WALKS.indicators:
                for dimensions in {(), indicator.dimensions}:
                    arguments = (field.tenant, indicator, ALWAYS)
                    figures = await field.engine.figure(*arguments, dimensions=dimensions)
                    recount = await field.engine.recount(*arguments, dimensions=dimensions)
                    # A walk without a step is in the read model, and in no line of the facts.
                    assert [f for f in figures if f.value] == [f for f in recount if f.value]

    wipe(shared_installation)
    asyncio.run(run())
