"""
Whether the followed read models are what their history says: each is replayed beside and compared.

`jalon rebuild --check` and the tests ask this; it holds the follower meanwhile and changes nothing.
"""

from collections.abc import Sequence
from typing import Any, cast

import psycopg
from psycopg import sql

from core.database.pool import Database
from core.domain.event import FactRegistry
from core.projection import Projection
from core.tenancy import Tenant
from projections.checkpoints import in_step, lock, read_checkpoints
from projections.fill import fill
from projections.scope import Scope
from projections.tables import Table, create


async def differences(
    database: Database,
    tenant: Tenant,
    registry: FactRegistry,
    projections: Sequence[Projection[Any]],
) -> dict[str, int]:
    """
    For each followed read model, how many rows are on one side only; all 0 when they agree.

    Rows are compared by their full text. A changed row counts twice: as it is, as it should be.
    """
    found: dict[str, int] = {}
    async with database.projecting(tenant) as connection:
        scope = Scope.live(connection, tenant, registry)
        await lock(scope, "follow")
        checkpoints = await read_checkpoints(scope)
        async with connection.transaction() as transaction:
            for projection in in_step(projections, checkpoints):
                temporary = Scope.temporary(connection, tenant, registry, [projection])
                await create(connection, temporary.tables[0])
                await fill(temporary, checkpoints[projection.name].position, strict=False)
                live = Table.live(projection, tenant.read_schema)
                found[projection.name] = await _apart(scope, live, temporary.tables[0])
            raise psycopg.Rollback(transaction)
    return found


async def _apart(scope: Scope, one: Table, other: Table) -> int:
    cursor = await scope.connection.execute(
        sql.SQL(
            """with one as (select t::text from {one} t), other as (select t::text from {other} t)
               select (select count(*) from (table one except all table other) a)
                    + (select count(*) from (table other except all table one) b)"""
        ).format(one=one.identifier, other=other.identifier)
    )
    row = await cursor.fetchone()
    return cast("int", row[0]) if row else 0
