"""
Group commit: what arrives while a commit is in flight goes into the next one.

One asyncio writer per process and server takes all that waits, up to a limit, sends it in one call
and one commit, and hands each command its own answer. A conflict comes back as data and touches no
neighbour. When the connection breaks the batch is sent again: every command carries its id, so
what was already written answers `repeated` and nothing is written twice.
"""

import asyncio
from collections import deque
from collections.abc import Sequence
from itertools import groupby
from operator import attrgetter

import msgspec
import psycopg
import structlog

from core.database.pool import Connection, Database
from core.event_store import packing
from core.event_store.stored import (
    Append,
    Appended,
    AppendRefused,
    StoreBusy,
    StoreUnavailable,
)
from core.tenancy import Tenant

log = structlog.get_logger()

_CALL = """select * from jalon.append_all(
  %s, %s, %s, %s, %s,  %s, %s, %s,  %s, %s, %s,  %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"""


class _Waiting(msgspec.Struct, eq=False):
    tenant: Tenant
    append: Append
    answer: "asyncio.Future[Appended]"


class Appender:
    """The writer of one server. Use as an async context manager; `append` from the same loop."""

    def __init__(
        self, database: Database, *, batch: int = 512, queue: int = 10_000, patience: float = 30.0
    ) -> None:
        self._database = database
        self._batch = batch
        self._queue = queue
        self._patience = patience
        """Seconds during which a broken connection is tried again before the batch fails."""
        self._waiting: deque[_Waiting] = deque()
        self._arrived = asyncio.Event()
        self._closing = False
        self._writer: asyncio.Task[None] | None = None

    async def __aenter__(self) -> "Appender":
        self._writer = asyncio.create_task(self._write(), name="appender")
        return self

    async def __aexit__(self, *_: object) -> None:
        """Finishes what was accepted, then stops."""
        self._closing = True
        self._arrived.set()
        if self._writer is not None:
            await self._writer

    async def append(self, tenant: Tenant, append: Append) -> Appended:
        """
        Writes the facts of one command; returns once they are durable.

        Raises `StoreBusy` when too much waits, `StoreUnavailable` when the database stays away,
        `AppendRefused` when the database refuses this very append, `ValueError` without facts: a
        command that wrote nothing has no positions to answer with.
        """
        if not append.facts:
            message = "nothing to append"
            raise ValueError(message)
        if self._closing or len(self._waiting) >= self._queue:
            raise StoreBusy
        waiting = _Waiting(tenant, append, asyncio.get_running_loop().create_future())
        self._waiting.append(waiting)
        self._arrived.set()
        return await waiting.answer

    async def _write(self) -> None:
        while True:
            if not self._waiting:
                if self._closing:
                    return
                self._arrived.clear()
                await self._arrived.wait()
                continue
            batch = self._take()
            try:
                await self._persist(batch)
            except Exception as error:
                for waiting in batch:
                    if not waiting.answer.done():
                        waiting.answer.set_exception(error)

    def _take(self) -> list[_Waiting]:
        """The next batch; what depends on something in it stays for the one after."""
        batch: list[_Waiting] = []
        left: deque[_Waiting] = deque()
        written: set[tuple[str, str]] = set()
        awaited: set[tuple[str, str]] = set()
        while self._waiting and len(batch) < self._batch:
            waiting = self._waiting.popleft()
            if waiting.answer.cancelled():
                continue
            code, append = waiting.tenant.code, waiting.append
            writes = {(code, fact.stream) for fact in append.facts} | {(code, append.command)}
            reads = {(code, stream) for stream in append.expected}
            # What was put aside keeps its turn: nothing that would move its streams overtakes it.
            if writes & written or reads & written or writes & awaited:
                left.append(waiting)
                awaited |= reads
            else:
                batch.append(waiting)
            written |= writes
        self._waiting.extendleft(reversed(left))
        batch.sort(key=lambda waiting: waiting.tenant.code)
        return batch

    async def _persist(self, batch: list[_Waiting]) -> None:
        try:
            await self._send_patiently(batch)
        except psycopg.Error as error:
            if len(batch) == 1:
                raise AppendRefused(error.sqlstate, error.diag.message_primary) from error
            await self._apart(batch)

    async def _apart(self, batch: list[_Waiting]) -> None:
        """One of them fails the whole: tenant by tenant, then command by command."""
        tenants = [list(group) for _, group in groupby(batch, key=attrgetter("tenant.code"))]
        for part in tenants if len(tenants) > 1 else [[waiting] for waiting in batch]:
            try:
                await self._persist(part)
            except (AppendRefused, StoreUnavailable) as error:
                for waiting in part:
                    if not waiting.answer.done():
                        waiting.answer.set_exception(error)

    async def _send_patiently(self, batch: list[_Waiting]) -> None:
        """Sends a batch, again after a broken connection; `StoreUnavailable` in the end."""
        deadline = asyncio.get_running_loop().time() + self._patience
        pause = 0.05
        while True:
            try:
                async with self._database.bare() as connection:
                    await self._send(connection, batch)
            except (psycopg.OperationalError, OSError) as error:
                if asyncio.get_running_loop().time() + pause > deadline:
                    raise StoreUnavailable from error
                log.warning("append.connection_lost", waiting=len(self._waiting) + len(batch))
                await asyncio.sleep(pause)
                pause = min(pause * 2, 2.0)
            else:
                return

    async def _send(self, connection: Connection, batch: list[_Waiting]) -> None:
        packing.register(connection)
        groups = [list(group) for _, group in groupby(batch, key=attrgetter("tenant.code"))]
        # Outside a transaction block the call is its own transaction: one round trip, one commit.
        cursor = await connection.execute(_CALL, _arguments(groups), prepare=True, binary=True)
        for tenant, command, status, first, last, recorded_at in await cursor.fetchall():
            waiting = groups[tenant - 1][command - 1]
            if not waiting.answer.done():
                waiting.answer.set_result(
                    Appended(
                        status=status, first=first or 0, last=last or 0, recorded_at=recorded_at
                    )
                )


