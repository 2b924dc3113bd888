"""What may be asked of a person's file."""

from datetime import date
from typing import ClassVar

from core.domain.command import Code, Command, PersonRef, SubjectId, Token
from core.registers.people.vocabulary import (
    NoticeMeans,
    OppositionScope,
    RepresentationKind,
    Representing,
)


class AppointRepresentative(Command, frozen=True, kw_only=True):
    name: ClassVar[str] = "directory.appoint_representative"

    person: PersonRef
    representation: SubjectId
    kind: RepresentationKind
    representative: SubjectId
    representing: Representing
    since: date
    until: date | None = None


class EndRepresentation(Command, frozen=True, kw_only=True):
    name: ClassVar[str] = "directory.end_representation"

    person: PersonRef
    representation: SubjectId
    on: date
    reason: Code


class GiveNotice(Command, frozen=True, kw_only=True):
    name: ClassVar[str] = "directory.give_notice"

    person: PersonRef
    version: Code
    on: date
    means: NoticeMeans


class RaiseOpposition(Command, frozen=True, kw_only=True):
    name: ClassVar[str] = "directory.raise_opposition"

    person: PersonRef
    scope: OppositionScope
    on: date
    grounds: Token | None = None


class WithdrawOpposition(Command, frozen=True, kw_only=True):
    name: ClassVar[str] = "directory.withdraw_opposition"

    person: PersonRef
    scope: OppositionScope
    on: date


class ProposeDuplicate(Command, frozen=True, kw_only=True):
    name: ClassVar[str] = "directory.propose_duplicate"

    person: PersonRef
    other: PersonRef
    reason: Code
    note: Token | None = None


class DismissDuplicate(Command, frozen=True, kw_only=True):
    name: ClassVar[str] = "directory.dismiss_duplicate"

    person: PersonRef
    other: PersonRef
    reason: Code
    note: Token | None = None


class MergePersons(Command, frozen=True, kw_only=True):
    """`merged` becomes another id of `kept`."""

    name: ClassVar[str] = "directory.merge_persons"

    kept: PersonRef
    merged: PersonRef
    reason: Code


class UnmergePersons(Command, frozen=True, kw_only=True):
    """`merged` stands by itself again."""

    name: ClassVar[str] = "directory.unmerge_persons"

    merged: PersonRef
    reason: Code
