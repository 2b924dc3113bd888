"""The worker over each broker: woken once, up again by itself, silent about what it reads."""

import asyncio
import io
import logging
import threading
from collections.abc import Awaitable, Callable, Iterator

import pytest
import structlog

from core.database.pool import UnsafeLogin
from core.observability import configure_logging
from core.workers.messages import sender
from core.workers.wakeups import Wakeups
from server.assembly import assembled
from server.tests.workers import Stand, caught_up, cycles, eventually, open_cycle

pytestmark = pytest.mark.postgres

BROKEN = "alter table read_05d.followed rename to elsewhere"
MENDED = "alter table read_05d.elsewhere rename to followed"


async def test_what_a_command_records_is_seen_in_the_read_models(stand: Stand) -> None:
    async with stand.parts() as parts:
        with stand.worker():
            await open_cycle(parts)
            await caught_up(parts)
            assert await cycles(parts) == 1
            # Woken anew, not found by a sweep: this worker sweeps only as it starts.
            await open_cycle(parts)
            await caught_up(parts)
            assert await cycles(parts) == 2
            assert await cycles(parts, "69D") == 0
            await caught_up(parts, "69D", "69M")
            await eventually(unmarked(stand))


async def test_a_thousand_signals_leave_one_message_and_one_mark(stand: Stand) -> None:
    queue = stand.queue()
    tenant = stand.installation.tenant()
    async with (
        stand.installation.database() as home,
        Wakeups(home, stand.site.names.queue, sender(queue.broker)) as wakeups,
    ):
        for position in range(1, 1001):
            wakeups.signal(tenant, position)
            if position % 100 == 0:
                # As commits come: in several bouts, most of them after the mark is there.
                await asyncio.sleep(0.03)
    queue.close()
    assert stand.outstanding() == 1
    assert [code for code, _ in stand.marks()] == ["05D"]


async def test_a_message_carries_a_tenant_and_a_position_only(stand: Stand) -> None:
    async with stand.parts() as parts:
        await open_cycle(parts)
        head = (await parts.engine.lag(parts.tenants.find("05D"))).head
    stored = {message["args"][0]: message for message in stand.stored()}
    assert set(stored) == {"05D", "69D", "69M"}
    message = stored["05D"]
    assert 0 < message["args"][1] <= head
    assert len(message["args"]) == 2
    assert (message["kwargs"], message["options"]) == ({}, {})


async def test_a_message_the_broker_lost_is_found_by_a_sweep(stand: Stand) -> None:
    async with stand.parts() as parts:
        await open_cycle(parts)
    assert len(stand.marks()) == 3
    stand.purge()
    async with stand.parts() as parts:
        with stand.worker(sweep_every=0.1, lost_after=0.1):
            await caught_up(parts, "05D", "69D", "69M")
            assert await cycles(parts) == 1


async def test_a_wake_up_that_was_never_sent_is_found_by_a_sweep(stand: Stand) -> None:
    async with stand.parts() as parts:
        with stand.worker(sweep_every=0.1):
            await caught_up(parts, "05D", "69D", "69M")
            async with assembled(stand.site, connections=4) as silent:
                await open_cycle(silent)
            await caught_up(parts)
            assert await cycles(parts) == 1


async def test_policies_left_behind_are_found_by_a_sweep(own_stand: Stand) -> None:
    """A worker may die between following and delivering."""
    async with own_stand.parts() as parts:
        await open_cycle(parts)
        tenant = parts.tenants.find("05D")
        await parts.engine.follow(tenant)
        lag = await parts.engine.lag(tenant)
        assert not any(lag.behind.values())
        assert lag.delivery > 0
    own_stand.purge()
    own_stand.do("delete from queue.wakeups")
    async with own_stand.parts() as parts:
        with own_stand.worker():
            await caught_up(parts)


async def test_what_a_sweep_sends_carries_the_last_position(own_stand: Stand) -> None:
    """Not how far behind: followed once, the two differ."""
    async with own_stand.parts() as parts:
        with own_stand.worker(sweep_every=0.1):
            await caught_up(parts, "05D", "69D", "69M")
            await eventually(left(own_stand, 0))
            with own_stand.held_up():
                async with assembled(own_stand.site, connections=4) as silent:
                    done = await open_cycle(silent)
                await eventually(left(own_stand, 1))
                assert own_stand.stored()[0]["args"] == ["05D", done.position]
            await caught_up(parts)


