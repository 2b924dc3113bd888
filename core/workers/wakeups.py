"""Telling workers that a tenant has new facts: at most one message outstanding per tenant.

A wake-up goes out after the commit, never inside it, and carries a tenant and a position, nothing
else. Losing one costs time only: the worker's sweep finds tenants that stay behind.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Self

import structlog

from core.database.pool import Database
from core.tenancy import Tenant
from core.workers.news import CHANNEL

log = structlog.get_logger()

DEBOUNCE = 0.02
"""Seconds during which commits are gathered before anyone is woken."""

PAUSE = 0.5
"""Seconds between two wake-ups of a tenant that keeps recording.

The first goes out at once; what comes meanwhile is followed together, at a third of the cost.
"""

CLOSING = 2.0
"""Seconds that a broker which does not answer may keep a process from ending."""

Send = Callable[[str, int], None]
"""Puts the message (tenant code, position) on the queue; blocking."""


class Wakeups:
    """Collects what was recorded and wakes a worker once per tenant.

    `signal` may be called from the loop that opened it only, and never waits.
    """

    def __init__(self, database: Database, queue_role: str, send: Send) -> None:
        self._database = database
        self._role = queue_role
        self._send = send
        self._waiting: dict[str, int] = {}
        self._woken: dict[str, float] = {}
        """When each tenant was last woken, on the loop's clock."""
        self._arrived = asyncio.Event()
        self._closing = False
        self._task: asyncio.Task[None] | None = None
        # Brokers keep a connection per thread: one thread, one connection.
        self._sender = ThreadPoolExecutor(1, thread_name_prefix="wakeups")

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._flush(), name="wakeups")
        return self

    async def __aexit__(self, *_: object) -> None:
        """Sends what waits, within `CLOSING` seconds, then stops."""
        self._closing = True
        self._arrived.set()
        answered = True
        if self._task is not None:
            await asyncio.wait([self._task], timeout=CLOSING)
            answered = self._task.done()
            self._task.cancel()
        # A thread that still waits for the broker ends when its queue is closed.
        self._sender.shutdown(wait=answered)

    def signal(self, tenant: Tenant, position: int) -> None:
        """A tenant has facts up to `position`."""
        self._waiting[tenant.code] = max(position, self._waiting.get(tenant.code, 0))
        self._arrived.set()

    async def _flush(self) -> None:
        loop = asyncio.get_running_loop()
        while not (self._closing and not self._waiting):
            await self._arrived.wait()
            if not self._closing:
                await asyncio.sleep(DEBOUNCE)
            self._arrived.clear()
            now = loop.time()
            due = {
                tenant: position
                for tenant, position in self._waiting.items()
                if self._closing or now - self._woken.get(tenant, -PAUSE) >= PAUSE
            }
            for tenant in due:
                del self._waiting[tenant]
                self._woken[tenant] = now
            if self._waiting:
                next_due = min(self._woken[tenant] for tenant in self._waiting) + PAUSE
                loop.call_at(next_due, self._arrived.set)
            if due:
                await self._wake(due)

    async def _wake(self, waiting: dict[str, int]) -> None:
        try:
            for tenant in await claim(self._database, self._role, waiting):
                await asyncio.get_running_loop().run_in_executor(
                    self._sender, self._send, tenant, waiting[tenant]
                )
        except Exception as error:
            # Each broker fails in its own words, and none may end the task: the facts are safe and
            # the sweep will find them.
            log.warning("wakeup.lost", tenants=len(waiting), error=type(error).__name__)


async def claim(database: Database, role: str, waiting: dict[str, int]) -> list[str]:
    """
    Marks tenants as woken; gives those that were not yet, in order.

    Tells whoever listens of all of them: a stream of facts waits for no worker.
    """
    async with database.scope(role) as connection:
        await connection.execute(
            """select pg_notify(%s, tenant || ' ' || position)
               from unnest(%s::text[], %s::bigint[]) as waiting(tenant, position)""",
            (CHANNEL, list(waiting), list(waiting.values())),
        )
        cursor = await connection.execute(
            """insert into queue.wakeups (tenant, position)
               select * from unnest(%s::text[], %s::bigint[]) on conflict do nothing
               returning tenant""",
            (list(waiting), list(waiting.values())),
        )
        return sorted(row[0] for row in await cursor.fetchall())


async def begin(database: Database, role: str, tenant: str) -> None:
    """The worker is about to follow a tenant: what is recorded from now on wakes one anew."""
    async with database.scope(role) as connection:
        await connection.execute("delete from queue.wakeups where tenant = %s", (tenant,))


async def forget_lost(database: Database, role: str, older_than: float) -> list[str]:
    """Drops the marks older than so many seconds, whose message must be lost; gives the tenants."""
    async with database.scope(role) as connection:
        cursor = await connection.execute(
            """delete from queue.wakeups
               where asked_at < clock_timestamp() - make_interval(secs => %s) returning tenant""",
            (older_than,),
        )
        return sorted(row[0] for row in await cursor.fetchall())
