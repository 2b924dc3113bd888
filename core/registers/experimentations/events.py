"""
What happens in an experimentation, from its cahier des charges to what is made of it.

Free text is about nobody in particular and is under the key of the experimentation. Who takes part
is named by the ids of the registers; volunteers are counted, never listed.
"""

from datetime import date
from typing import Annotated, ClassVar

import msgspec

from core.domain.command import Code
from core.domain.event import Fact, Subject
from core.domain.sealed import Sealed
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

Sha256 = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]


class ExperimentationOpened(Fact, frozen=True, kw_only=True):
    """
    With its cahier des charges: `sentences` are those of `criteria`, in the same order.

    `ends_on` is the last day foreseen, `review_due_on` that of the interim review.
    """

    stored_name: ClassVar[str] = "registers.experimentation_opened.v1"

    scheme: Code
    title: Sealed
    structure: Subject | None = None
    territories: tuple[TerritoryCode, ...]
    starts_on: date
    ends_on: date
    review_due_on: date | None = None
    criteria: tuple[Criterion, ...]
    sentences: tuple[Sealed, ...]


class ExperimentationExtended(Fact, frozen=True, kw_only=True):
    """Its last day moves from one to a later one; the interim review may move with it."""

    stored_name: ClassVar[str] = "registers.experimentation_extended.v1"

    from_on: date
    to_on: date
    review_due_on: date | None = None
    reason: Code
    note: Sealed | None = None


class ProjectMemberJoined(Fact, frozen=True, kw_only=True):
    """A professional or a structure sits in the groupe projet; `role` says in what capacity."""

    stored_name: ClassVar[str] = "registers.project_member_joined.v1"

    member: Subject
    kind: MemberKind
    role: Code
    since: date


class ProjectMemberLeft(Fact, frozen=True, kw_only=True):
    """`on` is the last day as a member."""

    stored_name: ClassVar[str] = "registers.project_member_left.v1"

    member: Subject
    on: date
    reason: Code


class ProjectMeetingHeld(Fact, frozen=True, kw_only=True):
    """The groupe projet met: which members came, how many volunteers, what was decided."""

    stored_name: ClassVar[str] = "registers.project_meeting_held.v1"

    meeting: Subject
    on: date
    present: tuple[Subject, ...]
    excused: tuple[Subject, ...] = ()
    volunteers: int = 0
    decisions: tuple[Sealed, ...] = ()


class CriterionReviewed(Fact, frozen=True, kw_only=True):
    """A criterion was judged; `reason` says why one was not assessed."""

    stored_name: ClassVar[str] = "registers.criterion_reviewed.v1"

    stage: Stage
    criterion: Code
    on: date
    assessment: Assessment
    value: float | None = None
    reason: Code | None = None
    note: Sealed | None = None


class CommunicationMade(Fact, frozen=True, kw_only=True):
    """An inauguration, an article of the press, a leaflet; `sha256` is of the document."""

    stored_name: ClassVar[str] = "registers.communication_made.v1"

    action: Subject
    kind: Communication
    on: date
    title: Sealed | None = None
    sha256: Sha256 | None = None


class KitPublished(Fact, frozen=True, kw_only=True):
    """A version of the mallette de développement, for an audience."""

    stored_name: ClassVar[str] = "registers.kit_published.v1"

    version: Code
    audience: Code
    on: date


class KitHandedOver(Fact, frozen=True, kw_only=True):
    stored_name: ClassVar[str] = "registers.kit_handed_over.v1"

    version: Code
    structure: Subject
    on: date


class ExperimentationConcluded(Fact, frozen=True, kw_only=True):
    """What becomes of it, and whether it is to spread (essaimage)."""

    stored_name: ClassVar[str] = "registers.experimentation_concluded.v1"

    on: date
    outcome: Outcome
    spreading: Spreading
    conditions: Sealed | None = None


class ExperimentationSpread(Fact, frozen=True, kw_only=True):
    """Another territory took it up."""

    stored_name: ClassVar[str] = "registers.experimentation_spread.v1"

    territory: TerritoryCode
    structure: Subject | None = None
    on: date


FACTS: tuple[type[Fact], ...] = (
    ExperimentationOpened,
    ExperimentationExtended,
    ProjectMemberJoined,
    ProjectMemberLeft,
    ProjectMeetingHeld,
    CriterionReviewed,
    CommunicationMade,
    KitPublished,
    KitHandedOver,
    ExperimentationConcluded,
    ExperimentationSpread,
)
