"""Long reads share few places and little time, so that others are answered."""

import asyncio

import pytest

from core.http.long_reads import LongReads
from core.http.problem import TooSlow


async def enter(reads: LongReads, until: asyncio.Event | None = None) -> None:
    async with reads.place():
        if until is not None:
            await until.wait()


async def test_a_long_read_waits_for_a_place() -> None:
    reads, over = LongReads(at_once=1), asyncio.Event()
    first = asyncio.create_task(enter(reads, over))
    second = asyncio.create_task(enter(reads))
    done, _ = await asyncio.wait([first, second], timeout=0.02)
    assert not done
    over.set()
    await asyncio.gather(first, second)


async def test_who_finds_no_place_in_time_is_told_so() -> None:
    with pytest.raises(TooSlow):
        await enter(LongReads(seconds=0.01, at_once=0))


async def test_a_read_that_takes_too_long_is_stopped_and_leaves_its_place() -> None:
    reads = LongReads(seconds=0.01, at_once=1)
    with pytest.raises(TooSlow):
        await enter(reads, asyncio.Event())
    await enter(reads)


def test_a_history_beyond_the_limit_is_refused_with_it() -> None:
    reads = LongReads(facts=10)
    assert reads.refusal(10) is None
    refused = reads.refusal(11)
    assert refused is not None
    assert (refused.code, refused.values) == ("history_is_too_long", {"limit": 10})
