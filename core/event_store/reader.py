"""
Reads of one tenant's history, inside a transaction that has its role.

Nothing here brings a whole history into memory: streams are short, the rest comes in batches from
a server-side cursor.
"""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from functools import lru_cache
from itertools import count
from typing import cast

from psycopg import sql

from core.database.pool import Connection
from core.domain.correction import CORRECTION_NAMES
from core.event_store.stored import COLUMNS, StoredFact
from core.tenancy import Tenant

_cursors = count(1)


def _select(tenant: Tenant, condition: str) -> bytes:
    return _statement(tenant.facts_schema, condition)


@lru_cache(maxsize=4096)
def _statement(schema: str, condition: str) -> bytes:
    """Putting a statement together takes longer than sending it."""
    query = sql.SQL("select {columns} from {facts} where {condition}").format(
        columns=sql.SQL(COLUMNS),
        facts=sql.Identifier(schema, "facts"),
        condition=sql.SQL(condition),
    )
    return query.as_bytes(None)


async def read_streams(
    connection: Connection, tenant: Tenant, streams: Sequence[str]
) -> list[StoredFact]:
    """Every fact of the given streams, by stream then version."""
    query = _select(tenant, "stream = any(%s::uuid[]) order by stream, version")
    # Every command begins here: planned once for each connection and tenant.
    cursor = await connection.execute(query, (list(streams),), prepare=True, binary=True)
    return [StoredFact._make(row) for row in await cursor.fetchall()]


async def read_positions(
    connection: Connection, tenant: Tenant, positions: Sequence[int]
) -> list[StoredFact]:
    """The facts at the given positions, in order."""
    query = _select(tenant, "position = any(%s::bigint[]) order by position")
    return await _all(connection, query, list(positions))


async def read_facts(
    connection: Connection, tenant: Tenant, facts: Sequence[str]
) -> list[StoredFact]:
    """The facts of the given ids, in order of position."""
    query = _select(tenant, "id = any(%s::uuid[]) order by position")
    return await _all(connection, query, list(facts))


async def read_command(
    connection: Connection, tenant: Tenant, command: str
) -> tuple[bytes, list[StoredFact]] | None:
    """The fingerprint of a command and what it wrote, in order; None when it never wrote."""
    query = sql.SQL("select fingerprint, first, last from {} where id = %s").format(
        sql.Identifier(tenant.facts_schema, "commands")
    )
    row = await (await connection.execute(query, (command,), binary=True)).fetchone()
    if row is None:
        return None
    written = _select(tenant, "position between %s and %s order by position")
    return row[0], await _all(connection, written, row[1], row[2])


async def read_after(
    connection: Connection, tenant: Tenant, position: int, limit: int
) -> list[StoredFact]:
    """The next facts after a position, in order, at most `limit`."""
    query = _select(tenant, "position > %s order by position limit %s")
    return await _all(connection, query, position, limit)


async def read_named(
    connection: Connection,
    tenant: Tenant,
    *,
    names: Sequence[str],
    modules: Sequence[str],
    after: int,
    until: int,
    limit: int,
) -> list[StoredFact]:
    """The next facts of these stored names, or of these modules, in order, at most `limit`."""
    query = _select(
        tenant,
        "position > %s and position <= %s"
        " and (name = any(%s) or split_part(name, '.', 1) = any(%s)) order by position limit %s",
    )
    return await _all(connection, query, after, until, list(names), list(modules), limit)


async def read_matching(
    connection: Connection,
    tenant: Tenant,
    *,
    after: int,
    until: int,
    limit: int,
    name: str = "",
    stream: str | None = None,
) -> list[StoredFact]:
    """The next facts up to a position whose stored name begins so, of one stream or of all."""
    query = _select(
        tenant,
        "position > %s and position <= %s and starts_with(name, %s)"
        " and (%s::uuid is null or stream = %s::uuid) order by position limit %s",
    )
    return await _all(connection, query, after, until, name, stream, stream, limit)


async def read_corrections(
    connection: Connection, tenant: Tenant, until: int | None = None
) -> list[StoredFact]:
    """The annulments and corrections up to a position included: a small part of any history."""
    names = ", ".join(f"'{name}'" for name in CORRECTION_NAMES)  # constants, for the partial index
    query = _select(tenant, f"name in ({names}) and position <= %s order by position")
    return await _all(connection, query, 2**62 if until is None else until)


async def read_corrections_among(
    connection: Connection, tenant: Tenant, positions: Sequence[int]
) -> list[StoredFact]:
    """The annulments and corrections at the given positions, in order."""
    names = ", ".join(f"'{name}'" for name in CORRECTION_NAMES)  # constants, for the partial index
    query = _select(tenant, f"name in ({names}) and position = any(%s::bigint[]) order by position")
    return await _all(connection, query, list(positions))


async def stream_facts(
    connection: Connection,
    tenant: Tenant,
    *,
    after: int = 0,
    until: int | None = None,
    batch: int = 10_000,
) -> AsyncIterator[list[StoredFact]]:
    """A range of the history in order, batch by batch, through a server-side binary cursor."""
    query = _select(tenant, "position > %s and position <= %s order by position")
    name = f"facts_{next(_cursors)}"
    async with connection.cursor(name, binary=True) as cursor:
        await cursor.execute(query, (after, 2**62 if until is None else until))
        while rows := await cursor.fetchmany(batch):
            yield [StoredFact._make(row) for row in rows]


async def head(connection: Connection, tenant: Tenant) -> int:
    """The last position of the history, 0 when it is empty."""
    query = sql.SQL("select coalesce(max(position), 0) from {}").format(
        sql.Identifier(tenant.facts_schema, "facts")
    )
    row = await (await connection.execute(query)).fetchone()
    return cast("int", row[0]) if row else 0


async def version_at(connection: Connection, tenant: Tenant, stream: str, position: int) -> int:
    """The version a stream had at a position, 0 when it had not begun."""
    query = sql.SQL(
        "select version from {} where stream = %s and position <= %s order by version desc limit 1"
    ).format(sql.Identifier(tenant.facts_schema, "facts"))
    row = await (await connection.execute(query, (stream, position))).fetchone()
    return cast("int", row[0]) if row else 0


async def position_known_at(connection: Connection, tenant: Tenant, instant: datetime) -> int:
    """The last position recorded at an instant or before: "as known at" is this prefix."""
    # recorded_at never decreases with position, so the first line met from the end is the answer.
    query = sql.SQL(
        "select position from {} where recorded_at <= %s order by position desc limit 1"
    ).format(sql.Identifier(tenant.facts_schema, "facts"))
    row = await (await connection.execute(query, (instant,))).fetchone()
    return cast("int", row[0]) if row else 0


async def _all(connection: Connection, query: bytes, *values: object) -> list[StoredFact]:
    cursor = await connection.execute(query, values, binary=True)
    return [StoredFact._make(row) for row in await cursor.fetchall()]
