"""
What is recorded of a person as such: the facts of the person's own stream. Who they are is in the
directory, whose facts these are.

Each is about one person, under their own key; anyone else is named by id. Dates told as days are
days in Paris.
"""

from datetime import date
from typing import ClassVar

from core.domain.command import Code
from core.domain.event import Fact, PersonId, Subject
from core.domain.sealed import Sealed
from core.registers.people.vocabulary import (
    IdentityField,
    NoticeMeans,
    OppositionScope,
    RepresentationKind,
    Representing,
)


class PersonRegistered(Fact, frozen=True, kw_only=True):
    """A person became known to the tenant; the stream is the person's own."""

    stored_name: ClassVar[str] = "directory.person_registered.v1"

    person: PersonId


class IdentityCorrected(Fact, frozen=True, kw_only=True):
    """The directory was told better who the person is; `fields` says what of it, never how."""

    stored_name: ClassVar[str] = "directory.identity_corrected.v1"

    person: PersonId
    fields: tuple[IdentityField, ...]


class RepresentativeAppointed(Fact, frozen=True, kw_only=True):
    """
    Someone acts for the person in law, from `since`, up to the day `until` included if it has one.

    `representation` names this one among the others. No birth date and no day of majority: these
    are the directory's to tell.
    """

    stored_name: ClassVar[str] = "directory.representative_appointed.v1"

    person: PersonId
    representation: Subject
    kind: RepresentationKind
    representative: Subject
    representing: Representing
    since: date
    until: date | None = None


class RepresentationEnded(Fact, frozen=True, kw_only=True):
    """`on` is the last day of it; `reason` a code such as majority, emancipation, judgment."""

    stored_name: ClassVar[str] = "directory.representation_ended.v1"

    person: PersonId
    representation: Subject
    on: date
    reason: Code


class NoticeGiven(Fact, frozen=True, kw_only=True):
    """The person was told what is done with what is known of them, in this version of the text."""

    stored_name: ClassVar[str] = "directory.notice_given.v1"

    person: PersonId
    version: Code
    on: date
    means: NoticeMeans


class OppositionRaised(Fact, frozen=True, kw_only=True):
    """The person opposes (RGPD, article 21); `grounds` are their reasons, under their key."""

    stored_name: ClassVar[str] = "directory.opposition_raised.v1"

    person: PersonId
    scope: OppositionScope
    on: date
    grounds: Sealed | None = None


class OppositionWithdrawn(Fact, frozen=True, kw_only=True):
    stored_name: ClassVar[str] = "directory.opposition_withdrawn.v1"

    person: PersonId
    scope: OppositionScope
    on: date


class DuplicateProposed(Fact, frozen=True, kw_only=True):
    """Somebody thinks that `other` is the same person."""

    stored_name: ClassVar[str] = "directory.duplicate_proposed.v1"

    person: PersonId
    other: Subject
    reason: Code
    note: Sealed | None = None


class DuplicateDismissed(Fact, frozen=True, kw_only=True):
    """Somebody looked: `other` is another person, whatever they share."""

    stored_name: ClassVar[str] = "directory.duplicate_dismissed.v1"

    person: PersonId
    other: Subject
    reason: Code
    note: Sealed | None = None


class PersonsMerged(Fact, frozen=True, kw_only=True):
    """
    Two ids are of one person, who goes on as `kept`; told in both streams, `person` each time.

    Nothing moves: what was recorded under `merged` stays there and is read with what is `kept`.
    It takes its place when the later of the two was registered: they were one all along.
    """

    stored_name: ClassVar[str] = "directory.persons_merged.v1"

    person: PersonId
    kept: Subject
    merged: Subject
    reason: Code


class PersonsUnmerged(Fact, frozen=True, kw_only=True):
    """They were two people after all; told in both streams, in the place of the merge."""

    stored_name: ClassVar[str] = "directory.persons_unmerged.v1"

    person: PersonId
    kept: Subject
    merged: Subject
    reason: Code


FACTS: tuple[type[Fact], ...] = (
    PersonRegistered,
    IdentityCorrected,
    RepresentativeAppointed,
    RepresentationEnded,
    NoticeGiven,
    OppositionRaised,
    OppositionWithdrawn,
    DuplicateProposed,
    DuplicateDismissed,
    PersonsMerged,
    PersonsUnmerged,
)
