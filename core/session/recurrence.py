"""When the sessions of a series are to take place."""

from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from core.domain.days import PARIS


def weekly(
    first_on: date,
    at: time,
    occurrences: int,
    *,
    skipping: Collection[date] = (),
    weeks_apart: int = 1,
    zone: ZoneInfo = PARIS,
) -> tuple[datetime, ...]:
    """
    So many instants (in UTC), on the weekday of `first_on`, at one hour of the wall clock.

    The hour on the wall stays when clocks change: 14:00 is 13:00 UTC in winter and 12:00 in
    summer. A skipped date pushes the rest back: there are always `occurrences` of them.
    """
    days: list[date] = []
    day = first_on
    while len(days) < occurrences:
        if day not in skipping:
            days.append(day)
        day += timedelta(weeks=weeks_apart)
    return tuple(datetime.combine(day, at, tzinfo=zone).astimezone(UTC) for day in days)
