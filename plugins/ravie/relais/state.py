"""What a relais has come to, from its facts."""

from datetime import datetime
from typing import Any

import msgspec

from core.domain.decider import Aggregate
from core.domain.event import Recorded
from plugins.ravie.relais.events import (
    FACTS,
    PartnerAttached,
    PartnerLeft,
    RelaisClosed,
    RelaisOpened,
    RelaisResumed,
    RelaisSuspended,
)
from plugins.ravie.vocabulary import PartnerRole, RelaisStatus


class Relais(msgspec.Struct, frozen=True, kw_only=True):
    """`since` is when its status began; `partners` are structures with one role each."""

    structure: str | None
    place: str | None
    since: datetime
    status: RelaisStatus = "open"
    partners: frozenset[tuple[str, PartnerRole]] = frozenset()

    def status_at(self, moment: datetime) -> RelaisStatus:
        """A status counts from the day it began: what came before it, told late, is not refused."""
        return self.status if moment >= self.since else "open"


def evolve(relais: Relais | None, recorded: Recorded[Any]) -> Relais:
    """The relais after one more fact; raises `ValueError` on one that does not fit."""
    fact = recorded.fact
    if isinstance(fact, RelaisOpened):
        return Relais(structure=fact.structure, place=fact.place, since=recorded.occurred_at)
    if relais is None or relais.status == "closed":
        message = f"{fact.stored_name} for a relais that is not open"
        raise ValueError(message)
    change = msgspec.structs.replace
    match fact:
        case PartnerAttached() if (fact.structure, fact.role) not in relais.partners:
            return change(relais, partners=relais.partners | {(fact.structure, fact.role)})
        case PartnerLeft() if (fact.structure, fact.role) in relais.partners:
            return change(relais, partners=relais.partners - {(fact.structure, fact.role)})
        case RelaisSuspended() if relais.status == "open":
            return change(relais, status="suspended", since=recorded.occurred_at)
        case RelaisResumed() if relais.status == "suspended":
            return change(relais, status="open", since=recorded.occurred_at)
        case RelaisClosed():
            return change(relais, status="closed", since=recorded.occurred_at)
        case _:
            message = f"{fact.stored_name} does not fit the relais"
            raise ValueError(message)


def _structures(relais: Relais) -> frozenset[str]:
    return frozenset() if relais.structure is None else frozenset({relais.structure})


RELAIS: Aggregate[Relais] = Aggregate(
    name="ravie.relais", facts=FACTS, evolve=evolve, structures=_structures
)
