"""Instants are told in days of the wall clock people live by, never in days of UTC."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")


def day_of(moment: datetime) -> date:
    """The day in Paris of an instant; SQL says `(x at time zone 'Europe/Paris')::date`."""
    return moment.astimezone(PARIS).date()


def noon_of(day: date, latest: datetime) -> datetime:
    """
    The instant at which what is told of a day takes its place: noon in Paris, `latest` at most.

    So that what happened today is not told as later than now.
    """
    return min(datetime.combine(day, time(12), PARIS), latest)


def end_of(day: date) -> datetime:
    """The last instant of a day in Paris, in UTC."""
    return datetime.combine(day, time.max, PARIS).astimezone(UTC)
