"""What may be asked of a household."""

from datetime import date
from typing import Annotated, ClassVar

import msgspec

from core.domain.command import Code, Command, PersonRef, SubjectId
from core.registers.people.vocabulary import HouseholdPlace


class Member(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Une personne inscrite à l'annuaire, et sa place dans le foyer."""

    person: PersonRef
    place: Annotated[
        HouseholdPlace,
        msgspec.Meta(description="Adulte, enfant ou autre.", examples=["adult"]),
    ] = "adult"


Members = Annotated[
    tuple[Member, ...],
    msgspec.Meta(min_length=1, max_length=50, description="Qui vit dans le foyer."),
]


class FormHousehold(Command, frozen=True, kw_only=True):
    name: ClassVar[str] = "registers.form_household"

    household: SubjectId
    since: date
    members: Members


class JoinHousehold(Command, frozen=True, kw_only=True):
    name: ClassVar[str] = "registers.join_household"

    household: SubjectId
    person: PersonRef
    place: HouseholdPlace = "adult"
    since: date


class LeaveHousehold(Command, frozen=True, kw_only=True):
    name: ClassVar[str] = "registers.leave_household"

    household: SubjectId
    person: PersonRef
    on: date
    reason: Code


class DissolveHousehold(Command, frozen=True, kw_only=True):
    name: ClassVar[str] = "registers.dissolve_household"

    household: SubjectId
    on: date
    reason: Code
