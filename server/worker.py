"""The worker: follows tenants when woken, delivers their policies, sweeps for those left behind.

dramatiq hands it one message at a time per thread; the work itself runs on one event loop, with
connections of its own, so that it is the same beside a server (`serve --all-in-one`) and apart
(`jalon work`).
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from typing import Any, Protocol

import dramatiq
import psycopg
import structlog
from dramatiq.asyncio import get_event_loop_thread
from dramatiq.broker import Broker
from dramatiq.middleware import Middleware

from core.database.pool import Database
from core.event_store.stored import StoreError
from core.tenancy import TenantDirectory, UnknownTenant
from core.workers import wakeups
from core.workers.broker import Queue
from core.workers.messages import FOLLOW, sender
from projections.engine import Engine

log = structlog.get_logger()

SWEEP_EVERY = 5.0
"""Seconds between two looks for tenants that stayed behind."""

LOST_AFTER = 60.0
"""Seconds after which a wake-up that no worker began is taken for lost."""


class Workshop(Protocol):
    """What a worker works with, on its own event loop."""

    @property
    def engine(self) -> Engine: ...

    @property
    def tenants(self) -> TenantDirectory: ...

    @property
    def home(self) -> Database:
        """The server that holds the queue's tables."""

    @property
    def queue_role(self) -> str: ...


class Worker:
    """A dramatiq worker and its workshop. `start` and `stop` block; call them from one thread."""

    def __init__(
        self,
        queue: Queue,
        workshop: Callable[[], AbstractAsyncContextManager[Workshop]],
        *,
        threads: int = 4,
        sweep_every: float = SWEEP_EVERY,
    ) -> None:
        self._queue = queue
        self._attendant = _Attendant(queue.broker, workshop, sweep_every)
        queue.broker.add_middleware(self._attendant)
        _declare(queue.broker, self._attendant)
        self._worker = dramatiq.Worker(queue.broker, worker_threads=threads, worker_timeout=200)

    def start(self) -> None:
        """Opens the workshop and begins; raises what opening raises."""
        self._worker.start()

    def stop(self) -> None:
        """Finishes the messages in hand, then closes the workshop and the queue."""
        self._worker.stop()
        self._queue.close()


def _declare(broker: Broker, attendant: "_Attendant") -> None:
    async def follow(tenant: str, position: int) -> None:
        await attendant.follow(tenant, position)

    dramatiq.actor(actor_name=FOLLOW, queue_name=FOLLOW, broker=broker)(follow)


class _Attendant(Middleware):
    """Opens the workshop on the worker's event loop once it runs, closes it before it stops."""

    def __init__(
        self,
        broker: Broker,
        workshop: Callable[[], AbstractAsyncContextManager[Workshop]],
        sweep_every: float,
    ) -> None:
        self._send = sender(broker)
        self._open_workshop = workshop
        self._sweep_every = sweep_every
        # Brokers keep a connection per thread: one thread, one connection.
        self._sender = ThreadPoolExecutor(1, thread_name_prefix="sweep")
        self._stack = AsyncExitStack()
        self._shop: Workshop | None = None

    def before_worker_boot(self, broker: Broker, worker: Any) -> None:
        del broker, worker
        _on_loop(self._open())

    def after_worker_shutdown(self, broker: Broker, worker: Any) -> None:
        # Middleware that came first ends last: the event loop still runs here.
        del broker, worker
        _on_loop(self._stack.aclose())
        self._sender.shutdown()

    @property
    def shop(self) -> Workshop:
        if self._shop is None:
            message = "the worker has not booted"
            raise RuntimeError(message)
        return self._shop

    async def follow(self, code: str, position: int) -> None:
        """One wake-up. Facts that come meanwhile send another: the mark is dropped first."""
        shop = self.shop
        await wakeups.begin(shop.home, shop.queue_role, code)
        try:
            tenant = shop.tenants.find(code)
        except UnknownTenant:
            log.warning("follow.unknown_tenant", tenant=code)
            return
        facts, delivered = await shop.engine.work(tenant)
        log.debug("follow.done", tenant=code, position=position, facts=facts, delivered=delivered)

    async def _open(self) -> None:
        self._shop = await self._stack.enter_async_context(self._open_workshop())
        sweeping = asyncio.create_task(self._sweep(), name="sweep")
        self._stack.push_async_callback(_end, sweeping)

    async def _sweep(self) -> None:
        """Wakes the tenants that are behind though nobody was told: a message got lost."""
        while True:
            try:
                await self._sweep_once()
            except (psycopg.Error, StoreError, OSError, ConnectionError) as error:
                log.warning("sweep.failed", error=type(error).__name__)
            await asyncio.sleep(self._sweep_every)

    async def _sweep_once(self) -> None:
        shop = self.shop
        for code in await wakeups.forget_lost(shop.home, shop.queue_role, LOST_AFTER):
            log.warning("wakeup.found_lost", tenant=code)
        behind = {}
        for tenant in shop.tenants.all():
            if lag := (await shop.engine.lag(tenant)).positions:
                behind[tenant.code] = lag
        for code in await wakeups.claim(shop.home, shop.queue_role, behind) if behind else ():
            await asyncio.get_running_loop().run_in_executor(
                self._sender, self._send, code, behind[code]
            )


def _on_loop(coroutine: Any) -> None:
    thread = get_event_loop_thread()
    if thread is None:
        message = "the AsyncIO middleware must come before the worker's own"
        raise RuntimeError(message)
    thread.run_coroutine(coroutine)


async def _end(task: "asyncio.Task[None]") -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