async def test_what_fails_is_tried_again_and_does_not_multiply(
    stand: Stand, lines: io.StringIO
) -> None:
    async with stand.parts() as parts:
        with stand.worker(sweep_every=0.05):
            await caught_up(parts, "05D", "69D", "69M")
            stand.do(BROKEN)
            for tries in range(1, 4):
                # Each is a wake-up of its own, beside those of the sweeps and the tries.
                await open_cycle(parts)
                await eventually(said(lines, FAILED, tries))
        await eventually(left(stand, 1))
        assert len(stand.marks()) == 1
        (message,) = stand.stored()
        assert message["args"][0] == "05D"
        # The trace of what failed may quote data: it stays out of the broker.
        assert set(message["options"]) <= {"retries", "requeue_timestamp", "eta"}
        stand.do(MENDED)
        with stand.worker():
            await caught_up(parts)
            await eventually(left(stand, 0))
        assert await cycles(parts) == 3
        differences = await parts.engine.differences(parts.tenants.find("05D"))
        assert not any(differences.values())


async def test_a_worker_whose_connections_are_cut_goes_on(stand: Stand) -> None:
    with stand.worker(sweep_every=0.2):
        workers = stand.connections()
        assert len(workers) > 1
        async with stand.parts() as parts:
            await open_cycle(parts)
            await caught_up(parts)
            stand.do("select pg_terminate_backend(pid) from unnest(%s) as pid", list(workers))
            await open_cycle(parts)
            await caught_up(parts)
            assert await cycles(parts) == 2


async def test_a_worker_that_cannot_open_says_why_and_leaves_nothing(own_stand: Stand) -> None:
    own_stand.do(f'alter role "{own_stand.site.names.project}" inherit')
    before = set(threading.enumerate())
    with pytest.raises(UnsafeLogin, match="INHERIT"), own_stand.worker():
        pass
    assert set(threading.enumerate()) <= before
    await eventually(disconnected(own_stand))


async def test_a_worker_that_stopped_leaves_no_thread_and_no_connection(stand: Stand) -> None:
    async with stand.parts() as parts:
        await open_cycle(parts)
    before = set(threading.enumerate())
    with stand.worker():
        assert set(threading.enumerate()) - before
        await eventually(left(stand, 0))
    assert set(threading.enumerate()) <= before
    await eventually(disconnected(stand))


async def test_no_log_line_tells_what_a_message_carries(stand: Stand, lines: io.StringIO) -> None:
    async with stand.parts() as parts:
        with stand.worker():
            await caught_up(parts, "05D", "69D", "69M")
            stand.do(BROKEN)
            await open_cycle(parts)
            await eventually(said(lines, FAILED))
            stand.do(MENDED)
            await caught_up(parts)
    foreign = [line for line in lines.getvalue().splitlines() if '"library.message"' in line]
    assert any('"logger":"dramatiq.' in line.replace(" ", "") for line in foreign)
    assert not [line for line in foreign if "05D" in line or "read_05d" in line]


FAILED = "Failed to process message"


def said(lines: io.StringIO, words: str, times: int = 1) -> Callable[[], Awaitable[bool]]:
    async def enough() -> bool:
        return lines.getvalue().count(words) >= times

    return enough


def left(stand: Stand, messages: int) -> Callable[[], Awaitable[bool]]:
    async def as_many() -> bool:
        return stand.outstanding() == messages

    return as_many


def unmarked(stand: Stand) -> Callable[[], Awaitable[bool]]:
    async def none() -> bool:
        return not stand.marks()

    return none


def disconnected(stand: Stand) -> Callable[[], Awaitable[bool]]:
    async def all_closed() -> bool:
        return not stand.connections()

    return all_closed


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """All that the process and its libraries would have written to the standard error."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    stream = io.StringIO()
    configure_logging("json", level="DEBUG", stream=stream)
    yield stream
    root.handlers[:] = before
    root.setLevel(level)
    structlog.reset_defaults()
