"""Trying again what was set aside, after its cause was mended: the rows it stopped are refolded."""

from collections.abc import Sequence
from typing import Any

from core.database.pool import Database
from core.domain.event import FactRegistry
from core.event_store import reader
from core.projection import Key, Projection
from core.tenancy import Tenant
from projections import faults, subjects
from projections.checkpoints import in_step, lock, read_checkpoints
from projections.decoding import standing
from projections.folding import Folding
from projections.refold import families, refold
from projections.scope import Scope


async def retry_faults(
    database: Database,
    tenant: Tenant,
    registry: FactRegistry,
    projections: Sequence[Projection[Any]],
) -> int:
    """Refolds every row that stopped; gives how many rows and facts are still set aside."""
    async with database.projecting(tenant) as connection:
        scope = Scope.live(connection, tenant, registry)
        await lock(scope, "follow")
        checkpoints = await read_checkpoints(scope)
        followed = in_step(projections, checkpoints)
        left = 0
        for position in sorted({checkpoints[each.name].position for each in followed}):
            together = [each for each in followed if checkpoints[each.name].position == position]
            scope = Scope.live(connection, tenant, registry, together)
            left += await _retry(scope, position)
        return left


async def _retry(scope: Scope, until: int) -> int:
    wanted: dict[str, set[Key]] = {}
    folding = Folding(scope.projections)
    aside = [position for position in await faults.positions_set_aside(scope) if position <= until]
    facts = scope.read(await reader.read_positions(scope.connection, scope.tenant, aside))
    # Read again, they may be about more than was known.
    await subjects.add(scope.connection, scope.index, subjects.entries(facts))
    for name, key in await faults.release_all(scope):
        wanted.setdefault(name, set()).add(key)
    overlay = (await families(scope, facts, until)).overlay
    for recorded in facts:
        fact = standing(recorded, overlay, scope.registry)
        for touch in folding.touches(fact) if fact is not None else ():
            wanted.setdefault(touch.projection.name, set()).add(touch.key)
    await refold(scope, folding, wanted, until)
    await faults.write_faults(scope, folding)
    await faults.forget_skips(scope, aside)
    await faults.write_skips(scope, folding.skipped.values())
    return len(folding.faults) + len(folding.set_aside)
