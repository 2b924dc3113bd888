"""
Figures: an indicator computed over read models, and recounted from the facts.

Each is one query, so that the figure and the position on its stamp are of the same instant.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, LiteralString, cast

import msgspec
from psycopg import sql

from core.database.pool import Connection
from core.indicator import Figure, Indicator, Period, Stamp
from core.tenancy import Tenant

_MENTION = re.compile(r"\{(facts|[a-z][a-z0-9_]*\.[a-z0-9_.]+)\}")

MEASURES: Mapping[str, LiteralString] = {
    "sum": "coalesce(sum(measure), 0)",
    "distinct": "count(distinct measure)",
    "ratio": "coalesce(sum(numerator), 0), coalesce(sum(denominator), 0)",
}


class UnknownDimension(ValueError):
    """A figure is asked by something the indicator does not distinguish."""


class UnknownReadModel(ValueError):
    """An indicator mentions a read model that is not there."""


def read_models_of(indicator: Indicator) -> tuple[str, ...]:
    """The read models an indicator rests on."""
    return mentioned(indicator.base)


def mentioned(query: str) -> tuple[str, ...]:
    """The read models a module's SQL mentions."""
    return tuple(dict.fromkeys(_MENTION.findall(query)))


async def compute(
    connection: Connection,
    tenant: Tenant,
    indicator: Indicator,
    period: Period,
    tables: Mapping[str, sql.Identifier],
    *,
    position: int | None = None,
    as_of: datetime | None = None,
    dimensions: Sequence[str] = (),
    territory_vintage: str,
) -> list[Figure]:
    """
    The figures of a period, one for each combination of the dimensions asked for.

    Without dimensions there is exactly one. `tables` says where each read model is; `position` what
    they hold, when they are not the followed ones, and `as_of` what they leave out. Raises
    `UnknownDimension`, `UnknownReadModel`.
    """
    used = read_models_of(indicator)
    at: sql.Composable = sql.Literal(position)
    if position is None:
        at = sql.SQL(
            "(select coalesce(min(position), 0) from {} where projection = any({}))"
        ).format(sql.Identifier(tenant.read_schema, "followed"), sql.Literal(list(used)))
    lines = filled(indicator, indicator.base, tables)
    figures = await _figures(
        connection, tenant, indicator, period, lines, at, dimensions, territory_vintage
    )
    if as_of is None:
        return figures
    change = msgspec.structs.replace
    return [change(each, stamp=change(each.stamp, as_of=as_of)) for each in figures]


async def recount(
    connection: Connection,
    tenant: Tenant,
    indicator: Indicator,
    period: Period,
    *,
    dimensions: Sequence[str] = (),
    territory_vintage: str,
) -> list[Figure]:
    """The same figures from the facts that stand, without any read model; at the last position."""
    facts = sql.Identifier(tenant.facts_schema, "facts")
    at = sql.SQL("(select coalesce(max(position), 0) from {})").format(facts)
    view = {"facts": sql.Identifier(tenant.facts_schema, "effective_facts")}
    lines = filled(indicator, indicator.recount, view)
    return await _figures(
        connection, tenant, indicator, period, lines, at, dimensions, territory_vintage
    )


def check_dimensions(indicator: Indicator, dimensions: Sequence[str]) -> None:
    """Raises `UnknownDimension` for what the indicator does not distinguish."""
    for name in dimensions:
        if name not in indicator.dimensions:
            raise UnknownDimension(f"{indicator.name} : pas de ventilation par « {name} »")


async def _figures(
    connection: Connection,
    tenant: Tenant,
    indicator: Indicator,
    period: Period,
    lines: sql.Composable,
    at: sql.Composable,
    dimensions: Sequence[str],
    territory_vintage: str,
) -> list[Figure]:
    check_dimensions(indicator, dimensions)
    names = [sql.Identifier(name) for name in dimensions]
    columns = [sql.SQL("{}::text").format(name) for name in names]
    groups = sql.SQL(" group by {0} order by {0}").format(
        sql.SQL(", ").join(sql.SQL(str(n + 2)) for n in range(len(names)))  # ordinals
    )
    query = sql.SQL("select {position}, {columns} from ({lines}) as counted{groups}").format(
        position=at,
        columns=sql.SQL(", ").join([*columns, sql.SQL(MEASURES[indicator.kind])]),
        lines=lines,
        groups=groups if names else sql.SQL(""),
    )
    cursor = await connection.execute(query, {"start": period.start, "end": period.end})
    return [
        _figure(tenant, indicator, period, dimensions, line, territory_vintage)
        for line in await cursor.fetchall()
    ]


def _figure(
    tenant: Tenant,
    indicator: Indicator,
    period: Period,
    dimensions: Sequence[str],
    line: tuple[Any, ...],
    territory_vintage: str,
) -> Figure:
    position, *cells = line
    parts = [_number(cell) for cell in cells[len(dimensions) :]]
    ratio = indicator.kind == "ratio"
    return Figure(
        stamp=Stamp(
            indicator=indicator.name,
            version=indicator.version,
            tenant=tenant.code,
            position=position,
            territory_vintage=territory_vintage,
        ),
        period=period,
        value=_quotient(*parts) if ratio else parts[0],
        numerator=parts[0] if ratio else None,
        denominator=parts[1] if ratio else None,
        dimensions={
            name: "" if cell is None else cell
            for name, cell in zip(dimensions, cells, strict=False)
        },
    )


def _quotient(numerator: float, denominator: float) -> float | None:
    return numerator / denominator if denominator else None


def _number(value: int | float | Decimal) -> int | float:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value


def filled(
    indicator: Indicator, query: str, tables: Mapping[str, sql.Identifier]
) -> sql.Composable:
    """An indicator's SQL with the names of the tables in it."""
    return with_tables(query, tables, indicator.name)


def with_tables(query: str, tables: Mapping[str, sql.Identifier], name: str) -> sql.Composable:
    """A module's SQL, told by `name`, with the names of the tables in it."""
    parts: list[sql.Composable] = []
    for n, piece in enumerate(_MENTION.split(query)):
        if n % 2 == 0:
            parts.append(sql.SQL(cast("LiteralString", piece)))
        elif piece in tables:
            parts.append(tables[piece])
        else:
            raise UnknownReadModel(f"{name} : pas de vue « {piece} »")
    return sql.Composed(parts)
