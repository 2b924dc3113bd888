"""
Read models made again from the facts, while the old ones are read and followed.

All of it is one transaction: fresh tables filled in one pass, a catch-up with the follower's lock
held, the exchange. A rebuild that dies leaves nothing behind, and nobody saw it.
"""

from collections.abc import Sequence
from typing import Any

from psycopg import sql

from core.database.pool import Database
from core.domain.event import FactRegistry
from core.event_store import reader
from core.projection import Projection
from core.tenancy import Tenant
from projections import faults
from projections.advance import advance
from projections.checkpoints import (
    index_is_stale,
    lock,
    read_checkpoints,
    stale,
    write_checkpoints,
)
from projections.fill import ROWS, fill
from projections.folding import Folding
from projections.scope import Scope
from projections.subjects import INDEX
from projections.swap import Exchange, swap
from projections.tables import FRESH, Table, create

CATCH_UP = 1_000
"""Facts read at once while the follower waits."""


async def rebuild(
    database: Database,
    tenant: Tenant,
    registry: FactRegistry,
    projections: Sequence[Projection[Any]],
    *,
    index: bool = False,
    strict: bool = True,
    rows_in_memory: int = ROWS,
) -> int:
    """
    Makes these read models again, and the subject index when asked; gives their position.

    Raises `PoisonFact` on a fact that cannot be folded, unless not `strict`: then its rows stop as
    they do in the follower. Raises `SwapBlocked`. Either way the old tables stay.
    """
    async with database.projecting(tenant) as connection:
        live = Scope.live(connection, tenant, registry, projections)
        await lock(live, "rebuild")
        return await _rebuild(live, index=index, strict=strict, rows_in_memory=rows_in_memory)


async def ensure_tables(
    database: Database,
    tenant: Tenant,
    registry: FactRegistry,
    projections: Sequence[Projection[Any]],
) -> list[str]:
    """
    Builds what a tenant lacks: new read models, and those whose version was raised; gives names.

    A poison fact stops its rows only, as it would have in the follower.
    """
    async with database.projecting(tenant) as connection:
        live = Scope.live(connection, tenant, registry, projections)
        checkpoints = await read_checkpoints(live)
        if not stale(projections, checkpoints) and not index_is_stale(checkpoints):
            return []
        await lock(live, "rebuild")
        # Another process may have built them while we waited.
        checkpoints = await read_checkpoints(live)
        missing = stale(projections, checkpoints)
        index = index_is_stale(checkpoints)
        if missing or index:
            live = Scope.live(connection, tenant, registry, missing)
            await _rebuild(live, index=index, strict=False)
        return [projection.name for projection in missing]


async def _rebuild(live: Scope, *, index: bool, strict: bool, rows_in_memory: int = ROWS) -> int:
    connection, tenant = live.connection, live.tenant
    checkpoints = await read_checkpoints(live)
    index = index or INDEX not in checkpoints
    # Never ahead of the index: see `projections.checkpoints`.
    until = await reader.head(connection, tenant) if index else checkpoints[INDEX].position
    fresh = await _create(live, index=index)
    folding = await fill(
        fresh,
        until,
        strict=strict,
        index=fresh.index if index else None,
        rows_in_memory=rows_in_memory,
    )
    if index:
        await connection.execute(
            sql.SQL("alter table {} add primary key (subject, position)").format(fresh.index)
        )
    await lock(live, "follow")
    await _replace_faults(live, folding, index=index)
    until = await _catch_up(fresh, until, index=index, strict=strict)
    await write_checkpoints(live, live.projections, until, index=index)
    names = [table.name for table in live.tables] + [INDEX] * index
    await swap(connection, tenant, [Exchange(name, name + FRESH) for name in names])
    return until


async def _create(live: Scope, *, index: bool) -> Scope:
    tables: list[Table] = [table.fresh for table in live.tables]
    for table in tables:
        await create(live.connection, table)
    where = live.index
    if index:
        where = live.own(INDEX + FRESH)
        await live.connection.execute(
            sql.SQL("create table {} (subject uuid not null, position bigint not null)").format(
                where
            )
        )
    return Scope(
        connection=live.connection,
        tenant=live.tenant,
        registry=live.registry,
        tables=tables,
        index=where,
        own_schema=live.own_schema,
    )


async def _replace_faults(live: Scope, folding: Folding, *, index: bool) -> None:
    await faults.release_all(live)
    await faults.write_faults(live, folding)
    if index:
        await faults.forget_all_skips(live)
        await faults.write_skips(live, folding.skipped.values())


async def _catch_up(fresh: Scope, position: int, *, index: bool, strict: bool) -> int:
    """Brings the fresh tables to where the follower is, or stays ahead with the fresh index."""
    checkpoints = await read_checkpoints(fresh)
    until = checkpoints[INDEX].position if INDEX in checkpoints else position
    while position < until:
        limit = min(CATCH_UP, until - position)
        stored = await reader.read_after(fresh.connection, fresh.tenant, position, limit)
        facts = fresh.read(stored)
        await advance(fresh, facts, index=index, strict=strict)
        position = facts[-1].position
    return position
