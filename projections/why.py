"""
Why a figure changed: from what was known at one position to what was known at another.

The read models of the indicator are replayed to the first position. What was recorded since is
then taken in on top, in order, and the figure measured after each run of facts of one category:
what it changed by is that category's, and all of it adds up to the difference, whatever the
indicator counts. A run that changed it is taken back and halved until its facts stand alone, so
that what changed nothing costs nothing.
"""

from collections.abc import AsyncIterator, Collection, Sequence
from datetime import datetime
from fractions import Fraction
from typing import Any, NamedTuple

import msgspec
import psycopg
from psycopg import sql

from core.database.pool import Connection
from core.domain.correction import CORRECTIONS
from core.domain.event import Fact, FactRegistry, Recorded
from core.event_store import reader
from core.event_store.stored import StoredFact
from core.indicator import Indicator, Period
from core.projection import Projection
from core.tenancy import Tenant
from projections import faults
from projections.advance import advance
from projections.causes import CATEGORIES, Category, Cited, category_of
from projections.decoding import Unreadable, corrected_by
from projections.figures import check_dimensions
from projections.fill import BATCH, ROWS
from projections.measures import Cell, Delta, Measures, cell_of, delta, measure
from projections.replay import Replayed, replayed
from projections.scope import Scope

RUN = 1_000
"""Facts taken in at once; a longer run is taken in pieces."""

SPLITS = 400
"""How often a run is halved, in all; beyond, its facts are named together."""

NAMED = 1_000
"""Facts named in a category; the others are counted."""


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """
    From `start`, a position, under the definition `before`, to `end` under `after`.

    `boundary` is the instant of `start`: what had happened by then and was recorded later is late.
    """

    before: Indicator
    after: Indicator
    period: Period
    start: int
    end: int
    boundary: datetime | None
    dimensions: tuple[str, ...] = ()
    transfers: Collection[type[Fact]] = ()


class Named(NamedTuple):
    """A fact, what it corrects, and by how much it changed each cell when that is known."""

    fact: Cited
    corrects: Cited | None
    changes: dict[Cell, Delta] | None


class Answer(msgspec.Struct, kw_only=True):
    """The figure at both ends and, by category, what was added to each cell and by which facts."""

    first: Measures
    last: Measures
    changes: dict[Category, dict[Cell, Delta]]
    counts: dict[Category, int]
    named: dict[Category, list[Named]]


class _Entry(NamedTuple):
    stored: StoredFact
    recorded: Recorded[Any]


async def why(
    connection: Connection,
    tenant: Tenant,
    registry: FactRegistry,
    projections: Sequence[Projection[Any]],
    question: Question,
    *,
    batch: int = BATCH,
    rows_in_memory: int = ROWS,
) -> Answer:
    """
    The answer, in a transaction of either role of the tenant.

    `projections` are the read models of both definitions; the subject index must hold `end`.
    Raises `UnknownDimension`. A fact that cannot be folded stops its rows, as it does followed.
    """
    for definition in (question.before, question.after):
        check_dimensions(definition, question.dimensions)
    async with replayed(
        connection,
        tenant,
        registry,
        projections,
        question.start,
        strict=False,
        batch=batch,
        rows_in_memory=rows_in_memory,
    ) as replay:
        await _keep_faults(replay)
        walk = _Walk(replay.scope, question)
        return await walk.answer()


async def _keep_faults(replay: Replayed) -> None:
    """Rows that had stopped stay so, by the same rules as followed ones, in tables of our own."""
    live = sql.Identifier(replay.scope.tenant.read_schema, "faults")
    await replay.scope.connection.execute(
        sql.SQL("create temporary table faults (like {} including all)").format(live)
    )
    await faults.write_faults(replay.scope, replay.folding)


