"""The worker: follows tenants when woken, delivers their policies, sweeps for those left behind.

dramatiq hands it one message at a time per thread; the work itself runs on one event loop, with
connections of its own, so that it is the same beside a server (`serve --all-in-one`) and apart
(`jalon work`).
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, AsyncExitStack, suppress
from typing import Any, Protocol

import dramatiq
import structlog
from dramatiq.asyncio import get_event_loop_thread
from dramatiq.broker import Broker
from dramatiq.errors import Retry
from dramatiq.middleware import Middleware, MiddlewareError

from core.database.pool import Database
from core.tenancy import Tenant, TenantDirectory, UnknownTenant
from core.workers import wakeups
from core.workers.broker import Queue
from core.workers.messages import FOLLOW, sender
from projections.engine import Engine
from projections.webhooks.postman import Postman
from projections.webhooks.rounds import Rounds

log = structlog.get_logger()

SWEEP_EVERY = 5.0
"""Seconds between two looks for tenants that stayed behind."""

LOST_AFTER = 30.0
"""
Seconds after which a wake-up that no worker began is taken for lost.

When it was only late, a second message goes out, which finds nothing left to do.
"""


PUT_BACK = 100
"""
Milliseconds before a message that a worker puts back as it leaves comes again.

Not 0: over PostgreSQL it would be claimed at once, and the acknowledgement of this try delete it.
"""


class Workshop(Protocol):
    """What a worker works with, on its own event loop."""

    @property
    def engine(self) -> Engine: ...

    @property
    def tenants(self) -> TenantDirectory: ...

    @property
    def postman(self) -> Postman: ...

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
        threads: int = 16,
        sweep_every: float = SWEEP_EVERY,
        lost_after: float = LOST_AFTER,
    ) -> None:
        self._queue = queue
        self._attendant = _Attendant(queue.broker, workshop, sweep_every, lost_after)
        queue.broker.add_middleware(self._attendant)
        _declare(queue.broker, self._attendant)
        self._worker = dramatiq.Worker(queue.broker, worker_threads=threads, worker_timeout=200)

    def start(self) -> None:
        """Opens the workshop and begins; raises what opening raises, with nothing left open."""
        try:
            self._worker.start()
        except NotOpened as error:
            self.stop()
            raise error.reason from None
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """
        Puts the messages in hand back, then closes the workshop and the queue.

        What was followed of them stays followed; the batch under way is undone.
        """
        try:
            self._worker.stop()
        finally:
            self._queue.close()


class NotOpened(MiddlewareError):
    """The workshop did not open. Of another class, dramatiq would begin to work without it."""

    def __init__(self, reason: Exception) -> None:
        super().__init__(str(reason))
        self.reason = reason


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
        lost_after: float,
    ) -> None:
        self._send = sender(broker)
        self._open_workshop = workshop
        self._sweep_every = sweep_every
        self._lost_after = lost_after
        # Brokers keep a connection per thread: one thread, one connection.
        self._sender = ThreadPoolExecutor(1, thread_name_prefix="sweep")
        self._stack = AsyncExitStack()
        self._shop: Workshop | None = None
        self._rounds: Rounds | None = None
        self._in_hand: set[asyncio.Task[tuple[int, int]]] = set()
        self._begun: list[str] = []
        self._leaving = False

    def before_worker_boot(self, broker: Broker, worker: Any) -> None:
        del broker, worker
        try:
            _on_loop(self._open())
        except Exception as error:
            raise NotOpened(error) from error

    def before_worker_shutdown(self, broker: Broker, worker: Any) -> None:
        # Not dramatiq's own interruption, which raises in its threads wherever they are, in the
        # midst of putting a message back for instance.
        del broker, worker
        _on_loop(self._let_go())

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
        if self._leaving:
            raise Retry(delay=PUT_BACK)
        self._begun.append(code)
        try:
            await self._follow(code, position)
        finally:
            self._begun.remove(code)

    async def _follow(self, code: str, position: int) -> None:
        shop = self.shop
        await wakeups.begin(shop.home, shop.queue_role, code)
        try:
            tenant = shop.tenants.find(code)
        except UnknownTenant:
            log.warning("follow.unknown_tenant", tenant=code)
            return
        work = asyncio.create_task(shop.engine.work(tenant))
        self._in_hand.add(work)
        try:
            facts, delivered = await work
        except (Exception, asyncio.CancelledError) as error:
            # The message is tried again with its mark, or left to the one that came meanwhile:
            # otherwise each would be tried for ever, and a tenant in trouble have more and more.
            if not await wakeups.claim(shop.home, shop.queue_role, {code: position}):
                told = log.debug if self._leaving else log.warning
                told("follow.left_to_the_next", tenant=code, error=type(error).__name__)
                return
            if self._leaving:
                raise Retry(delay=PUT_BACK) from None
            raise
        finally:
            self._in_hand.discard(work)
        log.debug("follow.done", tenant=code, position=position, facts=facts, delivered=delivered)
        self._send_webhooks(tenant)

    async def _open(self) -> None:
        self._shop = await self._stack.enter_async_context(self._open_workshop())
        self._rounds = Rounds(self._shop.postman)
        self._stack.push_async_callback(self._rounds.aclose)
        sweeping = asyncio.create_task(self._sweep(), name="sweep")
        self._stack.push_async_callback(_end, sweeping)

    async def _let_go(self) -> None:
        self._leaving = True
        for work in self._in_hand:
            work.cancel()

    def _send_webhooks(self, tenant: Tenant) -> None:
        if self._rounds is not None and not self._leaving:
            self._rounds.begin(tenant)

    async def _sweep(self) -> None:
        """Wakes the tenants that are behind though nobody was told: a message got lost."""
        while True:
            try:
                await self._sweep_once()
            except Exception as error:
                # Whatever it is, the next pass is the only one who finds what was lost.
                log.warning("sweep.failed", error=type(error).__name__)
            await asyncio.sleep(self._sweep_every)

    async def _sweep_once(self) -> None:
        shop = self.shop
        for code in await wakeups.forget_lost(shop.home, shop.queue_role, self._lost_after):
            log.warning("wakeup.found_lost", tenant=code)
            with suppress(UnknownTenant):  # which makes the directory look again
                shop.tenants.find(code)
        behind = {}
        for tenant in shop.tenants.all():
            if position := await self._left_behind(tenant):
                behind[tenant.code] = position
            if await self._has_webhooks_due(tenant):
                self._send_webhooks(tenant)
        for code in self._begun:
            # Behind, but not left: whoever dies with one message in hand had better not have two.
            behind.pop(code, None)
        for code in await wakeups.claim(shop.home, shop.queue_role, behind) if behind else ():
            await asyncio.get_running_loop().run_in_executor(
                self._sender, self._send, code, behind[code]
            )

    async def _left_behind(self, tenant: Tenant) -> int | None:
        """The last position of a tenant whose read models or policies have not come to it."""
        try:
            lag = await self.shop.engine.lag(tenant)
            if lag.positions:
                return lag.head
        except Exception as error:
            # One tenant in trouble does not keep the others from being found.
            log.warning("sweep.failed", tenant=tenant.code, error=type(error).__name__)
        return None

    async def _has_webhooks_due(self, tenant: Tenant) -> bool:
        """Whether something is to be tried again, or was left by a worker that died."""
        try:
            return bool(await self.shop.postman.due(tenant))
        except Exception as error:
            log.warning("sweep.failed", tenant=tenant.code, error=type(error).__name__)
        return False


def _on_loop(coroutine: Any) -> None:
    thread = get_event_loop_thread()
    if thread is None:
        message = "the AsyncIO middleware must come before the worker's own"
        raise RuntimeError(message)
    thread.run_coroutine(coroutine)


async def _end(task: "asyncio.Task[None]") -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
