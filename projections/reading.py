"""
Reading the read models for a request.

    async with reading(request, CYCLE_REGISTER, at_least=at_least) as models:
        return await models.page(CYCLE_REGISTER, after=after, limit=limit)

Who has just written sends the position of the answer as `at_least`, and reads what they wrote.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import date, datetime
from time import monotonic
from typing import Any, LiteralString, TypeVar

import msgspec
from psycopg import sql

from core.database.pool import Connection
from core.domain.refusal import Refusal, Refused
from core.http.paging import Page, cursor_of, place_of
from core.http.problem import Behind
from core.http.request import ApiRequest
from core.projection import Projection
from core.tenancy import Tenant
from projections.columns import Column, columns_of

Row = TypeVar("Row", bound=msgspec.Struct)

PATIENCE = 2.0
"""Seconds a read waits for the position it was asked for."""

_INTERVAL = 0.03
_TYPES: Mapping[str, Any] = {
    "text": str,
    "bigint": int,
    "boolean": bool,
    "date": date,
    "timestamptz": datetime,
}
"""Columns that a list can be ordered by."""


class ReadModels:
    """
    One tenant's read models, inside a transaction of its serving role.

    `structures` are those whose rows may be seen, None when all may: see `guard.needs`.
    """

    def __init__(
        self, connection: Connection, tenant: Tenant, structures: frozenset[str] | None = None
    ) -> None:
        self.connection = connection
        self.tenant = tenant
        self._structures = structures

    async def one(self, projection: Projection[Row], *key: str) -> Row | None:
        """The row of a key, None when there is none."""
        where = [*zip(projection.key, key, strict=True), *self._theirs(projection)]
        rows = await self._rows(projection, _conditions(projection, where), _values(where))
        return rows[0] if rows else None

    async def page(
        self,
        projection: Projection[Row],
        *,
        after: str | None = None,
        limit: int = 50,
        where: Mapping[str, Any] | None = None,
        order: tuple[str, ...] = (),
        descending: bool = False,
    ) -> Page[Row]:
        """
        The rows whose columns equal `where`, by `order` then by key, `limit` at a time.

        A column that is a tuple of texts equals what it holds; a set of texts is any of them.
        Columns of `order` are never null. Raises `Malformed` for a cursor of another list.
        """
        columns = {column.name: column for column in columns_of(projection.row)}
        by = [columns[name] for name in dict.fromkeys((*order, *projection.key))]
        _refuse_unorderable(projection, by)
        equal = [*(where or {}).items(), *self._theirs(projection)]
        conditions, values = _conditions(projection, equal), _values(equal)
        names = sql.SQL(", ").join(sql.Identifier(column.name) for column in by)
        if after is not None:
            conditions.append(
                sql.SQL("({}) {} ({})").format(
                    names,
                    sql.SQL("<" if descending else ">"),
                    sql.SQL(", ").join([sql.SQL("%s")] * len(by)),
                )
            )
            values += place_of(after, [_TYPES[column.type] for column in by])
        directions = sql.SQL(", ").join(
            sql.SQL("{} desc" if descending else "{}").format(sql.Identifier(column.name))
            for column in by
        )
        tail = sql.SQL(" order by {} limit {}").format(directions, sql.Literal(limit + 1))
        rows = await self._rows(projection, conditions, values, tail)
        more = len(rows) > limit
        place = [getattr(rows[limit - 1], column.name) for column in by] if more else []
        return Page(rows[:limit], cursor_of(place) if more else None)

    def _theirs(self, projection: Projection[Any]) -> list[tuple[str, Any]]:
        """What keeps to the structures whose rows may be seen."""
        if self._structures is None:
            return []
        if projection.structure is None:
            message = f"{projection.name} does not say which structure a row belongs to"
            raise TypeError(message)
        return [(projection.structure, self._structures)]

    async def _rows(
        self,
        projection: Projection[Row],
        conditions: list[sql.Composable],
        values: list[Any],
        tail: sql.Composable = sql.SQL(""),  # noqa: B008 - immutable
    ) -> list[Row]:
        columns = columns_of(projection.row)
        query = sql.SQL("select {} from {}{}{}").format(
            sql.SQL(", ").join(
                sql.SQL("{}::text" if column.type == "jsonb" else "{}").format(
                    sql.Identifier(column.name)
                )
                for column in columns
            ),
            sql.Identifier(self.tenant.read_schema, projection.table),
            sql.SQL(" where " if conditions else "") + sql.SQL(" and ").join(conditions),
            tail,
        )
        cursor = await self.connection.execute(query, values, binary=True)
        return [
            projection.row(**{c.name: _loaded(c, v) for c, v in zip(columns, line, strict=True)})
            for line in await cursor.fetchall()
        ]


@asynccontextmanager
async def reading(
    request: ApiRequest, *projections: Projection[Any], at_least: int | None = None
) -> AsyncIterator[ReadModels]:
    """
    The read models of the request's tenant, once these hold the position `at_least`.

    The position they hold goes into the answer's `Jalon-Position`. Raises `Behind` after
    `PATIENCE` seconds, and refuses what a module that is not enabled has never shown.
    """
    tenant = request.tenant
    database = request.house.store.database(tenant)
    names = [projection.name for projection in projections]
    deadline = monotonic() + PATIENCE
    while True:
        async with database.serving(tenant) as connection:
            position = await _followed(connection, tenant, names)
            if position is not None and position >= (at_least or 0):
                request.exchange.position = position
                yield ReadModels(connection, tenant, _seen(request))
                return
        # Outside of the transaction: who waits holds no connection.
        if position is None:
            await _refuse_disabled(request, projections)
        if monotonic() > deadline:
            raise Behind
        await asyncio.sleep(_INTERVAL)


def _seen(request: ApiRequest) -> frozenset[str] | None:
    """The structures that a list is of; None when all is shown, or when the guard saw to it."""
    if not request.route_handler.opt.get("listed"):
        return None
    permission = str(request.route_handler.opt["permission"])
    return request.user.structures(request.tenant.code, permission)


async def _followed(connection: Connection, tenant: Tenant, names: list[str]) -> int | None:
    """The last position that all these read models hold; None when one was never built."""
    query = sql.SQL("select min(position), count(*) from {} where projection = any(%s)").format(
        sql.Identifier(tenant.read_schema, "followed")
    )
    line = await (await connection.execute(query, (names,))).fetchone()
    assert line is not None  # noqa: S101 - an aggregate gives one line
    position, found = line
    return position if found == len(names) else None


async def _refuse_disabled(request: ApiRequest, projections: Sequence[Projection[Any]]) -> None:
    """A read model that is not there and will not come: its module is not enabled."""
    application, tenant = request.house.application, request.tenant
    settings = await application.settings(tenant, application.clock.now(tenant.code), fresh=True)
    for module in request.house.catalogue.modules:
        if (
            not module.always_on
            and module.name not in settings.modules
            and any(projection in module.projections for projection in projections)
        ):
            refused = Refused("module_is_not_enabled", values={"module": module.title})
            raise Refusal(refused, request.house.catalogue.sentence(refused))


def asked(**filters: Any) -> dict[str, Any]:
    """The `where` of a list: the filters that the request gives."""
    return {name: value for name, value in filters.items() if value is not None}


def _conditions(
    projection: Projection[Any], where: Sequence[tuple[str, Any]]
) -> list[sql.Composable]:
    types = {column.name: column.type for column in columns_of(projection.row)}
    return [
        sql.SQL(_condition(types[name], value)).format(sql.Identifier(name))
        for name, value in where
    ]


def _condition(kind: str, value: Any) -> LiteralString:
    """The SQL that a column of this type equals the value, as `page` understands it."""
    several = isinstance(value, frozenset)
    if kind == "jsonb":
        return "{} ?| %s" if several else "{} ? %s"
    if several:
        return "{} = any(%s)"
    # A null is found like any other value.
    return "{} is not distinct from %s" if value is None else "{} = %s"


def _values(where: Sequence[tuple[str, Any]]) -> list[Any]:
    return [sorted(value) if isinstance(value, frozenset) else value for _, value in where]


def _loaded(column: Column, value: Any) -> Any:
    return column.load(value) if column.load is not None and value is not None else value


def _refuse_unorderable(projection: Projection[Any], by: list[Column]) -> None:
    for column in by:
        if column.nullable or column.type not in _TYPES:
            message = f"{projection.name}: no list can be ordered by {column.name}"
            raise TypeError(message)
