"""
How many requests an account may send, so that one caller in a loop does not starve the others.

Counted in the process that answers: several processes admit as many times more. Litestar's own
limiter knows no account (it runs before the token is read), and writes each request's time into a
store.
"""

import time
from collections.abc import Callable

WINDOW = 60.0
"""Seconds that the limit is given for."""

_MANY = 10_000


class TooMany(Exception):
    """The account has sent too much; `wait` is in seconds."""

    def __init__(self, wait: float) -> None:
        super().__init__(f"{wait:.1f} s")
        self.wait = wait


class Allowance:
    """
    So many requests a minute for each account: all at once after a silence, then evenly.

    One number an account: when what it has sent so far will be paid off (the generic cell rate
    algorithm of ITU-T I.371).
    """

    def __init__(self, per_minute: int, *, now: Callable[[], float] = time.monotonic) -> None:
        self._interval = WINDOW / per_minute
        self._now = now
        self._paid_off: dict[str, float] = {}

    def spend(self, account: str) -> None:
        """Takes one request off; raises `TooMany`, and then takes nothing."""
        now = self._now()
        if len(self._paid_off) > _MANY:
            self._paid_off = {each: at for each, at in self._paid_off.items() if at > now}
        due = max(self._paid_off.get(account, now), now) + self._interval
        if due - now > WINDOW + self._interval / 2:
            raise TooMany(due - now - WINDOW)
        self._paid_off[account] = due
