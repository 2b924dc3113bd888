"""
What becomes of a departure to training: advised, then enrolled, which is when it counts.

Each fact names the person and the training, so that a figure or a person's record reads it alone.
"""

from typing import ClassVar

from core.domain.command import Code
from core.domain.event import Fact, PersonId, Subject
from core.domain.sealed import Sealed
from plugins.ravie.departure.vocabulary import AbandonReason


class TrainingAdvised(Fact, frozen=True, kw_only=True):
    """Someone was told of a training; it counts nowhere. `cycle`: where the advice was given."""

    stored_name: ClassVar[str] = "ravie.training_advised.v1"

    person: PersonId
    training: Code
    structure: Subject | None = None
    cycle: Subject | None = None


class TrainingEnrolled(Fact, frozen=True, kw_only=True):
    """The person has a place in a training, of `structure` when it is known."""

    stored_name: ClassVar[str] = "ravie.training_enrolled.v1"

    person: PersonId
    training: Code
    structure: Subject | None = None
    cycle: Subject | None = None


class TrainingStarted(Fact, frozen=True, kw_only=True):
    stored_name: ClassVar[str] = "ravie.training_started.v1"

    person: PersonId
    training: Code


class TrainingCompleted(Fact, frozen=True, kw_only=True):
    stored_name: ClassVar[str] = "ravie.training_completed.v1"

    person: PersonId
    training: Code


class TrainingAbandoned(Fact, frozen=True, kw_only=True):
    """Given up, before or after it began; `note` is under the person's key."""

    stored_name: ClassVar[str] = "ravie.training_abandoned.v1"

    person: PersonId
    training: Code
    reason: AbandonReason
    note: Sealed | None = None


FACTS: tuple[type[Fact], ...] = (
    TrainingAdvised,
    TrainingEnrolled,
    TrainingStarted,
    TrainingCompleted,
    TrainingAbandoned,
)
