"""Instants are told in days of the wall clock people live by, never in days of UTC."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")


def day_of(moment: datetime) -> date:
    """The day in Paris of an instant; SQL says `(x at time zone 'Europe/Paris')::date`."""
    return moment.astimezone(PARIS).date()
