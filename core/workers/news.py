"""
Hearing that a tenant has new facts, for who waits for them here.

What this process records is heard at once; what others record comes over PostgreSQL's LISTEN, sent
after their commit with the wake-ups. Losing a word costs time only: who waits looks again by itself
from time to time.
"""

import asyncio
from contextlib import aclosing, suppress

import psycopg
import structlog

from core.database.pool import Database
from core.tenancy import Tenant

log = structlog.get_logger()

CHANNEL = "jalon_facts"
"""Its payloads are a tenant's code, a space, a position."""

AGAIN_AFTER = 1.0
"""Seconds before a connection that was lost is made again."""


class News:
    """
    How far each tenant's history is known to go. Belongs to one event loop.

    The connection that listens is made when someone first waits, and is not the pool's.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._heads: dict[str, int] = {}
        self._waiting: dict[str, set[asyncio.Future[None]]] = {}
        self._listening: asyncio.Task[None] | None = None
        self._established = asyncio.Event()
        self.closed = False

    def tell(self, tenant: Tenant, position: int) -> None:
        """This process recorded facts up to a position."""
        self._heard(tenant.code, position)

    async def listen(self) -> None:
        """Returns once others are heard too, or cannot be for now: to be called before reading."""
        if self._listening is None and not self.closed:
            self._listening = asyncio.create_task(self._listen(), name="news")
        with suppress(TimeoutError):
            await asyncio.wait_for(self._established.wait(), AGAIN_AFTER)

    async def wait(self, tenant: Tenant, position: int, seconds: float) -> bool:
        """Whether something beyond a position was heard of within so many seconds."""
        if self.closed or self._heads.get(tenant.code, 0) > position:
            return True
        heard: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        waiting = self._waiting.setdefault(tenant.code, set())
        waiting.add(heard)
        try:
            async with asyncio.timeout(seconds):
                await heard
        except TimeoutError:
            return False
        finally:
            waiting.discard(heard)
        return True

    def close(self) -> None:
        """Lets everyone go who waits, and stops listening."""
        self.closed = True
        if self._listening is not None:
            self._listening.cancel()
        self._established.set()
        for code in [*self._waiting]:
            self._wake(code)

    def _heard(self, code: str, position: int) -> None:
        if position > self._heads.get(code, 0):
            self._heads[code] = position
            self._wake(code)

    def _wake(self, code: str) -> None:
        for heard in self._waiting.get(code, ()):
            if not heard.done():
                heard.set_result(None)

    async def _listen(self) -> None:
        while True:
            try:
                async with aclosing(self._database.notifications(CHANNEL)) as payloads:
                    async for payload in payloads:
                        if payload is not None:
                            code, _, position = payload.partition(" ")
                            self._heard(code, int(position))
                            continue
                        self._established.set()
                        # What was said while nobody listened.
                        for code in [*self._waiting]:
                            self._wake(code)
            except (psycopg.OperationalError, OSError) as error:
                self._established.clear()
                log.warning("news.lost", error=type(error).__name__)
            await asyncio.sleep(AGAIN_AFTER)
