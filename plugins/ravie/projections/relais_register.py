"""The register of relais: one line a relais, with every partner it has or had."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import msgspec

from core.domain.days import day_of
from core.domain.event import Recorded
from core.projection import Key, Projection
from plugins.ravie.relais.events import (
    FACTS,
    PartnerAttached,
    PartnerLeft,
    RelaisClosed,
    RelaisOpened,
    RelaisResumed,
    RelaisSuspended,
)


class PartnerLine(msgspec.Struct, frozen=True, kw_only=True):
    """A structure in one role, from a day on, until another one if it has left."""

    structure: str
    role: str
    convention: str | None
    since: date
    until: date | None = None


class RelaisRegister(msgspec.Struct, frozen=True, kw_only=True):
    """Un relais ; `partners` compte les structures présentes, chacune une fois."""

    relais: str
    name: str
    structure: str | None
    place: str | None
    commune: str | None
    address: str | None
    state: str
    opened_on: date
    closed_on: date | None = None
    partners: int = 0
    parts: tuple[PartnerLine, ...] = ()


def _keys(recorded: Recorded[Any]) -> Iterator[Key]:
    yield (recorded.stream,)


def _fold(row: RelaisRegister | None, recorded: Recorded[Any]) -> RelaisRegister | None:
    fact, day = recorded.fact, day_of(recorded.occurred_at)
    if isinstance(fact, RelaisOpened):
        return RelaisRegister(
            relais=recorded.stream,
            name=fact.name,
            structure=fact.structure,
            place=fact.place,
            commune=fact.commune,
            address=fact.address,
            state="open",
            opened_on=day,
        )
    return None if row is None else _counted(_changed(row, fact, day))


def _changed(row: RelaisRegister, fact: Any, day: date) -> RelaisRegister:
    change = msgspec.structs.replace
    match fact:
        case PartnerAttached():
            part = PartnerLine(
                structure=fact.structure, role=fact.role, convention=fact.convention, since=day
            )
            return change(row, parts=(*row.parts, part))
        case PartnerLeft():
            parts = tuple(
                change(part, until=day) if _stands(part, fact) else part for part in row.parts
            )
            return change(row, parts=parts)
        case RelaisSuspended():
            return change(row, state="suspended")
        case RelaisResumed():
            return change(row, state="open")
        case RelaisClosed():
            return change(row, state="closed", closed_on=day)
        case _:
            return row


def _stands(part: PartnerLine, left: PartnerLeft) -> bool:
    return part.until is None and (part.structure, part.role) == (left.structure, left.role)


def _counted(row: RelaisRegister) -> RelaisRegister:
    present = {part.structure for part in row.parts if part.until is None}
    return msgspec.structs.replace(row, partners=len(present))


RELAIS_REGISTER: Projection[RelaisRegister] = Projection(
    name="ravie.relais_register",
    version=1,
    row=RelaisRegister,
    key=("relais",),
    facts=FACTS,
    keys=_keys,
    fold=_fold,
    indexes=(("opened_on",),),
    structure="structure",
)
