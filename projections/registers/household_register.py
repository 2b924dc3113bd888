"""The register of households: one line a household, who lives there and who did."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import msgspec

from core.domain.event import Recorded
from core.projection import Key, Projection
from core.registers.households.events import (
    FACTS,
    HouseholdDissolved,
    HouseholdFormed,
    HouseholdMemberJoined,
    HouseholdMemberLeft,
)


class HouseholdMember(msgspec.Struct, frozen=True, kw_only=True):
    """One stay of a person; `until` is the last day there, None while they live there."""

    person: str
    place: str
    since: date
    until: date | None = None
    reason: str | None = None


class HouseholdRow(msgspec.Struct, frozen=True, kw_only=True):
    """One household; `people` are all who ever lived there, `present` those who do."""

    household: str
    formed_on: date
    dissolved_on: date | None = None
    dissolving_reason: str | None = None
    present: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    members: tuple[HouseholdMember, ...] = ()


def _keys(recorded: Recorded[Any]) -> Iterator[Key]:
    yield (recorded.stream,)


def _fold(row: HouseholdRow | None, recorded: Recorded[Any]) -> HouseholdRow | None:
    fact = recorded.fact
    if isinstance(fact, HouseholdFormed):
        return HouseholdRow(household=recorded.stream, formed_on=fact.on)
    if row is None:
        return None
    match fact:
        case HouseholdMemberJoined():
            one = HouseholdMember(person=fact.person, place=fact.place, since=fact.since)
            return _with(row, (*row.members, one))
        case HouseholdMemberLeft():
            return _with(row, _gone(row, fact.on, fact.reason, fact.person))
        case HouseholdDissolved():
            dissolved = msgspec.structs.replace(
                row, dissolved_on=fact.on, dissolving_reason=fact.reason
            )
            return _with(dissolved, _gone(row, fact.on, fact.reason))
        case _:
            return row


def _gone(
    row: HouseholdRow, on: date, reason: str, person: str | None = None
) -> tuple[HouseholdMember, ...]:
    """The members once one of them, or all who were left, went."""
    return tuple(
        msgspec.structs.replace(one, until=on, reason=reason)
        if one.until is None and person in (None, one.person)
        else one
        for one in row.members
    )


def _with(row: HouseholdRow, members: tuple[HouseholdMember, ...]) -> HouseholdRow:
    return msgspec.structs.replace(
        row,
        members=members,
        people=tuple(sorted({one.person for one in members})),
        present=tuple(sorted(one.person for one in members if one.until is None)),
    )


HOUSEHOLD_REGISTER: Projection[HouseholdRow] = Projection(
    name="registers.household_register",
    version=1,
    row=HouseholdRow,
    key=("household",),
    facts=FACTS,
    keys=_keys,
    fold=_fold,
    indexes=(("formed_on",),),
)