def _arguments(groups: Sequence[Sequence[_Waiting]]) -> list[packing.PackedArray]:
    """The batch as flat arrays; command numbers start from 1 within each tenant."""
    appends = [waiting.append for group in groups for waiting in group]
    numbered = [(n, w.append) for group in groups for n, w in enumerate(group, start=1)]
    expected = [(n, s, v) for n, append in numbered for s, v in append.expected.items()]
    facts = [(n, append, fact) for n, append in numbered for fact in append.facts]
    c_upto, e_upto, f_upto = [], [], []
    c = e = f = 0
    for group in groups:
        c += len(group)
        e += sum(len(waiting.append.expected) for waiting in group)
        f += sum(len(waiting.append.facts) for waiting in group)
        c_upto.append(c)
        e_upto.append(e)
        f_upto.append(f)
    return [
        packing.texts([group[0].tenant.serving_role for group in groups]),
        packing.texts([group[0].tenant.facts_schema for group in groups]),
        packing.ints(c_upto),
        packing.ints(e_upto),
        packing.ints(f_upto),
        packing.uuids([append.command for append in appends]),
        packing.byteas([append.fingerprint for append in appends]),
        packing.moments([append.now for append in appends]),
        packing.ints([n for n, _, _ in expected]),
        packing.uuids([stream for _, stream, _ in expected]),
        packing.ints([version for _, _, version in expected]),
        packing.ints([n for n, _, _ in facts]),
        packing.uuids([fact.id for _, _, fact in facts]),
        packing.uuids([fact.stream for _, _, fact in facts]),
        packing.ints([fact.version for _, _, fact in facts]),
        packing.texts([fact.name for _, _, fact in facts]),
        packing.moments([fact.occurred_at for _, _, fact in facts]),
        packing.texts([append.actor for _, append, _ in facts]),
        packing.uuids([fact.person for _, _, fact in facts]),
        packing.uuids([append.correlation for _, append, _ in facts]),
        packing.uuids([append.causation for _, append, _ in facts]),
        packing.byteas([fact.tags for _, _, fact in facts]),
        packing.byteas([fact.body for _, _, fact in facts]),
    ]
