"""Time is given, never taken: what needs the hour is handed a clock."""

from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Gives the present instant, in UTC, as seen by one tenant."""

    def now(self, tenant: str) -> datetime: ...


class SystemClock:
    """The machine's clock, the same for every tenant."""

    def now(self, tenant: str) -> datetime:
        del tenant
        return datetime.now(UTC)


class SimulatedClock:
    """A clock that each tenant's scenario moves forward; never back."""

    def __init__(self, start: datetime) -> None:
        self._start = start
        self._now: dict[str, datetime] = {}

    def now(self, tenant: str) -> datetime:
        return self._now.get(tenant, self._start)

    def advance(self, tenant: str, to: datetime) -> datetime:
        """Moves one tenant's time to an instant, unless it is already past it."""
        self._now[tenant] = max(self.now(tenant), to)
        return self._now[tenant]
