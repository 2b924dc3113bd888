from collections.abc import AsyncIterator

import pytest

from core.domain.correction import AnnulFact, CorrectFact
from core.domain.event import PersonId, Subject
from core.domain.tests.walk import StepTaken, WalkBegun
from core.testing.scenario import Scenario, an_id
from projections.tests.ground import Ground, ground
from projections.tests.walks import COMPANIONS, WALKERS, WALKS
from tests.installation import Installation

WALK = Subject(an_id(5))
ADA, BEN = PersonId(an_id(1)), PersonId(an_id(2))
CAT, DOG = Subject(an_id(3)), Subject(an_id(4))


@pytest.fixture
async def field(installation: Installation) -> AsyncIterator[Ground]:
    async with ground(installation) as made:
        await made.engine.ensure_tables(made.tenant)
        yield made


def a_walk() -> Scenario:
    return Scenario(WALKS).given(
        WalkBegun(place="Gap"),
        StepTaken(walker=ADA, metres=10, together=(CAT, DOG)),
        StepTaken(walker=BEN, metres=20, together=(CAT,)),
        stream=WALK,
    )


async def test_what_was_recorded_is_in_the_read_models_once(field: Ground) -> None:
    scenario = a_walk()
    await field.record(scenario.history)
    assert await field.engine.follow(field.tenant) == 3
    assert await field.engine.follow(field.tenant) == 0
    [(metres, steps)] = await field.query("select metres, steps from {read}.walk_register")
    assert (metres, steps) == (30, 2)
    assert len(await field.dump(WALKERS)) == 2
    assert len(await field.dump(COMPANIONS)) == 3
    assert await field.engine.differences(field.tenant) == {
        "walk.register": 0,
        "walk.walkers": 0,
        "walk.companions": 0,
    }


async def test_a_correction_moves_a_fact_from_row_to_row(field: Ground) -> None:
    scenario = a_walk()
    await field.record(scenario.history)
    await field.engine.follow(field.tenant)
    step = Subject(scenario.history[1].id)
    scenario.when(
        CorrectFact(
            stream=WALK,
            fact=step,
            reason="typing",
            replacement={"walker": ADA, "metres": 40, "together": [DOG]},
        )
    )
    await field.record(scenario.history)
    await field.engine.follow(field.tenant)
    rows = await field.query(
        "select walker, companion, times from {read}.walk_companions order by 1, 2"
    )
    assert rows == [(ADA, DOG, 1), (BEN, CAT, 1)]
    scenario.when(AnnulFact(stream=WALK, fact=Subject(scenario.history[3].id), reason="typing"))
    await field.record(scenario.history)
    await field.engine.follow(field.tenant)
    [(metres,)] = await field.query("select metres from {read}.walk_register")
    assert metres == 30
    assert await field.engine.differences(field.tenant) == {
        "walk.register": 0,
        "walk.walkers": 0,
        "walk.companions": 0,
    }
