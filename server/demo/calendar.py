"""When the demonstration takes place: the same days for the same seed, whenever it is played."""

from datetime import UTC, datetime, timedelta

from core.indicator import Period

END = datetime(2026, 6, 30, 18, tzinfo=UTC)
"""Its last hour. It is past, so that what is recorded afterwards comes after it."""


def start_of(years: int) -> datetime:
    """Its first hour, so many years before the end."""
    return (END - timedelta(days=365.25 * years)).replace(hour=6, minute=0, second=0)


def period_of(years: int) -> Period:
    """All of its days, the last one too."""
    return Period(start_of(years).date(), END.date() + timedelta(days=1))
