"""
An event store that holds what was decided aside, and writes it all at the end, or nothing.

Everything is done in one transaction of the tenant's serving role: keys and identities are written
in it at once, facts wait in a temporary table. At the end the tenant is locked, each stream that
was read is checked to be as it was, and the facts are appended as any others are. So others go on
writing while a file is being read, and whatever ends the transaction leaves nothing.
"""

from collections import OrderedDict
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

from psycopg import sql

from core.database.pool import Connection, Database
from core.domain.event import FactRegistry, Recorded
from core.event_store import reader
from core.event_store.mapper import to_recorded
from core.event_store.store import EventStore, Load
from core.event_store.stored import Append, Appended, StoredFact
from core.idempotency import command_id
from core.tenancy import Tenant

HELD = 500
"""Streams whose facts are kept in memory."""

WAITING = 1_000
"""Facts kept in memory before they are put aside."""

CHUNK = 5_000
"""Facts appended in one call."""


class Moved(Exception):
    """Somebody else has written meanwhile to what the file rests on: nothing was taken."""


class OneTransaction(Database):
    """The one connection of an import, given to all that is done for it; it commits nothing."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @asynccontextmanager
    async def serving(self, tenant: Tenant) -> AsyncIterator[Connection]:
        del tenant  # its role is that of the whole transaction
        yield self._connection


class Staging(EventStore):
    """The store as one import sees it: what is recorded, and what the import would add."""

    def __init__(self, connection: Connection, tenant: Tenant, registry: FactRegistry) -> None:
        self.registry = registry
        self._connection = connection
        self._tenant = tenant
        self._histories: OrderedDict[str, list[Recorded[Any]]] = OrderedDict()
        self._waiting: list[tuple[Any, ...]] = []
        self._waiting_streams: set[str] = set()
        self._read: dict[str, int] = {}
        self.head = 0
        """The position before the first fact of the import."""
        self.facts = 0
        """How many the import adds."""

    async def begin(self) -> None:
        """Makes the tables that hold what waits, which go with the transaction."""
        self.head = await reader.head(self._connection, self._tenant)
        await self._connection.execute(_TABLES)

    def database(self, tenant: Tenant) -> Database:
        del tenant
        return OneTransaction(self._connection)

    @asynccontextmanager
    async def reading(self, tenant: Tenant) -> AsyncIterator[Load]:
        del tenant
        yield self._load

    async def written_by(
        self, tenant: Tenant, command: str
    ) -> tuple[bytes, list[Recorded[Any]]] | None:
        """Nothing: what a file says again is found in the streams, not by its command."""
        del tenant, command
        return None

    async def append(self, tenant: Tenant, append: Append) -> Appended:
        """Puts the facts of a command aside; provisional positions follow on those recorded."""
        histories = await self._load([*append.expected])
        if any(len(histories[stream]) != version for stream, version in append.expected.items()):
            return Appended(status="conflict")
        first = self.head + self.facts + 1
        for fact in append.facts:
            self.facts += 1
            stored = StoredFact(
                position=self.head + self.facts,
                id=fact.id,
                stream=fact.stream,
                version=fact.version,
                name=fact.name,
                occurred_at=fact.occurred_at,
                recorded_at=append.now,
                actor=append.actor,
                person=fact.person,
                command=append.command,
                correlation=append.correlation,
                causation=append.causation,
                body=fact.body,
            )
            self._waiting.append((*stored, fact.tags))
            self._waiting_streams.add(fact.stream)
            recorded = to_recorded(tenant.code, stored, self.registry)
            # A new list: whoever holds the one before has read it before.
            self._histories[fact.stream] = [*self._histories[fact.stream], recorded]
        if len(self._waiting) >= WAITING:
            await self._put_aside()
        return Appended(
            status="recorded", first=first, last=self.head + self.facts, recorded_at=append.now
        )

    async def write(self, command: str, actor: str, now: datetime) -> int:
        """Writes everything; gives the last position. Raises `Moved`."""
        await self._put_aside()
        schema = self._tenant.facts_schema
        await self._connection.execute(
            "select pg_advisory_xact_lock(hashtextextended(%s, 0))", (schema,)
        )
        facts = sql.Identifier(schema, "facts")
        cursor = await self._connection.execute(sql.SQL(_MOVED).format(facts=facts))
        if await cursor.fetchone() is not None:
            raise Moved
        last = await reader.head(self._connection, self._tenant)
        append = sql.SQL(_APPEND).format(append=sql.Identifier(schema, "append"))
        for place in range(0, self.facts, CHUNK):
            values = {
                "command": command_id(actor, f"{command}/{place}"),
                "mark": bytes(16),
                "now": now,
                "after": self.head + place,
                "until": self.head + place + CHUNK,
            }
            row = await (await self._connection.execute(append, values)).fetchone()
            if row is None or row[0] != "recorded":
                raise Moved
            last = int(row[1])
        return last

    async def _load(self, streams: Collection[str]) -> dict[str, list[Recorded[Any]]]:
        missing = [stream for stream in streams if stream not in self._histories]
        if missing:
            await self._fetch(missing)
        for stream in streams:
            self._histories.move_to_end(stream)
        found = {stream: self._histories[stream] for stream in streams}
        while len(self._histories) > max(HELD, len(streams)):
            self._histories.popitem(last=False)
        return found

    async def _fetch(self, streams: list[str]) -> None:
        """What is recorded in these streams, then what waits for them."""
        if not self._waiting_streams.isdisjoint(streams):
            await self._put_aside()
        for stream in streams:
            self._histories[stream] = []
        for stored in await reader.read_streams(self._connection, self._tenant, streams):
            recorded = to_recorded(self._tenant.code, stored, self.registry)
            self._histories[stored.stream].append(recorded)
        for stream in streams:
            self._read.setdefault(stream, len(self._histories[stream]))
        if self.facts:
            cursor = await self._connection.execute(_WAITING, (streams,), binary=True)
            for row in await cursor.fetchall():
                recorded = to_recorded(self._tenant.code, StoredFact._make(row), self.registry)
                self._histories[recorded.stream].append(recorded)
        if len(self._read) >= WAITING:
            await self._put_aside()

    async def _put_aside(self) -> None:
        async with self._connection.cursor() as cursor:
            # The first reading counts: what is read again has our own facts, or is as it was.
            await cursor.executemany(_REMEMBER, list(self._read.items()))
            if self._waiting:
                async with cursor.copy(_COPY) as copy:
                    for line in self._waiting:
                        await copy.write_row(line)
        self._read.clear()
        self._waiting.clear()
        self._waiting_streams.clear()


_TABLES = """
create temporary table import_facts (
  position bigint primary key, id uuid, stream uuid, version integer, name text,
  occurred_at timestamptz, recorded_at timestamptz, actor text, person uuid, command uuid,
  correlation uuid, causation uuid, body bytea, tags bytea
) on commit drop;
create index on import_facts (stream, version);
create temporary table import_read (stream uuid primary key, version integer) on commit drop"""

_COPY = """copy import_facts (position, id, stream, version, name, occurred_at, recorded_at, actor,
  person, command, correlation, causation, body, tags) from stdin"""

_REMEMBER = "insert into import_read values (%s, %s) on conflict do nothing"

_WAITING = """
select position, id::text, stream::text, version, name, occurred_at, recorded_at, actor,
       person::text, command::text, correlation::text, causation::text, body
  from import_facts where stream = any(%s::uuid[]) order by stream, version"""

_MOVED = """
select from import_read r
 where r.version <> coalesce((select max(version) from {facts} f where f.stream = r.stream), 0)
 limit 1"""

_APPEND = """
select a.out_status, a.out_last
  from (select array_agg(1 order by position) as n, array_agg(id order by position) as id,
               array_agg(stream order by position) as stream,
               array_agg(version order by position) as version,
               array_agg(name order by position) as name,
               array_agg(occurred_at order by position) as occurred_at,
               array_agg(actor order by position) as actor,
               array_agg(person order by position) as person,
               array_agg(correlation order by position) as correlation,
               array_agg(causation order by position) as causation,
               array_agg(tags order by position) as tags, array_agg(body order by position) as body
          from import_facts where position > %(after)s and position <= %(until)s) f,
       lateral {append}(
         array[%(command)s::uuid], array[%(mark)s::bytea], array[%(now)s::timestamptz],
         '{{}}'::integer[], '{{}}'::uuid[], '{{}}'::integer[],
         f.n, f.id, f.stream, f.version, f.name, f.occurred_at, f.actor, f.person, f.correlation,
         f.causation, f.tags, f.body) a"""
