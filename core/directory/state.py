"""What a person's own stream adds up to."""

from datetime import datetime
from typing import Any

import msgspec

from core.directory.events import PersonRegistered
from core.domain.decider import Aggregate
from core.domain.event import Recorded


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """A person known to the tenant, since when."""

    id: str
    known_since: datetime


def evolve(_state: Person | None, recorded: Recorded[Any]) -> Person:
    """A person's stream begins with the registration and holds nothing else yet."""
    return Person(id=recorded.stream, known_since=recorded.occurred_at)


PERSON = Aggregate[Person](name="directory.person", facts=(PersonRegistered,), evolve=evolve)
