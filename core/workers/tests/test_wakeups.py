"""Wake-ups over a real database, with a broker that fails, and with one that does not answer."""

import asyncio
import threading
from time import monotonic

import pytest
from dramatiq.errors import ConnectionClosed

from core.workers.broker import open_queue
from core.workers.messages import sender
from core.workers.wakeups import CLOSING, Wakeups, begin, claim, forget_lost
from tests.installation import Installation

pytestmark = pytest.mark.postgres

NOBODY_LISTENS = "amqp://guest:guest@127.0.0.1:1/"


async def test_a_tenant_is_claimed_once_until_a_worker_begins(installation: Installation) -> None:
    role = installation.names.queue
    async with installation.database() as home:
        assert await claim(home, role, {"69D": 3, "05D": 7}) == ["05D", "69D"]
        assert await claim(home, role, {"05D": 8, "69M": 1}) == ["69M"]
        await begin(home, role, "05D")
        assert await claim(home, role, {"05D": 8}) == ["05D"]


async def test_only_old_marks_are_taken_for_lost(installation: Installation) -> None:
    role = installation.names.queue
    async with installation.database() as home:
        await claim(home, role, {"05D": 1})
        assert await forget_lost(home, role, 3600.0) == []
        assert await forget_lost(home, role, 0.0) == ["05D"]
        assert await forget_lost(home, role, 0.0) == []


async def test_a_broker_that_failed_is_sent_to_again(installation: Installation) -> None:
    """Its own errors are none of Python's: they must not end what wakes."""
    sent: list[str] = []
    failed = asyncio.Event()
    loop = asyncio.get_running_loop()

    def send(tenant: str, position: int) -> None:
        del position
        if not failed.is_set():
            loop.call_soon_threadsafe(failed.set)
            raise ConnectionClosed("coupé")  # type: ignore[no-untyped-call]
        sent.append(tenant)

    async with installation.database() as home:
        async with Wakeups(home, installation.names.queue, send) as wakeups:
            wakeups.signal(installation.tenant("05D"), 1)
            async with asyncio.timeout(10):
                await failed.wait()
            wakeups.signal(installation.tenant("69D"), 1)
        # What was lost keeps its mark: the sweep finds it by that.
        assert sent == ["69D"]
        assert await forget_lost(home, installation.names.queue, 0.0) == ["05D", "69D"]


async def test_a_broker_that_is_away_keeps_nobody_from_working(installation: Installation) -> None:
    queue = open_queue(NOBODY_LISTENS, installation.conninfo("serve"), installation.names)
    role = installation.names.queue
    async with (
        installation.database() as home,
        Wakeups(home, role, sender(queue.broker)) as wakeups,
    ):
        wakeups.signal(installation.tenant(), 1)
    queue.close()


async def test_a_broker_that_does_not_answer_keeps_nobody_from_ending(
    installation: Installation,
) -> None:
    answered = threading.Event()

    def send(tenant: str, position: int) -> None:
        del tenant, position
        answered.wait(60)

    async with installation.database() as home:
        wakeups = Wakeups(home, installation.names.queue, send)
        async with wakeups:
            wakeups.signal(installation.tenant(), 1)
            began = monotonic()
        assert monotonic() - began < CLOSING + 2
    answered.set()
