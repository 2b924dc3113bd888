"""One row as it was: folded again from its own facts, found through the subject index."""

from datetime import datetime

from core.database.pool import Connection
from core.domain.event import FactRegistry
from core.projection import Key, Projection, Row
from core.tenancy import Tenant
from projections.folding import Folding
from projections.refold import history_of
from projections.scope import Scope


async def row_at(
    connection: Connection,
    tenant: Tenant,
    registry: FactRegistry,
    projection: Projection[Row],
    key: Key,
    until: int,
    *,
    as_of: datetime | None = None,
) -> Row | None:
    """
    The row of a key up to a position, without what happened after `as_of`; None when there is none.

    In a transaction of either role of the tenant, whose subject index must hold the position.
    Reads the facts of that row only; one that cannot be folded stops it there, as it does followed.
    """
    scope = Scope.live(connection, tenant, registry, [projection])
    folding = Folding([projection])
    async for fact in history_of(scope, {key}, until):
        if as_of is not None and fact.occurred_at > as_of:
            continue
        for touch in folding.touches(fact):
            if touch.key == key:
                folding.fold(touch)
    row: Row | None = folding.rows[projection.name].get(key)
    return row
