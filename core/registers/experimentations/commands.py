"""What may be asked of an experimentation."""

from datetime import date
from typing import Annotated, ClassVar

import msgspec

from core.domain.command import Code, Command, SubjectId, Token
from core.registers.experimentations.events import Sha256
from core.registers.experimentations.vocabulary import (
    Assessment,
    Communication,
    Criterion,
    MemberKind,
    Outcome,
    Spreading,
    Stage,
    TerritoryCode,
)

Territories = Annotated[
    tuple[TerritoryCode, ...],
    msgspec.Meta(min_length=1, max_length=200, description="Où l'on expérimente."),
]
Volunteers = Annotated[
    int,
    msgspec.Meta(
        ge=0, le=1000, description="Volontaires présents, en nombre seulement.", examples=[3]
    ),
]
Members = Annotated[tuple[SubjectId, ...], msgspec.Meta(max_length=200)]


class OpenExperimentation(Command, frozen=True, kw_only=True):
    """`sentences` are those of `criteria`, in the same order."""

    name: ClassVar[str] = "registers.open_experimentation"

    experimentation: SubjectId
    scheme: Code
    title: Token
    structure: SubjectId | None = None
    territories: Territories
    starts_on: date
    ends_on: date
    review_due_on: date | None = None
    criteria: Annotated[tuple[Criterion, ...], msgspec.Meta(min_length=1, max_length=100)]
    sentences: tuple[Token, ...]


class ExtendExperimentation(Command, frozen=True, kw_only=True):
    name: ClassVar[str] = "registers.extend_experimentation"

    experimentation: SubjectId
    to_on: date
    review_due_on: date | None = None
    reason: Code
    note: Token | None = None


class JoinProject(Command, frozen=True, kw_only=True):
    name: ClassVar[str] = "registers.join_project"

    experimentation: SubjectId
    member: SubjectId
    kind: MemberKind
    role: Code
    since: date


class LeaveProject(Command, frozen=True, kw_only=True):
    name: ClassVar[str] = "registers.leave_project"

    experimentation: SubjectId
    member: SubjectId
    on: date
    reason: Code


class HoldProjectMeeting(Command, frozen=True, kw_only=True):
    name: ClassVar[str] = "registers.hold_project_meeting"

    experimentation: SubjectId
    meeting: SubjectId
    on: date
    present: Members
    excused: Members = ()
    volunteers: Volunteers = 0
    decisions: tuple[Token, ...] = ()


class ReviewCriterion(Command, frozen=True, kw_only=True):
    name: ClassVar[str] = "registers.review_criterion"

    experimentation: SubjectId
    stage: Stage
    criterion: Code
    on: date
    assessment: Assessment
    value: float | None = None
    reason: Code | None = None
    note: Token | None = None


class MakeCommunication(Command, frozen=True, kw_only=True):
    name: ClassVar[str] = "registers.make_communication"

    experimentation: SubjectId
    action: SubjectId
    kind: Communication
    on: date
    title: Token | None = None
    sha256: Sha256 | None = None


class PublishKit(Command, frozen=True, kw_only=True):
    name: ClassVar[str] = "registers.publish_kit"

    experimentation: SubjectId
    version: Code
    audience: Code
    on: date


class HandOverKit(Command, frozen=True, kw_only=True):
    name: ClassVar[str] = "registers.hand_over_kit"

    experimentation: SubjectId
    version: Code
    structure: SubjectId
    on: date


class ConcludeExperimentation(Command, frozen=True, kw_only=True):
    name: ClassVar[str] = "registers.conclude_experimentation"

    experimentation: SubjectId
    on: date
    outcome: Outcome
    spreading: Spreading
    conditions: Token | None = None


class SpreadExperimentation(Command, frozen=True, kw_only=True):
    name: ClassVar[str] = "registers.spread_experimentation"

    experimentation: SubjectId
    territory: TerritoryCode
    structure: SubjectId | None = None
    on: date
