"""How far behind a tenant's read models and policies are, in positions, and what was set aside."""

from collections.abc import Sequence
from typing import Any, cast

import msgspec
from psycopg import sql

from core.database.pool import Database
from core.domain.event import FactRegistry
from core.event_store import reader
from core.projection import Projection
from core.tenancy import Tenant
from projections import deliveries
from projections.checkpoints import in_step, read_checkpoints
from projections.scope import Scope


class Lag(msgspec.Struct, frozen=True, kw_only=True):
    """
    One tenant at an instant.

    `behind` gives, by read model, how many recorded positions it does not hold yet; `delivery` is
    how many have not been delivered to policies, which also takes their having none. `stopped`
    counts the faults of rows and facts, `skipped` the facts no installed module declares,
    `undelivered` what policies could not have done.
    """

    head: int
    behind: dict[str, int]
    delivery: int
    stopped: int
    skipped: int
    undelivered: int

    @property
    def positions(self) -> int:
        """How far the last of them is behind; 0 when nothing is left to do."""
        return max([self.delivery, *self.behind.values()])


async def lag(
    database: Database,
    tenant: Tenant,
    registry: FactRegistry,
    projections: Sequence[Projection[Any]],
) -> Lag:
    """The lag of a tenant's read models; one that was never built is behind by everything."""
    async with database.projecting(tenant) as connection:
        scope = Scope.live(connection, tenant, registry)
        # In this order, so that a follower at work meanwhile cannot make it less than 0.
        checkpoints = await read_checkpoints(scope)
        delivered = await deliveries.position(scope)
        head = await reader.head(connection, tenant)
        followed = {projection.name for projection in in_step(projections, checkpoints)}
        return Lag(
            head=head,
            behind={
                each.name: head - checkpoints[each.name].position if each.name in followed else head
                for each in projections
            },
            delivery=head - delivered,
            stopped=await _count(scope, "faults"),
            skipped=await _count(scope, "skips"),
            undelivered=await _count(scope, "undelivered"),
        )


async def _count(scope: Scope, table: str) -> int:
    cursor = await scope.connection.execute(
        sql.SQL("select count(*) from {}").format(scope.own(table))
    )
    row = await cursor.fetchone()
    return cast("int", row[0]) if row else 0
