"""The lines of an experimentation's row, and how a fact changes them."""

from collections.abc import Iterable
from datetime import date

import msgspec

from core.registers.experimentations.events import (
    CriterionReviewed,
    ExperimentationOpened,
    KitHandedOver,
    ProjectMemberLeft,
)


class Review(msgspec.Struct, frozen=True, kw_only=True):
    """How a criterion was judged; `note` is a token."""

    stage: str
    on: date
    assessment: str
    value: float | None = None
    reason: str | None = None
    note: str | None = None


class Criterion(msgspec.Struct, frozen=True, kw_only=True):
    """A criterion of the cahier des charges; `sentence` is a token."""

    criterion: str
    figure: str
    target: float | None
    sentence: str
    reviews: tuple[Review, ...] = ()


class Extension(msgspec.Struct, frozen=True, kw_only=True):
    """From one last day to another; `note` is a token."""

    from_on: date
    to_on: date
    reason: str
    note: str | None = None


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """One stay in the groupe projet; `meetings` are those held during it."""

    member: str
    kind: str
    role: str
    since: date
    until: date | None = None
    meetings: int = 0
    present: int = 0
    excused: int = 0


class Meeting(msgspec.Struct, frozen=True, kw_only=True):
    """A meeting of the groupe projet; `decisions` are tokens."""

    meeting: str
    on: date
    present: tuple[str, ...]
    excused: tuple[str, ...]
    volunteers: int
    decisions: tuple[str, ...]


class Action(msgspec.Struct, frozen=True, kw_only=True):
    """A communication action; `title` is a token."""

    action: str
    kind: str
    on: date
    title: str | None = None
    sha256: str | None = None


class Handed(msgspec.Struct, frozen=True, kw_only=True):
    """Who was handed a kit, and when."""

    structure: str
    on: date


class Kit(msgspec.Struct, frozen=True, kw_only=True):
    """A version of the mallette de développement."""

    version: str
    audience: str
    on: date
    handed: tuple[Handed, ...] = ()


class Spread(msgspec.Struct, frozen=True, kw_only=True):
    """A territory that took it up."""

    territory: str
    structure: str | None
    on: date


def opened_criteria(fact: ExperimentationOpened) -> tuple[Criterion, ...]:
    """The criteria with their sentences, none of them judged."""
    return tuple(
        Criterion(criterion=one.code, figure=one.figure, target=one.target, sentence=sentence)
        for one, sentence in zip(fact.criteria, fact.sentences, strict=True)
    )


def reviewed(criteria: Iterable[Criterion], fact: CriterionReviewed) -> tuple[Criterion, ...]:
    """The criteria once one of them was judged."""
    review = Review(
        stage=fact.stage,
        on=fact.on,
        assessment=fact.assessment,
        value=fact.value,
        reason=fact.reason,
        note=fact.note,
    )
    return tuple(
        msgspec.structs.replace(one, reviews=(*one.reviews, review))
        if one.criterion == fact.criterion
        else one
        for one in criteria
    )


def gone(members: Iterable[Member], fact: ProjectMemberLeft) -> tuple[Member, ...]:
    """The members once one of them left."""
    return tuple(
        msgspec.structs.replace(one, until=fact.on)
        if one.member == fact.member and one.until is None
        else one
        for one in members
    )


def attended(members: Iterable[Member], meetings: Iterable[Meeting]) -> tuple[Member, ...]:
    """The members with how often each came, or was excused, while they sat in the group."""
    held = tuple(meetings)
    return tuple(_attendance(one, held) for one in members)


def _attendance(member: Member, meetings: tuple[Meeting, ...]) -> Member:
    during = [
        one
        for one in meetings
        if member.since <= one.on and (member.until is None or one.on <= member.until)
    ]
    return msgspec.structs.replace(
        member,
        meetings=len(during),
        present=sum(member.member in one.present for one in during),
        excused=sum(member.member in one.excused for one in during),
    )


def handed_over(kits: Iterable[Kit], fact: KitHandedOver) -> tuple[Kit, ...]:
    """The kits once one was handed over."""
    handed = Handed(structure=fact.structure, on=fact.on)
    return tuple(
        msgspec.structs.replace(one, handed=(*one.handed, handed))
        if one.version == fact.version
        else one
        for one in kits
    )
