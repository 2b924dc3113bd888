"""
One step forward: some facts, in order, into the tables and the index of one transaction.

Rows that no correction touches take the new facts on top of what they hold. Rows that a correction
touches, in what it says now or in what was said before, are folded again from their first fact.
Either way a row is the fold of what stands, so that following and rebuilding give the same.
"""

from collections.abc import Sequence
from typing import Any

from core.domain.correction import Overlay
from core.domain.event import Recorded
from core.projection import Key
from projections import faults, subjects
from projections.decoding import corrected_by, standing, told
from projections.folding import Folding, Touch
from projections.refold import Families, families, refold, write_rows
from projections.scope import Scope
from projections.tables import load


async def advance(
    scope: Scope, facts: Sequence[Recorded[Any]], *, index: bool, strict: bool = False
) -> None:
    """
    Brings the scope's tables, and its index when asked, from the position before these facts to the
    last of them. Raises `PoisonFact` when `strict`.
    """
    until = facts[-1].position
    if index:
        await subjects.add(scope.connection, scope.index, subjects.entries(facts))
    overlay = Overlay(scope.registry)
    again: dict[str, set[Key]] = {}
    if corrections := [fact for fact in facts if corrected_by(fact)]:
        corrected = await families(scope, corrections, until)
        overlay = corrected.overlay
        again = await _reached(scope, corrected)
    folding = Folding(scope.projections, strict=strict)
    await faults.load_set_aside(scope, folding)
    touches = [
        touch
        for recorded in facts
        if (fact := standing(recorded, overlay, scope.registry)) is not None
        for touch in folding.touches(fact)
        if touch.key not in again.get(touch.projection.name, ())
    ]
    await load_rows(scope, folding, touches)
    await faults.load_stopped(scope, folding, touches)
    for touch in touches:
        folding.fold(touch)
    await write_rows(scope, folding)
    await refold(scope, folding, again, until)
    await faults.write_faults(scope, folding)
    if index:
        await faults.write_skips(scope, folding.skipped.values())


async def load_rows(scope: Scope, folding: Folding, touches: Sequence[Touch]) -> None:
    """Brings the rows that are about to be folded into memory: one query for each read model."""
    for table in scope.tables:
        rows = folding.rows[table.projection.name]
        keys = {touch.key for touch in touches if touch.projection is table.projection}
        rows.update(await load(scope.connection, table, keys - rows.keys()))


async def _reached(scope: Scope, corrected: Families) -> dict[str, set[Key]]:
    """Every row that a corrected fact touches or touched, in any of the ways it was told."""
    reached: dict[str, set[Key]] = {}
    scratch = Folding(scope.projections)
    for root in corrected.roots:
        corrections = corrected.overlay.corrections_of(root)
        ways = [told(root, each, corrected.overlay, scope.registry) for each in corrections]
        for touch in (touch for way in (root, *ways) for touch in scratch.touches(way)):
            reached.setdefault(touch.projection.name, set()).add(touch.key)
    # A fact that could not be folded is told otherwise: what it had stopped may go on.
    positions = [root.position for root in corrected.roots]
    for name, key in await faults.release_facts(scope, positions):
        reached.setdefault(name, set()).add(key)
    return reached
