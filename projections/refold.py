"""
Rows folded again from their first fact, found through the subject index.

Asked for when a correction reaches back into what was already folded, and when a fault was mended.
A row's refold reads the facts of that row only, in slices.
"""

from collections.abc import AsyncIterator, Collection, Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, NamedTuple

from core.domain.correction import Overlay
from core.domain.event import Recorded
from core.event_store import reader
from core.projection import Key
from projections import faults, subjects
from projections.decoding import corrected_by, standing
from projections.folding import Folding
from projections.scope import Scope
from projections.tables import write

KEYS = 200
"""Rows refolded at once."""

SLICE = 2_000
"""Facts read at once."""


class Families(NamedTuple):
    """Facts that were corrected or annulled, and what stands in their place."""

    roots: list[Recorded[Any]]
    overlay: Overlay


async def families(scope: Scope, facts: Iterable[Recorded[Any]], until: int) -> Families:
    """
    Some facts, the facts that those among them correct, and every correction of all of these up to
    a position. The index knows each correction under the fact it corrects.
    """
    known = {fact.id: fact for fact in facts}
    new = list(known.values())
    while new:
        targets = {target for fact in new if (target := corrected_by(fact))} - known.keys()
        positions = await subjects.positions_of(
            scope.connection, scope.index, [fact.id for fact in new], until
        )
        positions -= {fact.position for fact in known.values()}
        found = scope.read(
            [
                *await reader.read_facts(scope.connection, scope.tenant, list(targets)),
                *await reader.read_positions(scope.connection, scope.tenant, list(positions)),
            ]
        )
        # A fact may mention another one's id for reasons of its own.
        new = [fact for fact in found if fact.id in targets or corrected_by(fact) in known]
        known |= {fact.id: fact for fact in new}
    ordered = sorted(known.values(), key=lambda fact: fact.position)
    corrections = [fact for fact in ordered if corrected_by(fact)]
    roots = [fact for fact in ordered if not corrected_by(fact)]
    return Families(roots, Overlay(scope.registry, corrections))


async def refold(
    scope: Scope, folding: Folding, wanted: Mapping[str, Collection[Key]], until: int
) -> None:
    """Folds these rows from their first fact up to a position, and writes them."""
    for chunk in _chunks(wanted):
        for name, keys in chunk.items():
            await faults.release_rows(scope, name, keys)
        folding.restart(chunk)
        async for fact in history_of(
            scope, {key for keys in chunk.values() for key in keys}, until
        ):
            for touch in folding.touches(fact):
                if touch.key in chunk.get(touch.projection.name, ()):
                    folding.fold(touch)
        await write_rows(scope, folding)


async def write_rows(scope: Scope, folding: Folding) -> None:
    """Writes the rows that changed, and frees their memory."""
    for table in scope.tables:
        name = table.projection.name
        rows = {key: folding.rows[name][key] for key in folding.changed[name]}
        await write(scope.connection, table, rows)
    folding.forget_rows()


async def history_of(
    scope: Scope, keys: Collection[Key], until: int
) -> AsyncIterator[Recorded[Any]]:
    """What stands of everything that may touch one of the keys, in order of position."""
    connection, tenant = scope.connection, scope.tenant
    positions = await subjects.positions_of_keys(connection, scope.index, keys, until)
    corrections = await reader.read_corrections_among(connection, tenant, list(positions))
    # A correction may bring a fact to a key that its first body did not have.
    roots, overlay = await families(scope, scope.read(corrections), until)
    positions |= {root.position for root in roots}
    ordered = sorted(positions)
    for start in range(0, len(ordered), SLICE):
        stored = await reader.read_positions(connection, tenant, ordered[start : start + SLICE])
        for recorded in scope.read(stored):
            fact = standing(recorded, overlay, scope.registry)
            if fact is not None:
                yield fact


def _chunks(wanted: Mapping[str, Collection[Key]]) -> Iterator[dict[str, set[Key]]]:
    pairs = iter([(name, key) for name, keys in wanted.items() for key in keys])
    while some := list(islice(pairs, KEYS)):
        chunk: dict[str, set[Key]] = {}
        for name, key in some:
            chunk.setdefault(name, set()).add(key)
        yield chunk
