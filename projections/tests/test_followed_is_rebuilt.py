"""Whatever happened, and wherever the follower was stopped, a row is the fold of what stands."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import cycle
from typing import Any

import msgspec
import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from psycopg import sql

from core.domain.event import Recorded, encode_fact
from core.domain.tests.walk import StepTaken
from core.module import Module
from core.testing.scenario import Scenario
from projections.columns import canonical
from projections.follower import follow_batch
from projections.tables import Table, load
from projections.tests.ground import Ground, ground, wipe
from projections.tests.stories import Move, moves, story
from projections.tests.walks import AGREED, COMPANIONS, POISON, REGISTER, WALKS
from tests.installation import Installation

ALONE = msgspec.structs.replace(WALKS, projections=(COMPANIONS,))
"""Alone, a row is folded again from what the index says of it, not of its neighbours."""


@contextmanager
def unreliable(installation: Installation, tables: Sequence[str]) -> Iterator[None]:
    """Meanwhile, some of the statements that write these tables fail."""
    read = sql.Identifier(installation.tenant().read_schema)
    identifiers = [sql.SQL("{}.{}").format(read, sql.Identifier(table)) for table in tables]
    with psycopg.connect(installation.conninfo("admin"), autocommit=True) as admin:
        admin.execute(
            """create or replace function public.fail_at_times() returns trigger
               language plpgsql as $$
               begin if random() < 0.2 then raise 'panne'; end if; return null; end $$"""
        )
        for table in identifiers:
            admin.execute(
                sql.SQL(
                    """create trigger unreliable before insert or update or delete on {}
                       for each statement execute function public.fail_at_times()"""
                ).format(table)
            )
        yield
        for table in identifiers:
            admin.execute(sql.SQL("drop trigger unreliable on {}").format(table))


async def follow_through_failures(field: Ground, module: Module, sizes: Sequence[int]) -> None:
    """Follows in batches of these sizes, again after each failure."""
    for size in cycle(sizes):
        try:
            done = await follow_batch(
                field.project, field.tenant, field.store.registry, module.projections, batch=size
            )
        except psycopg.errors.RaiseException:
            continue
        if not done:
            return


async def assert_rows_are(field: Ground, module: Module, scenario: Scenario) -> None:
    for projection in module.projections:
        expected = {key: canonical(row) for key, row in scenario.rows(projection).items()}
        table = Table.live(projection, field.tenant.read_schema)
        async with field.project.projecting(field.tenant) as connection:
            assert await load(connection, table, expected.keys()) == expected
        assert len(await field.dump(projection)) == len(expected)


@settings(max_examples=40, deadline=None)
@given(
    told=moves(),
    pauses=st.lists(st.integers(1, 25), max_size=3),
    sizes=st.lists(st.integers(1, 6), min_size=1, max_size=4),
    module=st.sampled_from([WALKS, ALONE]),
)
def test_followed_rebuilt_and_folded_by_hand_are_the_same(
    shared_installation: Installation,
    told: list[Move],
    pauses: list[int],
    sizes: list[int],
    module: Module,
) -> None:
    async def run() -> None:
        async with ground(shared_installation, module) as field:
            await field.engine.ensure_tables(field.tenant)
            scenario = story(told)
            with unreliable(shared_installation, ["followed", "subjects", "walk_companions"]):
                # The follower catches up now and then, so that corrections find their targets both
                # in their own batch and long folded.
                for pause in sorted(pauses):
                    await field.record(scenario.history[:pause])
                    await follow_through_failures(field, module, sizes)
                await field.record(scenario.history)
                await follow_through_failures(field, module, sizes)
            await assert_rows_are(field, module, scenario)
            assert not any((await field.engine.differences(field.tenant)).values())
            followed = await field.dumps(module)
            index = await field.query("select * from {read}.subjects order by 1, 2")
            await field.engine.rebuild(field.tenant)
            assert await field.dumps(module) == followed
            assert await field.query("select * from {read}.subjects order by 1, 2") == index
            assert await field.faults() == []

    wipe(shared_installation)
    asyncio.run(run())


FORGOTTEN = 444
"""Metres of a step that was recorded under a name that nobody knows any more."""


async def record(field: Ground, history: Sequence[Recorded[Any]]) -> None:
    for fact in history[field.recorded :]:
        if isinstance(fact.fact, StepTaken) and fact.fact.metres == FORGOTTEN:
            await field.append(fact, "walk.step_taken.v0", encode_fact(fact.fact))
        else:
            await field.record(history[: fact.position])


@settings(max_examples=30, deadline=None)
@given(
    told=moves(POISON, FORGOTTEN),
    pause=st.integers(0, 25),
    size=st.integers(1, 6),
    module=st.sampled_from([WALKS, ALONE]),
)
def test_rows_stop_at_the_same_facts_however_they_are_made(
    shared_installation: Installation, told: list[Move], pause: int, size: int, module: Module
) -> None:
    async def run() -> None:
        async with ground(shared_installation, module) as field:
            await field.engine.ensure_tables(field.tenant)
            history = story(told).history
            for part in (history[:pause], history):
                await record(field, part)
                await field.engine.follow(field.tenant, batch=size)
            assert not any((await field.engine.differences(field.tenant)).values())
            followed = await field.dumps(module)
            stopped = await field.faults()
            await field.engine.rebuild(field.tenant, strict=False)
            assert await field.dumps(module) == followed
            assert await field.faults() == stopped
            assert await field.engine.retry_faults(field.tenant) == len(stopped)
            assert await field.faults() == stopped
            assert await field.dumps(module) == followed

    wipe(shared_installation)
    asyncio.run(run())


def broken(row: Any, recorded: Recorded[Any]) -> Any:
    """A fold that looks at something else than its row and its fact."""
    after = REGISTER.fold(row, recorded)
    return after and msgspec.structs.replace(after, steps=after.steps + recorded.position % 2)


@pytest.mark.parametrize("kind", ["fold", "table"])
async def test_a_difference_is_found(installation: Installation, kind: str) -> None:
    scenario = story([Move("step", 0, 7, 0, []), Move("step", 0, 8, 0, [])])
    async with ground(installation) as field:
        await field.record(scenario.history)
        await field.engine.ensure_tables(field.tenant)
        assert await field.engine.differences(field.tenant) == AGREED
        engine = field.engine
        if kind == "fold":
            others = [each for each in WALKS.projections if each is not REGISTER]
            registers = (msgspec.structs.replace(REGISTER, fold=broken), *others)
            module: Module = msgspec.structs.replace(WALKS, projections=registers)
            engine = field.engine_of(module)
        else:
            await field.query("update {read}.walk_register set metres = metres + 1 returning 1")
        # Two walks, of which one has steps; the other one is touched by the update only.
        assert (await engine.differences(field.tenant))["walk.register"] in {2, 4}
