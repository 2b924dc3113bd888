"""
The auditor's replay: the same folds, into temporary tables, up to a position or a date.

Nothing is left behind: the transaction in which the tables live is always rolled back.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

import msgspec
import psycopg

from core.database.pool import Connection, Database
from core.domain.event import FactRegistry
from core.event_store import reader
from core.indicator import Figure, Indicator, Period
from core.projection import Key, Projection
from core.tenancy import Tenant
from projections.figures import compute
from projections.fill import BATCH, ROWS, fill
from projections.folding import Fault, Folding
from projections.scope import Scope
from projections.tables import Table, create, dump, load


class Replayed(msgspec.Struct, frozen=True, kw_only=True):
    """Read models as they were, or as they should have been, at a position."""

    scope: Scope
    position: int
    as_of: datetime | None = None
    folding: Folding
    """Without its rows, which are in the tables."""
    faults: tuple[Fault, ...]

    async def rows(self, projection: Projection[Any], keys: Sequence[Key]) -> dict[Key, Any]:
        """The rows of these keys that exist."""
        return await load(self.scope.connection, Table.temporary(projection), keys)

    async def dump(self, projection: Projection[Any]) -> list[str]:
        """Every row, as `projections.tables.dump` gives those of the followed table."""
        return await dump(self.scope.connection, Table.temporary(projection))

    async def figure(
        self,
        indicator: Indicator,
        period: Period,
        *,
        dimensions: Sequence[str] = (),
        territory_vintage: str,
    ) -> list[Figure]:
        """An indicator over the replayed read models; see `projections.figures.compute`."""
        return await compute(
            self.scope.connection,
            self.scope.tenant,
            indicator,
            period,
            {table.projection.name: table.identifier for table in self.scope.tables},
            position=self.position,
            as_of=self.as_of,
            dimensions=dimensions,
            territory_vintage=territory_vintage,
        )


@asynccontextmanager
async def replay(
    database: Database,
    tenant: Tenant,
    registry: FactRegistry,
    projections: Sequence[Projection[Any]],
    *,
    position: int | None = None,
    known_at: datetime | None = None,
    as_of: datetime | None = None,
    strict: bool = True,
) -> AsyncIterator[Replayed]:
    """
    Folds the history up to a position, or to what was known at an instant; by default all of it.

    `as_of` leaves out what happened after that instant, whenever it was recorded. Raises
    `PoisonFact` on a fact that cannot be folded, unless not `strict`.
    """
    async with database.projecting(tenant) as connection:
        until = await last_known(connection, tenant, position=position, known_at=known_at)
        async with replayed(
            connection, tenant, registry, projections, until, as_of=as_of, strict=strict
        ) as replay:
            yield replay


async def last_known(
    connection: Connection,
    tenant: Tenant,
    *,
    position: int | None = None,
    known_at: datetime | None = None,
) -> int:
    """The last position recorded at an instant and up to a position; by default the head."""
    until = await reader.head(connection, tenant)
    if position is not None:
        until = min(until, position)
    if known_at is not None:
        until = min(until, await reader.position_known_at(connection, tenant, known_at))
    return until


@asynccontextmanager
async def replayed(
    connection: Connection,
    tenant: Tenant,
    registry: FactRegistry,
    projections: Sequence[Projection[Any]],
    until: int,
    *,
    as_of: datetime | None = None,
    strict: bool = True,
    batch: int = BATCH,
    rows_in_memory: int = ROWS,
) -> AsyncIterator[Replayed]:
    """The same in a transaction that is open, of either role of the tenant, up to a position."""
    scope = Scope.temporary(connection, tenant, registry, projections)
    async with connection.transaction() as transaction:
        for table in scope.tables:
            await create(connection, table)
        folding = await fill(
            scope, until, strict=strict, as_of=as_of, batch=batch, rows_in_memory=rows_in_memory
        )
        faults = (*folding.faults.values(), *folding.set_aside.values())
        yield Replayed(scope=scope, position=until, as_of=as_of, faults=faults, folding=folding)
        raise psycopg.Rollback(transaction)
