"""Read models made again while they are read and followed."""

import asyncio
from collections.abc import AsyncIterator

import msgspec
import psycopg
import pytest
from psycopg import sql

from core.domain.event import PersonId, Subject
from core.domain.tests.walk import StepTaken, WalkBegun
from core.event_store import reader
from core.testing.scenario import an_id
from projections import rebuild, swap
from projections.advance import advance
from projections.checkpoints import lock, write_checkpoints
from projections.scope import Scope
from projections.swap import SwapBlocked
from projections.tests.ground import Ground, ground
from projections.tests.stories import Move, story
from projections.tests.walks import AGREED, COMPANIONS, REGISTER, WALKERS, WALKS
from tests.installation import Installation

MOVES = [Move("step", n, 1 + n, n % 3, [n % 2, 2]) for n in range(20)]


@pytest.fixture
async def field(installation: Installation) -> AsyncIterator[Ground]:
    async with ground(installation) as made:
        await made.engine.ensure_tables(made.tenant)
        await made.record(story(MOVES).history)
        await made.engine.follow(made.tenant)
        yield made


async def test_readers_read_all_along_and_always_see_every_row(
    field: Ground, installation: Installation
) -> None:
    done = asyncio.Event()
    seen: list[int] = []

    async def read() -> None:
        async with installation.database("serve") as database:
            while not done.is_set():
                async with database.serving(field.tenant) as connection:
                    cursor = await connection.execute(
                        sql.SQL("select count(*) from {}").format(
                            sql.Identifier(field.tenant.read_schema, WALKERS.table)
                        )
                    )
                    seen.append(((await cursor.fetchone()) or (0,))[0])

    async def rebuild_again() -> None:
        for _ in range(5):
            await field.engine.rebuild(field.tenant)
        done.set()

    before = await field.dump(WALKERS)
    await asyncio.gather(read(), read(), rebuild_again())
    assert set(seen) == {len(before)}
    assert await field.dump(WALKERS) == before


async def test_a_reader_who_stays_holds_up_the_exchange_but_not_the_other_readers(
    field: Ground, installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = await field.dumps()
    monkeypatch.setattr(swap, "PAUSE", 0.01)
    monkeypatch.setattr(swap, "ATTEMPTS", 3)
    async with installation.database("serve") as database:
        async with database.serving(field.tenant) as connection:
            table = sql.Identifier(field.tenant.read_schema, REGISTER.table)
            await connection.execute(sql.SQL("select from {}").format(table))
            with pytest.raises(SwapBlocked, match="walk_register"):
                await field.engine.rebuild(field.tenant)
        assert await field.dumps() == before
        await field.engine.rebuild(field.tenant)
    assert await field.dumps() == before


async def test_what_is_followed_during_a_rebuild_is_in_the_new_tables(
    field: Ground, installation: Installation
) -> None:
    corrections = [Move("correct", 4 + n, 90, 0, [0, 1]) for n in range(10)]
    scenario = story([*MOVES, *corrections, *MOVES])
    registry, projections = field.store.registry, WALKS.projections
    async with installation.database("project") as other:
        async with other.projecting(field.tenant) as connection:
            held = Scope.live(connection, field.tenant, registry, projections)
            await lock(held, "follow")
            rebuilding = asyncio.create_task(field.engine.rebuild(field.tenant))
            # It has read the history as it was, and now waits for this follower.
            waiting = "select count(*) from pg_locks where locktype = 'advisory' and not granted"
            while await field.query(waiting) != [(1,)]:
                assert not rebuilding.done()
            await field.record(scenario.history)
            stored = await reader.read_after(connection, field.tenant, 22, 1_000)
            await advance(held, held.read(stored), index=True)
            await write_checkpoints(held, projections, field.recorded, index=True)
        assert await rebuilding == field.recorded
    assert field.recorded > 50
    assert await field.engine.follow(field.tenant) == 0
    assert await field.engine.differences(field.tenant) == AGREED
    index = await field.query("select * from {read}.subjects order by 1, 2")
    await field.engine.rebuild(field.tenant)
    assert await field.query("select * from {read}.subjects order by 1, 2") == index


async def test_a_swapped_table_keeps_its_grants_and_its_indexes(
    field: Ground, installation: Installation
) -> None:
    indexes = """select indexdef from pg_indexes where schemaname = 'read_05d'
                   and tablename in ('walk_register', 'subjects') order by 1"""
    table = sql.Identifier(field.tenant.read_schema, REGISTER.table)
    other = sql.Identifier(installation.tenant("69M").serving_role)
    with psycopg.connect(installation.conninfo("admin"), autocommit=True) as admin:
        admin.execute(sql.SQL("grant select, insert on {} to {}").format(table, other))
    grants = """select grantee, privilege_type from information_schema.table_privileges
                 where table_schema = 'read_05d' and table_name = 'walk_register' order by 1, 2"""
    with psycopg.connect(installation.conninfo("admin"), autocommit=True) as admin:
        before = admin.execute(grants).fetchall()
        await field.engine.rebuild(field.tenant)
        assert admin.execute(grants).fetchall() == before
        kinds = [line.partition(" USING ")[2] for (line,) in admin.execute(indexes).fetchall()]
    assert sorted(kinds) == [
        "btree (metres, walk)",
        "btree (place)",
        'btree (subject, "position")',
        "btree (walk)",
    ]


async def test_a_rebuild_beyond_its_memory_gives_the_same(field: Ground) -> None:
    before = await field.dumps()
    arguments = (field.project, field.tenant, field.store.registry, WALKS.projections)
    await rebuild.rebuild(*arguments, rows_in_memory=2)
    assert await field.dumps() == before
    assert await field.engine.differences(field.tenant) == AGREED


async def test_one_read_model_is_rebuilt_alone_and_stays_in_step(field: Ground) -> None:
    await field.query("update {read}.walk_register set metres = 0 returning 1")
    await field.query("update {read}.walk_walkers set kilometres = 0 returning 1")
    await field.engine.rebuild(field.tenant, ["walk.register"])
    wrong = await field.engine.differences(field.tenant)
    assert wrong["walk.register"] == 0
    assert wrong["walk.walkers"] > 0
    assert len(await field.query("select distinct position from {read}.followed")) == 1


async def test_a_lost_subject_index_is_rebuilt_with_everything(field: Ground) -> None:
    before = await field.query("select * from {read}.subjects order by 1, 2")
    await field.query("delete from {read}.subjects returning 1")
    await field.engine.rebuild(field.tenant)
    assert await field.query("select * from {read}.subjects order by 1, 2") == before


async def test_rows_written_by_the_follower_and_by_copy_are_the_same_text(field: Ground) -> None:
    walk, ada = Subject(an_id(0x77)), PersonId(an_id(0x78))
    odd = 'Saint-Véran "le haut"\\\t{é}, \U0001f3d4'
    scenario = story(MOVES).given(WalkBegun(place=odd), stream=walk)
    for metres in (1, 10**15, 3):
        scenario.given(StepTaken(walker=ada, metres=metres, together=(walk,)), stream=walk)
    await field.record(scenario.history)
    await field.engine.follow(field.tenant, batch=1)
    followed = [await field.dump(each) for each in (REGISTER, WALKERS, COMPANIONS)]
    await field.engine.rebuild(field.tenant)
    assert [await field.dump(each) for each in (REGISTER, WALKERS, COMPANIONS)] == followed
    assert any(msgspec.json.encode(odd).decode()[1:5] in row for row in followed[0])
