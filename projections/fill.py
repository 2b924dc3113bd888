"""
Empty tables filled from the whole history, in one pass: the way of a rebuild and of a replay.

The history streams through a server-side cursor; the rows being folded are kept in memory, up to
`ROWS`. Beyond, they are written out and read again as the follower does: slower, never larger.
"""

from collections.abc import Sequence
from datetime import datetime

from psycopg import sql

from core.domain.correction import Overlay
from core.event_store import reader
from projections import subjects
from projections.advance import load_rows
from projections.decoding import corrected_by, standing
from projections.folding import Folding, Touch
from projections.refold import write_rows
from projections.scope import Scope
from projections.tables import copy, finish

ROWS = 500_000
"""Rows in memory, of all the read models together."""

BATCH = 10_000
"""Facts read at once."""


async def fill(
    scope: Scope,
    until: int,
    *,
    strict: bool,
    as_of: datetime | None = None,
    index: sql.Identifier | None = None,
    rows_in_memory: int = ROWS,
    batch: int = BATCH,
) -> Folding:
    """
    Fills the scope's tables with the fold of what stands at a position, and indexes them.

    `as_of` leaves out what happened after that instant. `index` is a fresh subject index to fill in
    the same pass. The loop is free between two batches of `batch` facts. Gives the folding, for its
    faults; raises `PoisonFact` when `strict`.
    """
    connection, tenant, registry = scope.connection, scope.tenant, scope.registry
    corrections = scope.read(await reader.read_corrections(connection, tenant, until))
    overlay = Overlay(registry, corrections)
    corrected = {corrected_by(correction) for correction in corrections}
    folding = Folding(scope.projections, strict=strict)
    spilled = False
    async for stored in reader.stream_facts(connection, tenant, until=until, batch=batch):
        if index is None:
            # Of facts that concern other read models, not even the body is decoded.
            stored = [
                line
                for line in stored
                if folding.concerns(line.name, registry) or line.id in corrected
            ]
        facts = scope.read(stored)
        if index is not None:
            await subjects.copy(connection, index, subjects.entries(facts))
        touches = [
            touch
            for recorded in facts
            if (fact := standing(recorded, overlay, registry)) is not None
            and (as_of is None or fact.occurred_at <= as_of)
            for touch in folding.touches(fact)
        ]
        spilled = await _fold(scope, folding, touches, rows_in_memory, spilled=spilled)
    if spilled:
        await write_rows(scope, folding)
    else:
        await _copy(scope, folding)
    return folding


async def _fold(
    scope: Scope,
    folding: Folding,
    touches: Sequence[Touch],
    rows_in_memory: int,
    *,
    spilled: bool,
) -> bool:
    """Folds a batch; gives whether rows were written out, now or before."""
    if spilled:
        await load_rows(scope, folding, touches)
    for touch in touches:
        folding.fold(touch)
    if sum(map(len, folding.rows.values())) <= rows_in_memory:
        return spilled
    if spilled:
        await write_rows(scope, folding)
    else:
        await _copy(scope, folding)
    return True


async def _copy(scope: Scope, folding: Folding) -> None:
    for table in scope.tables:
        rows = (row for row in folding.rows[table.projection.name].values() if row is not None)
        await copy(scope.connection, table, rows)
        await finish(scope.connection, table)
    folding.forget_rows()