class _Walk:
    """From one position to another, with the figure as it is at each step."""

    def __init__(self, scope: Scope, question: Question) -> None:
        self._scope = scope
        self._question = question
        self._tables = {table.projection.name: table.identifier for table in scope.tables}
        self._folded = {fact for each in scope.projections for fact in each.facts}
        self._splits = SPLITS
        self._changes: dict[Category, dict[Cell, Delta]] = {each: {} for each in CATEGORIES}
        self._counts: dict[Category, int] = dict.fromkeys(CATEGORIES, 0)
        self._named: dict[Category, list[tuple[_Entry, dict[Cell, Delta] | None]]] = {
            each: [] for each in CATEGORIES
        }

    async def answer(self) -> Answer:
        question = self._question
        first = await self._measure(question.before)
        last = first
        async for category, run in self._runs():
            before, last = last, await self._take(category, run, last)
            self._add(category, self._deltas(before, last))
        if question.after != question.before:
            ruled = await self._measure(question.after)
            self._add("rule_change", self._between_definitions(last, ruled))
            last = ruled
        return Answer(
            first=first,
            last=last,
            changes=self._changes,
            counts=self._counts,
            named={each: await self._cited(found) for each, found in self._named.items()},
        )

    async def _runs(self) -> AsyncIterator[tuple[Category, list[_Entry]]]:
        """What was recorded in between and may matter, cut where the category changes."""
        question, scope = self._question, self._scope
        run: list[_Entry] = []
        category: Category = "current_entry"
        after = question.start
        while after < question.end:
            limit = min(RUN, question.end - after)
            stored = await reader.read_after(scope.connection, scope.tenant, after, limit)
            if not stored:
                break
            after = stored[-1].position
            for entry in map(_Entry, stored, scope.read(stored)):
                if not self._may_matter(entry.recorded.fact):
                    continue
                kind = category_of(entry.recorded, question.boundary, question.transfers)
                if run and (kind != category or len(run) == RUN):
                    yield category, run
                    run = []
                category = kind
                run.append(entry)
        if run:
            yield category, run

    def _may_matter(self, fact: Fact) -> bool:
        return isinstance(fact, (*CORRECTIONS, Unreadable)) or type(fact) in self._folded

    async def _take(self, category: Category, run: list[_Entry], before: Measures) -> Measures:
        """Takes a run in, names those of its facts that changed anything; the figure after it."""
        async with self._scope.connection.transaction() as savepoint:
            facts = [entry.recorded for entry in run]
            await advance(self._scope, facts, index=False)
            after = await self._measure(self._question.before)
            if after == before:
                return after
            if len(run) == 1:
                self._name(category, run, self._deltas(before, after))
                return after
            if not self._splits:
                self._name(category, run, None)
                return after
            self._splits -= 1
            raise psycopg.Rollback(savepoint)
        half = len(run) // 2
        between = await self._take(category, run[:half], before)
        return await self._take(category, run[half:], between)

    def _name(
        self, category: Category, run: list[_Entry], changes: dict[Cell, Delta] | None
    ) -> None:
        self._counts[category] += len(run)
        named = self._named[category]
        named.extend((entry, changes) for entry in run[: NAMED - len(named)])

    async def _cited(self, found: Sequence[tuple[_Entry, dict[Cell, Delta] | None]]) -> list[Named]:
        """The facts with those they correct, which are read all at once."""
        targets = [id_ for entry, _ in found if (id_ := corrected_by(entry.recorded))]
        corrected: dict[str, Cited] = {}
        if targets:
            scope = self._scope
            stored = await reader.read_facts(scope.connection, scope.tenant, targets)
            corrected = {each.id: Cited.of(each) for each in stored}
        return [
            Named(
                Cited.of(entry.stored),
                corrected.get(corrected_by(entry.recorded) or ""),
                changes,
            )
            for entry, changes in found
        ]

    async def _measure(self, indicator: Indicator) -> Measures:
        question = self._question
        return await measure(
            self._scope.connection, indicator, question.period, self._tables, question.dimensions
        )

    def _deltas(self, before: Measures, after: Measures) -> dict[Cell, Delta]:
        """Of every cell whose lines changed, though its value may not have."""
        kind = self._question.before.kind
        return {
            cell: delta(cell_of(before, cell, kind), cell_of(after, cell, kind), kind)
            for cell in sorted(before.keys() | after.keys())
            if before.get(cell) != after.get(cell)
        }

    def _between_definitions(self, before: Measures, after: Measures) -> dict[Cell, Delta]:
        """By how much the second definition differs, over the same facts."""
        old, new = self._question.before.kind, self._question.after.kind
        if old == new:
            return self._deltas(before, after)
        nought = Fraction(0)
        return {
            cell: (
                (cell_of(after, cell, new).value(new) or nought)
                - (cell_of(before, cell, old).value(old) or nought),
            )
            for cell in sorted(before.keys() | after.keys())
        }

    def _add(self, category: Category, changes: dict[Cell, Delta]) -> None:
        total = self._changes[category]
        for cell, change in changes.items():
            known = total.get(cell, (Fraction(0),) * len(change))
            total[cell] = tuple(a + b for a, b in zip(known, change, strict=True))
