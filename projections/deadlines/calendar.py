"""
What is due as an iCalendar (RFC 5545): whole days, an alarm before each, the same UID for ever.

Ids and sentences only: a calendar is copied by whoever hosts it, so nobody is named in it, nor even
told apart; a person's id is hashed into the UID.
"""

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta

from icalendar import Alarm, Calendar, Event

from projections.deadlines.due import Due

MEDIA_TYPE = "text/calendar; charset=utf-8"
REFRESH = timedelta(hours=6)
"""How often a calendar is told to ask again."""


def calendar(tenant: str, name: str, items: Iterable[Due], made_at: datetime) -> bytes:
    """The calendar of a tenant (code and name) of these deadlines."""
    made = Calendar()
    made.add("prodid", "-//Jalon//Échéances//FR")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", f"Jalon, {name}")
    made.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    for item in items:
        made.add_component(_event(tenant, item, made_at))
    written: bytes = made.to_ical()
    return written


def _event(tenant: str, item: Due, made_at: datetime) -> Event:
    event = Event()
    event.add("uid", f"{_digest(item.id)}@{tenant.lower()}.jalon")
    event.add("dtstamp", made_at)
    event.add("dtstart", item.due_on)
    event.add("dtend", item.due_on + timedelta(days=1))
    event.add("summary", item.sentence)
    event.add("description", f"{item.kind} {item.subject}")
    event.add("categories", [item.kind])
    event.add("transp", "TRANSPARENT")
    for day in item.reminders:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", item.sentence)
        alarm.add("trigger", day - item.due_on)
        event.add_component(alarm)
    return event


def _digest(identity: str) -> str:
    return hashlib.sha256(identity.encode()).hexdigest()[:32]
