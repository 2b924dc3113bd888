"""
The table of a read model: made from its row Struct, read by key, written in bulk.

Rows reach the table by INSERT (follower) or by binary COPY (rebuild), through the same canonical
form and the same dumps: both leave the same rows.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

import msgspec
from psycopg import sql

from core.database.pool import Connection
from core.projection import Key, Projection
from projections.columns import Column, columns_of

IDENTIFIER_LIMIT = 63
"""Bytes of a name in PostgreSQL; a longer one would be cut without a word."""

DOCUMENT = 8_000_000
"""Bytes of the rows in one statement; a jsonb array of 256 MB is refused."""

FRESH = "__fresh"


class Table(NamedTuple):
    """Where the rows of a read model stand: its own table, a fresh one, or a temporary one."""

    projection: Projection[Any]
    schema: str
    name: str

    @classmethod
    def live(cls, projection: Projection[Any], schema: str) -> "Table":
        return cls(projection, schema, projection.table)

    @classmethod
    def temporary(cls, projection: Projection[Any]) -> "Table":
        """A table of this session alone; it goes when its transaction is rolled back."""
        return cls(projection, "pg_temp", projection.table)

    @property
    def fresh(self) -> "Table":
        """The table a rebuild fills, before it takes the place of this one."""
        return self._replace(name=self.name + FRESH)

    @property
    def identifier(self) -> sql.Identifier:
        return sql.Identifier(self.schema, self.name)

    @property
    def columns(self) -> tuple[Column, ...]:
        return columns_of(self.projection.row)

    def key_of(self, row: msgspec.Struct) -> Key:
        return tuple(getattr(row, name) for name in self.projection.key)


def check(projection: Projection[Any]) -> None:
    """Raises `ValueError` or `TypeError` when no table can be made of a read model."""
    columns = {column.name: column for column in columns_of(projection.row)}
    if len(projection.table.encode()) > IDENTIFIER_LIMIT - len(FRESH):
        raise ValueError(f"{projection.name}: the name is too long for a table")
    if not projection.key:
        raise ValueError(f"{projection.name}: a row has no key")
    for name in projection.key:
        column = columns.get(name)
        if column is None or column.type != "text" or column.nullable:
            raise ValueError(f"{projection.name}: the key {name} is not a column of text")
    for name in (name for index in projection.indexes for name in index):
        if name not in columns:
            raise ValueError(f"{projection.name}: the index on {name} has no such column")


async def create(connection: Connection, table: Table) -> None:
    """The bare table; its key and indexes come with `finish`, once it is filled."""
    check(table.projection)
    columns = sql.SQL(", ").join(
        sql.SQL("{} {}{}").format(
            sql.Identifier(column.name),
            sql.SQL(column.type),
            sql.SQL("" if column.nullable else " not null"),
        )
        for column in table.columns
    )
    await connection.execute(sql.SQL("create table {} ({})").format(table.identifier, columns))


async def finish(connection: Connection, table: Table) -> None:
    """The key, the indexes, and the statistics that make PostgreSQL use them."""
    await connection.execute(
        sql.SQL("alter table {} add primary key ({})").format(
            table.identifier, _names(table.projection.key)
        )
    )
    # PostgreSQL names them: two generations of a table live side by side during a swap.
    for index in table.projection.indexes:
        await connection.execute(
            sql.SQL("create index on {} ({})").format(table.identifier, _names(index))
        )
    await connection.execute(sql.SQL("analyze {}").format(table.identifier))


async def load(connection: Connection, table: Table, keys: Collection[Key]) -> dict[Key, Any]:
    """The rows of these keys that exist, in one query."""
    if not keys:
        return {}
    cursor = await connection.execute(_select(table), (_asked(table, keys),), binary=True)
    rows = (_row(table, values) for values in await cursor.fetchall())
    return {table.key_of(row): row for row in rows}


async def write(connection: Connection, table: Table, rows: Mapping[Key, Any]) -> None:
    """Upserts the rows, and deletes those that are None, in bulk."""
    gone = [key for key, row in rows.items() if row is None]
    if gone:
        await connection.execute(
            sql.SQL("delete from {table} as t using {keys} where ({ours}) = ({theirs})").format(
                table=table.identifier,
                keys=_keys(table),
                ours=_names(table.projection.key, "t"),
                theirs=_names(table.projection.key, "k"),
            ),
            (_asked(table, gone),),
        )
    # Documents of many rows: cheaper to hand over than an array for each column.
    for document in _documents(row for row in rows.values() if row is not None):
        await connection.execute(_upsert(table), (document,))


async def copy(connection: Connection, table: Table, rows: Iterable[Any]) -> None:
    """Fills an empty table, by binary COPY."""
    columns = table.columns
    statement = sql.SQL("copy {} ({}) from stdin (format binary)").format(
        table.identifier, _names([column.name for column in columns])
    )
    async with connection.cursor() as cursor, cursor.copy(statement) as target:
        target.set_types([column.type for column in columns])
        for row in rows:
            await target.write_row([column.dump(getattr(row, column.name)) for column in columns])


async def dump(connection: Connection, table: Table) -> list[str]:
    """Every row as PostgreSQL writes it, by key: two tables are the same when their dumps are."""
    query = sql.SQL("select t::text from {} as t order by {}").format(
        table.identifier, _names(table.projection.key)
    )
    return [text for (text,) in await (await connection.execute(query)).fetchall()]


def _documents(rows: Iterable[Any]) -> Iterator[str]:
    """The rows as JSON arrays, each of some `DOCUMENT` bytes."""
    lines: list[bytes] = []
    size = 0
    for row in rows:
        line = msgspec.json.encode(row)
        if lines and size + len(line) > DOCUMENT:
            yield f"[{b','.join(lines).decode()}]"
            lines, size = [], 0
        lines.append(line)
        size += len(line)
    if lines:
        yield f"[{b','.join(lines).decode()}]"


# Putting a statement together takes longer than sending it: these are made once for each table.


@lru_cache(maxsize=4096)
def _select(table: Table) -> bytes:
    query = sql.SQL("select {columns} from {table} as t join {keys} using ({names})").format(
        columns=sql.SQL(", ").join(
            sql.SQL("t.{}::text" if column.type == "jsonb" else "t.{}").format(
                sql.Identifier(column.name)
            )
            for column in table.columns
        ),
        table=table.identifier,
        keys=_keys(table),
        names=_names(table.projection.key),
    )
    return query.as_bytes(None)


@lru_cache(maxsize=4096)
def _upsert(table: Table) -> bytes:
    names = [column.name for column in table.columns]
    others = [name for name in names if name not in table.projection.key]
    change: sql.Composable = sql.SQL("do nothing")
    if others:
        change = sql.SQL("do update set ") + sql.SQL(", ").join(
            sql.SQL("{0} = excluded.{0}").format(sql.Identifier(name)) for name in others
        )
    query = sql.SQL(
        "insert into {table} ({names}) select {names} from jsonb_populate_recordset(null::{table},"
        " %s::text::jsonb) on conflict ({key}) {change}"
    )
    return query.format(
        table=table.identifier,
        names=_names(names),
        key=_names(table.projection.key),
        change=change,
    ).as_bytes(None)


def _row(table: Table, values: tuple[Any, ...]) -> Any:
    fields = {
        column.name: column.load(value) if column.load and value is not None else value
        for column, value in zip(table.columns, values, strict=True)
    }
    return table.projection.row(**fields)


def _keys(table: Table) -> sql.Composed:
    """The keys asked for, as a table `k`; see `_asked`."""
    columns = sql.SQL(", ").join(
        sql.SQL("{} text").format(sql.Identifier(name)) for name in table.projection.key
    )
    return sql.SQL("json_to_recordset(%s::text::json) as k ({})").format(columns)


def _asked(table: Table, keys: Collection[Key]) -> str:
    """Keys as one document: cheaper to hand over than an array for each part."""
    names = table.projection.key
    lines = [dict(zip(names, key, strict=True)) for key in keys]
    return msgspec.json.encode(lines).decode()


def _names(names: Iterable[str], alias: str | None = None) -> sql.Composed:
    prefix = (alias,) if alias else ()
    return sql.SQL(", ").join(sql.Identifier(*prefix, name) for name in names)
