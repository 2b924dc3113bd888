"""
What happens to a RAVie cycle. What happens to its sessions is in `core.session.events`.

A fact about a person is in the cycle's stream, one person a fact. Text of the group is under the
key of the cycle, text about a person under theirs.
"""

from typing import ClassVar

from core.domain.command import Code
from core.domain.event import Fact, PersonId, Subject
from core.domain.file import Sha256
from core.domain.sealed import Sealed
from core.session.vocabulary import Modality
from plugins.ravie.vocabulary import CycleKind, Role, ShapeSetting, WithdrawalReason


class CycleOpened(Fact, frozen=True, kw_only=True):
    """
    One theme, and the shape its cycle is to have.

    `min_minutes` is what a participant must have signed for the cycle to be complete for them.
    `structure` runs it: an organisme de formation, an association, seldom the département.
    `competences` are those the theme works on, in that version of the référentiel, which asks
    whoever animates the cycle for the training `animateur_training`; `deviates_on`,
    what this cycle has otherwise than its model, as the territory declared.
    """

    stored_name: ClassVar[str] = "ravie.cycle_opened.v1"

    theme: Code
    kind: CycleKind = "professional"
    sessions: int
    session_minutes: int
    weeks_apart: int
    capacity_min: int
    capacity_max: int
    min_minutes: int
    modality: Modality = "in_person"
    place: Subject | None = None
    animateur: Subject | None = None
    structure: Subject | None = None
    relais: Subject | None = None
    referentiel: Code | None = None
    referentiel_version: int | None = None
    competences: tuple[Code, ...] = ()
    animateur_training: Code | None = None
    model: Code | None = None
    model_version: int | None = None
    deviates_on: tuple[ShapeSetting, ...] = ()


class AnimateurDesignated(Fact, frozen=True, kw_only=True):
    """A professional conducts the cycle from now on; `CycleOpened` may name the first one."""

    stored_name: ClassVar[str] = "ravie.animateur_designated.v1"

    animateur: Subject


class AnimateurEnded(Fact, frozen=True, kw_only=True):
    """The professional no longer conducts the cycle."""

    stored_name: ClassVar[str] = "ravie.animateur_ended.v1"

    animateur: Subject
    reason: Code


class ParticipantEnrolled(Fact, frozen=True, kw_only=True):
    """The person has a place. `min_minutes` is the cycle's: a participation stands alone."""

    stored_name: ClassVar[str] = "ravie.participant_enrolled.v1"

    person: PersonId
    role: Role
    min_minutes: int
    from_waiting_list: bool = False


class ParticipantQueued(Fact, frozen=True, kw_only=True):
    """No place was free: the person waits, in the order of these facts."""

    stored_name: ClassVar[str] = "ravie.participant_queued.v1"

    person: PersonId
    role: Role
    min_minutes: int


class ParticipantWithdrawn(Fact, frozen=True, kw_only=True):
    """The person gives up their place, or no longer waits for one."""

    stored_name: ClassVar[str] = "ravie.participant_withdrawn.v1"

    person: PersonId
    reason: WithdrawalReason
    note: Sealed | None = None


class SessionsPlanned(Fact, frozen=True, kw_only=True):
    """These sessions are the cycle's: closing it asks what became of each."""

    stored_name: ClassVar[str] = "ravie.sessions_planned.v1"

    sessions: tuple[Subject, ...]


class QuestionsGathered(Fact, frozen=True, kw_only=True):
    """What the group wants to know, in its own words."""

    stored_name: ClassVar[str] = "ravie.questions_gathered.v1"

    session: Subject
    questions: tuple[Sealed, ...]


class ProductionRecorded(Fact, frozen=True, kw_only=True):
    """What the group made; `sha256` is of the file, when there is one."""

    stored_name: ClassVar[str] = "ravie.production_recorded.v1"

    kind: Code
    title: Sealed
    sha256: Sha256 | None = None


class CycleClosed(Fact, frozen=True, kw_only=True):
    """The cycle went to its end: a production, and no session left without an outcome."""

    stored_name: ClassVar[str] = "ravie.cycle_closed.v1"


class CycleInterrupted(Fact, frozen=True, kw_only=True):
    """The cycle stops before its end; without a production this is a non-conformity."""

    stored_name: ClassVar[str] = "ravie.cycle_interrupted.v1"

    reason: Code
    note: Sealed | None = None


FACTS: tuple[type[Fact], ...] = (
    CycleOpened,
    AnimateurDesignated,
    AnimateurEnded,
    ParticipantEnrolled,
    ParticipantQueued,
    ParticipantWithdrawn,
    SessionsPlanned,
    QuestionsGathered,
    ProductionRecorded,
    CycleClosed,
    CycleInterrupted,
)
