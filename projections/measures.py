"""
What an indicator comes to at one moment, exactly: numbers that add up without rounding, and a mark
of the lines they were counted from.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple, TypeAlias

from psycopg import sql

from core.database.pool import Connection
from core.indicator import Indicator, Kind, Period
from projections.figures import MEASURES, filled

Cell: TypeAlias = tuple[str, ...]
"""Values of the dimensions asked for; empty when none is."""

Delta: TypeAlias = tuple[Fraction, ...]
"""A change of the value; of a ratio, then also of its numerator and of its denominator."""


class Measured(NamedTuple):
    """One cell: a sum or a count, or the two sums of a ratio; two marks differ when lines do."""

    parts: tuple[Fraction, ...]
    mark: int

    def value(self, kind: Kind) -> Fraction | None:
        """What a reader is shown; None for a ratio whose denominator is 0."""
        if kind != "ratio":
            return self.parts[0]
        return self.parts[0] / self.parts[1] if self.parts[1] else None


Measures: TypeAlias = Mapping[Cell, Measured]


async def measure(
    connection: Connection,
    indicator: Indicator,
    period: Period,
    tables: Mapping[str, sql.Identifier],
    dimensions: Sequence[str],
) -> Measures:
    """Every cell of an indicator that has a line, over read models that are in `tables`."""
    names = [sql.SQL("coalesce({}::text, '')").format(sql.Identifier(name)) for name in dimensions]
    mark = sql.SQL("coalesce(sum(hashtextextended(counted::text, 0)), 0)")
    ordinals = sql.SQL(", ").join(sql.SQL(str(n + 1)) for n in range(len(names)))
    query = sql.SQL("select {columns} from ({lines}) as counted{groups}").format(
        columns=sql.SQL(", ").join([*names, sql.SQL(MEASURES[indicator.kind]), mark]),
        lines=filled(indicator, indicator.base, tables),
        groups=sql.SQL(" group by {}").format(ordinals) if names else sql.SQL(""),
    )
    cursor = await connection.execute(query, {"start": period.start, "end": period.end})
    found: dict[Cell, Measured] = {}
    for line in await cursor.fetchall():
        cell, parts = line[: len(names)], line[len(names) : -1]
        found[cell] = Measured(tuple(_exact(part) for part in parts), int(line[-1]))
    return found


def cell_of(measures: Measures, cell: Cell, kind: Kind) -> Measured:
    """A cell, nought where nothing was counted."""
    nought = (Fraction(0),) * (2 if kind == "ratio" else 1)
    return measures.get(cell, Measured(nought, 0))


def delta(before: Measured, after: Measured, kind: Kind) -> Delta:
    """
    What is added to a cell from one moment to the next.

    A ratio without a denominator counts as 0 here, so that changes add up whatever they go through.
    """
    value = (after.value(kind) or Fraction(0)) - (before.value(kind) or Fraction(0))
    if kind != "ratio":
        return (value,)
    parts = (new - old for old, new in zip(before.parts, after.parts, strict=True))
    return (value, *parts)


def number(exact: Fraction) -> int | float:
    """As JSON has it."""
    return exact.numerator if exact.denominator == 1 else float(exact)


def _exact(value: int | float | Decimal) -> Fraction:
    return Fraction(value)
