import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import msgspec
import pytest

from core.domain.command import Command
from core.domain.correction import AnnulFact, CorrectFact
from core.domain.event import PersonId, Recorded, Subject
from core.domain.tests.walk import StepTaken, WalkBegun
from core.projection import Projection
from core.testing.scenario import Scenario, an_id
from projections.checkpoints import try_lock
from projections.scope import Scope
from projections.tests.ground import Ground, ground, wipe
from projections.tests.walks import (
    AGREED,
    COMPANIONS,
    REGISTER,
    WALKERS,
    WALKS,
    Register,
    register,
)
from tests.installation import Installation

WALK = Subject(an_id(5))
ADA, BEN = PersonId(an_id(1)), PersonId(an_id(2))
CAT, DOG, EVE = (Subject(an_id(0x20 + n)) for n in range(3))


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
    assert await field.engine.differences(field.tenant) == AGREED


def correct(fact: int, metres: int, *together: Subject) -> Callable[[Scenario], CorrectFact]:
    """The correction of the n-th fact of a scenario, told when it comes to it."""
    return lambda scenario: CorrectFact(
        stream=WALK,
        fact=Subject(scenario.history[fact].id),
        reason="typing_error",
        replacement={"walker": ADA, "metres": metres, "together": list(together)},
    )


def annul(fact: int) -> Callable[[Scenario], AnnulFact]:
    return lambda scenario: AnnulFact(
        stream=WALK, fact=Subject(scenario.history[fact].id), reason="typing_error"
    )


# Alone, a read model is folded again from what the index says of its own rows and no others'.
@pytest.mark.parametrize("projections", [WALKS.projections, (COMPANIONS,)])
@pytest.mark.parametrize("batch", [1, 2, 100])
@pytest.mark.parametrize(
    ("commands", "pairs"),
    [
        ([correct(1, 10, DOG)], {(ADA, DOG): 1, (BEN, CAT): 1}),
        ([correct(1, 10, EVE)], {(ADA, EVE): 1, (BEN, CAT): 1}),
        ([correct(1, 10, EVE), correct(1, 11, EVE)], {(ADA, EVE): 1, (BEN, CAT): 1}),
        ([correct(1, 10, EVE), correct(1, 10, DOG)], {(ADA, DOG): 1, (BEN, CAT): 1}),
        # Two facts come to the row of Eve, and one of them leaves it.
        (
            [correct(1, 10, EVE), correct(3, 30, EVE), correct(1, 10, CAT)],
            {(ADA, CAT): 1, (ADA, EVE): 1, (BEN, CAT): 1},
        ),
        (
            [correct(1, 10, EVE), correct(3, 30, EVE), annul(1)],
            {(ADA, EVE): 1, (BEN, CAT): 1},
        ),
        # The correction itself is annulled: what it corrected stands again.
        (
            [correct(1, 10, EVE), correct(3, 30, EVE), annul(4)],
            {(ADA, CAT): 1, (ADA, DOG): 1, (ADA, EVE): 1, (BEN, CAT): 1},
        ),
    ],
)
async def test_a_correction_moves_a_fact_from_row_to_row(
    shared_installation: Installation,
    commands: list[Callable[[Scenario], Command]],
    pairs: dict[tuple[str, str], int],
    batch: int,
    projections: tuple[Projection[Any], ...],
) -> None:
    wipe(shared_installation)
    module = msgspec.structs.replace(WALKS, projections=projections)
    async with ground(shared_installation, module) as field:
        await field.engine.ensure_tables(field.tenant)
        scenario = a_walk().given(StepTaken(walker=ADA, metres=30), stream=WALK)
        await field.record(scenario.history)
        await field.engine.follow(field.tenant)
        for command in commands:
            scenario.when(command(scenario))
        await field.record(scenario.history)
        await field.engine.follow(field.tenant, batch=batch)
        rows = await field.query("select walker, companion, times from {read}.walk_companions")
        assert {(walker, companion): times for walker, companion, times in rows} == pairs
        assert not any((await field.engine.differences(field.tenant)).values())


async def test_a_second_follower_steps_aside(field: Ground) -> None:
    scenario = a_walk()
    await field.record(scenario.history)
    async with field.project.projecting(field.tenant) as connection:
        scope = Scope.live(connection, field.tenant, field.store.registry)
        assert await try_lock(scope, "follow")
        assert await field.engine.follow(field.tenant) == 0
    counts = await asyncio.gather(*(field.engine.follow(field.tenant, batch=1) for _ in range(3)))
    assert sum(counts) == 3
    assert await field.engine.differences(field.tenant) == AGREED


async def test_a_read_model_of_a_newer_release_is_built_and_left_alone_by_the_older(
    field: Ground,
) -> None:
    newer = msgspec.structs.replace(
        WALKS,
        projections=(
            msgspec.structs.replace(REGISTER, version=2, fold=twice),
            WALKERS,
            COMPANIONS,
        ),
    )
    scenario = a_walk()
    await field.record(scenario.history)
    await field.engine.follow(field.tenant)
    assert await field.engine_of(newer).ensure_tables(field.tenant) == ["walk.register"]
    scenario.given(StepTaken(walker=BEN, metres=1), stream=WALK)
    await field.record(scenario.history)
    assert await field.engine.follow(field.tenant) == 1
    assert await field.query("select metres from {read}.walk_register") == [(60,)]
    await field.engine_of(newer).follow(field.tenant)
    assert await field.query("select metres from {read}.walk_register") == [(62,)]


def twice(row: Register | None, recorded: Recorded[Any]) -> Register | None:
    after = register(row, recorded)
    if row is None or after is None:
        return after
    return msgspec.structs.replace(after, metres=2 * after.metres - row.metres)


async def test_a_module_enabled_late_has_its_whole_history(field: Ground) -> None:
    before = msgspec.structs.replace(WALKS, projections=(REGISTER,))
    scenario = a_walk()
    await field.record(scenario.history)
    await field.engine_of(before).follow(field.tenant)
    # Disabled meanwhile, the other two lag; enabled again they catch up, then all go together.
    scenario.given(StepTaken(walker=BEN, metres=1, together=(CAT,)), stream=WALK)
    scenario.when(correct(1, 5, EVE)(scenario))
    await field.record(scenario.history)
    await field.engine_of(before).follow(field.tenant)
    scenario.given(StepTaken(walker=BEN, metres=2), stream=WALK)
    await field.record(scenario.history)
    lag = await field.engine.lag(field.tenant)
    assert (lag.head, lag.positions, lag.behind["walk.walkers"]) == (6, 6, 6)
    assert await field.engine.follow(field.tenant, batch=2) == 6
    assert set((await field.engine.lag(field.tenant)).behind.values()) == {0}
    assert await field.engine.differences(field.tenant) == AGREED
