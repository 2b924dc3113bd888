"""What a household has come to; `evolve` raises `ValueError` on a fact that does not fit."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import msgspec

from core.domain.decider import Aggregate
from core.domain.event import Recorded
from core.registers.households.events import (
    FACTS,
    HouseholdDissolved,
    HouseholdFormed,
    HouseholdMemberJoined,
    HouseholdMemberLeft,
)


class Household(msgspec.Struct, frozen=True, kw_only=True):
    """`members` gives since when each lives there, `latest` the last day that is told of."""

    formed_on: date
    latest: date
    members: Mapping[str, date] = {}
    left: Mapping[str, date] = {}
    dissolved_on: date | None = None


def evolve(household: Household | None, recorded: Recorded[Any]) -> Household:
    """The household after one more fact."""
    fact = recorded.fact
    if isinstance(fact, HouseholdFormed):
        return Household(formed_on=fact.on, latest=fact.on)
    if household is None or household.dissolved_on is not None:
        raise ValueError(fact.stored_name)
    change = msgspec.structs.replace
    match fact:
        case HouseholdMemberJoined():
            members = {**household.members, fact.person: fact.since}
            return change(household, members=members, latest=max(household.latest, fact.since))
        case HouseholdMemberLeft():
            members = {**household.members}
            if members.pop(fact.person, date.max) > fact.on:
                raise ValueError(fact.stored_name)
            left = {**household.left, fact.person: fact.on}
            latest = max(household.latest, fact.on)
            return change(household, members=members, left=left, latest=latest)
        case HouseholdDissolved():
            return change(household, members={}, dissolved_on=fact.on)
        case _:
            return household


HOUSEHOLD = Aggregate[Household](name="registers.household", facts=FACTS, evolve=evolve)
