"""
What a process spends on reads that fold a history again: how many at once, how long, of how much.

Who replays years of facts must not keep the others from writing theirs.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from core.domain.refusal import Refused
from core.http.problem import TooSlow

FACTS = 500_000
SECONDS = 30
AT_ONCE = 2


class LongReads:
    """The limits, and the places: `facts` in one history, `seconds` with the wait for a place."""

    def __init__(
        self, *, facts: int = FACTS, seconds: float = SECONDS, at_once: int = AT_ONCE
    ) -> None:
        self._facts = facts
        self._seconds = seconds
        self._places = asyncio.Semaphore(at_once)

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """One of the places, for as long as the time lasts; raises `TooSlow`."""
        try:
            async with asyncio.timeout(self._seconds), self._places:
                yield
        except TimeoutError:
            raise TooSlow from None

    def refusal(self, facts: int) -> Refused | None:
        """Why a history of this many facts is not replayed here, None when it may be."""
        if facts <= self._facts:
            return None
        return Refused("history_is_too_long", values={"limit": self._facts})
