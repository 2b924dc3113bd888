"""From stored lines to typed facts."""

from typing import Any

import msgspec

from core.domain.event import FactRegistry, Recorded, UnknownFact
from core.event_store.stored import StoredFact


class Undecodable(Exception):
    """A stored body that no longer decodes: which one, and what is wrong with it."""

    def __init__(self, stored: StoredFact, reason: str) -> None:
        # The body itself stays out of the message: messages end up in logs.
        super().__init__(f"{stored.name} at position {stored.position}: {reason}")
        self.stored = stored


def to_recorded(tenant: str, stored: StoredFact, registry: FactRegistry) -> Recorded[Any]:
    """The fact with its envelope; raises `Undecodable`."""
    try:
        fact = registry.decode(stored.name, stored.body)
    except UnknownFact as error:
        raise Undecodable(stored, "no installed module declares it") from error
    except msgspec.MsgspecError as error:
        raise Undecodable(stored, type(error).__name__) from error
    return Recorded(
        fact=fact,
        id=stored.id,
        tenant=tenant,
        stream=stored.stream,
        version=stored.version,
        position=stored.position,
        occurred_at=stored.occurred_at,
        recorded_at=stored.recorded_at,
        actor=stored.actor,
        person=stored.person,
        command=stored.command,
        correlation=stored.correlation,
        causation=stored.causation,
    )
