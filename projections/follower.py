"""
Following one tenant: what was recorded goes into its read models, exactly once.

Each batch is one transaction: rows, index, faults and checkpoints are written together or not at
all, so that a follower may die at any moment. Another follower of the same tenant steps aside.
"""

from collections.abc import Sequence
from typing import Any

import structlog

from core.database.pool import Database
from core.domain.event import FactRegistry
from core.event_store import reader
from core.projection import Projection
from core.tenancy import Tenant
from projections.advance import advance
from projections.checkpoints import in_step, read_checkpoints, try_lock, write_checkpoints
from projections.scope import Scope
from projections.subjects import INDEX

log = structlog.get_logger()

BATCH = 1_000
"""Facts in one transaction."""


async def follow(
    database: Database,
    tenant: Tenant,
    registry: FactRegistry,
    projections: Sequence[Projection[Any]],
    *,
    until: int | None = None,
    batch: int = BATCH,
) -> int:
    """
    Follows a tenant until nothing is left; gives how many positions were processed.

    0 also when another follower is at work: it looks again after it has let go of the tenant, so
    that nothing recorded meanwhile is left behind. With `until`, a position that is recorded,
    stops once it is past it: looking again is then for the caller.
    """
    processed = 0
    while True:
        done = await follow_batch(database, tenant, registry, projections, batch=batch)
        if done is None:
            return processed
        processed += done
        # A batch that is not full was the last one, unless something came since.
        if done < batch and not await _behind(database, tenant, registry, projections, until):
            return processed


async def follow_batch(
    database: Database,
    tenant: Tenant,
    registry: FactRegistry,
    projections: Sequence[Projection[Any]],
    *,
    batch: int = BATCH,
) -> int | None:
    """One transaction: how many positions it processed; None when another follower is at work."""
    async with database.projecting(tenant) as connection:
        scope = Scope.live(connection, tenant, registry)
        if not await try_lock(scope, "follow"):
            return None
        checkpoints = await read_checkpoints(scope)
        if INDEX not in checkpoints:
            return 0
        followed = in_step(projections, checkpoints)
        positions = {
            projection.name: checkpoints[projection.name].position for projection in followed
        }
        positions[INDEX] = checkpoints[INDEX].position
        # Those that lag catch up first, as far as the next ones; from there all go together.
        start = min(positions.values())
        ahead = [position for position in positions.values() if position > start]
        limit = min([batch, *(position - start for position in ahead)])
        stored = await reader.read_after(connection, tenant, start, limit)
        if not stored:
            return 0
        together = [each for each in followed if positions[each.name] == start]
        index = positions[INDEX] == start
        scope = Scope.live(connection, tenant, registry, together)
        facts = scope.read(stored)
        await advance(scope, facts, index=index)
        await write_checkpoints(scope, together, facts[-1].position, index=index)
    log.debug("followed", tenant=tenant.code, position=facts[-1].position, facts=len(facts))
    return len(facts)


async def _behind(
    database: Database,
    tenant: Tenant,
    registry: FactRegistry,
    projections: Sequence[Projection[Any]],
    until: int | None,
) -> bool:
    """Whether something is left to follow, looked at without holding the tenant."""
    async with database.projecting(tenant) as connection:
        scope = Scope.live(connection, tenant, registry)
        checkpoints = await read_checkpoints(scope)
        if INDEX not in checkpoints:
            return False
        names = [INDEX, *(each.name for each in in_step(projections, checkpoints))]
        head = await reader.head(connection, tenant) if until is None else until
        return head > min(checkpoints[name].position for name in names)
