"""
Who lives together, since when and until when: one stream a household.

A person may be of several households at once, as a child of separated parents is.
"""

from datetime import date
from typing import ClassVar

from core.domain.command import Code
from core.domain.event import Fact, PersonId
from core.registers.people.vocabulary import HouseholdPlace


class HouseholdFormed(Fact, frozen=True, kw_only=True):
    stored_name: ClassVar[str] = "registers.household_formed.v1"

    on: date


class HouseholdMemberJoined(Fact, frozen=True, kw_only=True):
    stored_name: ClassVar[str] = "registers.household_member_joined.v1"

    person: PersonId
    place: HouseholdPlace
    since: date


class HouseholdMemberLeft(Fact, frozen=True, kw_only=True):
    """`on` is the last day there."""

    stored_name: ClassVar[str] = "registers.household_member_left.v1"

    person: PersonId
    on: date
    reason: Code


class HouseholdDissolved(Fact, frozen=True, kw_only=True):
    """Nobody of it lives together any more; whoever had not left did on that day."""

    stored_name: ClassVar[str] = "registers.household_dissolved.v1"

    on: date
    reason: Code


FACTS: tuple[type[Fact], ...] = (
    HouseholdFormed,
    HouseholdMemberJoined,
    HouseholdMemberLeft,
    HouseholdDissolved,
)
