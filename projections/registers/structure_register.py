"""The register of structures: one line a structure, with what it was before."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import msgspec

from core.domain.days import day_of
from core.domain.event import Recorded
from core.projection import Key, Projection
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
from core.registers.structures.identifiers import finess_fits_its_key


class FormerName(msgspec.Struct, frozen=True, kw_only=True):
    """A name the structure no longer has, and the day it gave it up."""

    name: str
    until: date


class DataPart(msgspec.Struct, frozen=True, kw_only=True):
    """Who the structure is, for one purpose, in the sense of the GDPR; `until` is excluded."""

    purpose: str
    role: str
    since: date
    until: date | None = None


class StructureRow(msgspec.Struct, frozen=True, kw_only=True):
    """
    One structure. The same SIREN in another tenant is the same legal body.

    `flags`: `finess_key` when the FINESS number does not end with its key.
    """

    structure: str
    name: str
    kinds: tuple[str, ...]
    siren: str | None
    siret: str | None
    finess: str | None
    open: bool
    registered_on: date
    closed_on: date | None = None
    closing_reason: str | None = None
    flags: tuple[str, ...] = ()
    data_roles: tuple[DataPart, ...] = ()
    former_names: tuple[FormerName, ...] = ()


def _keys(recorded: Recorded[Any]) -> Iterator[Key]:
    yield (recorded.stream,)


def _fold(row: StructureRow | None, recorded: Recorded[Any]) -> StructureRow | None:
    fact, day = recorded.fact, day_of(recorded.occurred_at)
    if isinstance(fact, StructureRegistered):
        return StructureRow(
            structure=recorded.stream,
            name=fact.name,
            kinds=fact.kinds,
            siren=fact.siren,
            siret=fact.siret,
            finess=fact.finess,
            open=True,
            registered_on=day,
            flags=_flags(fact.finess),
        )
    if row is None:
        return None
    change = msgspec.structs.replace
    match fact:
        case StructureRenamed():
            former = FormerName(name=row.name, until=day)
            return change(row, name=fact.name, former_names=(*row.former_names, former))
        case StructureKindsChanged():
            return change(row, kinds=fact.kinds)
        case StructureIdentifiersChanged():
            return change(
                row,
                siren=fact.siren,
                siret=fact.siret,
                finess=fact.finess,
                flags=_flags(fact.finess),
            )
        case DataRoleTaken():
            taken = DataPart(purpose=fact.purpose, role=fact.role, since=day)
            return change(row, data_roles=(*_left(row.data_roles, fact.purpose, day), taken))
        case DataRoleLeft():
            return change(row, data_roles=_left(row.data_roles, fact.purpose, day))
        case StructureClosed():
            return change(row, open=False, closed_on=day, closing_reason=fact.reason)
        case _:
            return row


def _left(parts: tuple[DataPart, ...], purpose: str, day: date) -> tuple[DataPart, ...]:
    return tuple(
        msgspec.structs.replace(part, until=day)
        if part.purpose == purpose and part.until is None
        else part
        for part in parts
    )


def _flags(finess: str | None) -> tuple[str, ...]:
    return () if finess is None or finess_fits_its_key(finess) else ("finess_key",)


STRUCTURE_REGISTER: Projection[StructureRow] = Projection(
    name="registers.structure_register",
    version=1,
    row=StructureRow,
    key=("structure",),
    facts=FACTS,
    keys=_keys,
    fold=_fold,
    indexes=(("name",), ("siren",)),
)
