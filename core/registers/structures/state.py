"""
What a structure has come to.

`evolve` raises `ValueError` on a fact that does not fit what came before: this is how a correction
or an annulment that would leave an incoherent history is found and refused.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

import msgspec

from core.domain.days import day_of
from core.domain.decider import Aggregate
from core.domain.event import Recorded
from core.registers.structures.events import (
    FACTS,
    DataRoleLeft,
    DataRoleTaken,
    StructureClosed,
    StructureIdentifiersChanged,
    StructureKindsChanged,
    StructureRegistered,
    StructureRenamed,
)
from core.registers.structures.identifiers import siren_is_valid, siret_is_valid
from core.registers.structures.vocabulary import DataRole


class Structure(msgspec.Struct, frozen=True, kw_only=True):
    """`data_roles` gives its part in each purpose, now."""

    id: str
    name: str
    kinds: tuple[str, ...]
    siren: str | None
    siret: str | None
    finess: str | None
    data_roles: Mapping[str, DataRole] = {}
    closed_on: date | None = None

    def closed_before(self, day: date) -> bool:
        """Whether the structure was closed on an earlier day, in Paris."""
        return self.closed_on is not None and self.closed_on < day


def evolve(structure: Structure | None, recorded: Recorded[Any]) -> Structure:
    """The structure after one more fact."""
    fact = recorded.fact
    if isinstance(fact, StructureRegistered):
        _expect_sound(fact.siren, fact.siret)
        return Structure(
            id=recorded.stream,
            name=fact.name,
            kinds=fact.kinds,
            siren=fact.siren,
            siret=fact.siret,
            finess=fact.finess,
        )
    if structure is None:
        message = f"{fact.stored_name} without a registered structure"
        raise ValueError(message)
    change = msgspec.structs.replace
    match fact:
        case StructureRenamed():
            return change(structure, name=fact.name)
        case StructureKindsChanged():
            return change(structure, kinds=fact.kinds)
        case StructureIdentifiersChanged():
            _expect_sound(fact.siren, fact.siret)
            return change(structure, siren=fact.siren, siret=fact.siret, finess=fact.finess)
        case DataRoleTaken():
            roles = {**structure.data_roles, fact.purpose: fact.role}
            return change(structure, data_roles=roles)
        case DataRoleLeft() if fact.purpose in structure.data_roles:
            roles = {**structure.data_roles}
            del roles[fact.purpose]
            return change(structure, data_roles=roles)
        case StructureClosed():
            return change(structure, closed_on=day_of(recorded.occurred_at))
        case _:
            message = f"{fact.stored_name} does not fit the structure"
            raise ValueError(message)


def _expect_sound(siren: str | None, siret: str | None) -> None:
    """A correction goes through no decision: wrong numbers do not come in that way either."""
    if siren is not None and not siren_is_valid(siren):
        raise ValueError("the SIREN has a wrong key")
    if siret is not None and not (siret_is_valid(siret) and siret[:9] == siren):
        raise ValueError("the SIRET has a wrong key, or is another company's")


STRUCTURE: Aggregate[Structure] = Aggregate(name="registers.structure", facts=FACTS, evolve=evolve)
