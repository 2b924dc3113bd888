"""The auditor's replay gives what the read models held, and leaves nothing behind."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.domain.event import PersonId, Subject
from core.domain.tests.walk import StepTaken
from core.indicator import Period
from core.testing.scenario import NOON, Scenario, an_id
from projections.folding import PoisonFact
from projections.follower import follow_batch
from projections.tests.ground import Ground, ground, wipe
from projections.tests.stories import STREAMS, Move, moves, story
from projections.tests.walks import METRES, POISON, REGISTER, WALKERS, WALKS
from tests.installation import Installation

ALWAYS = Period(date(2020, 1, 1), date(2030, 1, 1))


@pytest.fixture
async def field(installation: Installation) -> AsyncIterator[Ground]:
    async with ground(installation) as made:
        await made.engine.ensure_tables(made.tenant)
        yield made


@settings(max_examples=15, deadline=None)
@given(told=moves(), size=st.integers(1, 5))
def test_a_replay_to_a_position_is_what_was_followed_then(
    shared_installation: Installation, told: list[Move], size: int
) -> None:
    async def run() -> None:
        async with ground(shared_installation) as field:
            await field.engine.ensure_tables(field.tenant)
            await field.record(story(told).history)
            arguments = (field.project, field.tenant, field.store.registry, WALKS.projections)
            position, then = 0, {0: await field.dumps()}
            while done := await follow_batch(*arguments, batch=size):
                position += done
                then[position] = await field.dumps()
            for position, dumps in then.items():
                async with await field.engine.replay(field.tenant, position=position) as replayed:
                    assert replayed.position == position
                    for projection in WALKS.projections:
                        assert await replayed.dump(projection) == dumps[projection.name]

    wipe(shared_installation)
    asyncio.run(run())


def three_days() -> Scenario:
    """Three steps told on three days, the last of which happened on the first."""
    scenario = story([])
    for day, (metres, happened) in enumerate([(1, 0), (10, 1), (100, 0)]):
        scenario.now = NOON + timedelta(days=day)
        step = StepTaken(walker=PersonId(an_id(1)), metres=metres)
        when = NOON + timedelta(days=happened)
        scenario.given(step, stream=STREAMS[0], occurred_at=when)
    return scenario


async def metres(field: Ground, **until: object) -> int | float | None:
    async with await field.engine.replay(field.tenant, **until) as replayed:  # type: ignore[arg-type]
        [figure] = await replayed.figure(METRES, ALWAYS, territory_vintage="2026")
        assert figure.stamp.position == replayed.position
        return figure.value


async def test_what_was_known_and_what_had_happened_are_asked_apart(field: Ground) -> None:
    await field.record(three_days().history)
    assert await metres(field) == 111
    assert await metres(field, known_at=NOON) == 1
    assert await metres(field, known_at=NOON + timedelta(days=1)) == 11
    assert await metres(field, as_of=NOON) == 101
    assert await metres(field, known_at=NOON + timedelta(days=1), as_of=NOON) == 1
    assert await metres(field, known_at=NOON - timedelta(days=1)) == 0
    assert await metres(field, position=4, as_of=NOON) == 1


async def test_a_replay_gives_rows_and_leaves_nothing_behind(field: Ground) -> None:
    await field.record(three_days().history)
    tables = "select count(*) from pg_class where relkind = 'r'"
    before = await field.query(tables)
    async with await field.engine.replay(field.tenant, ["walk.walkers"]) as replayed:
        key = (STREAMS[0], an_id(1))
        [row] = (await replayed.rows(WALKERS, [key])).values()
        assert len(row.legs) == 3
    assert await field.query(tables) == before
    assert await field.dump(REGISTER) == []
    with pytest.raises(ZeroDivisionError):
        async with await field.engine.replay(field.tenant):
            raise ZeroDivisionError
    assert await field.query(tables) == before


async def test_a_replay_refuses_a_poison_fact_unless_told_otherwise(field: Ground) -> None:
    scenario = three_days()
    poison = StepTaken(walker=PersonId(an_id(1)), metres=POISON)
    scenario.given(poison, stream=Subject(STREAMS[0]))
    await field.record(scenario.history)
    with pytest.raises(PoisonFact):
        await metres(field)
    async with await field.engine.replay(field.tenant, strict=False) as replayed:
        assert [fault.position for fault in replayed.faults] == [6]
