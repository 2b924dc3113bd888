"""What may be asked of a departure to training."""

from typing import ClassVar

from core.domain.command import Code, Command, PersonRef, SubjectId, Token
from plugins.ravie.departure.vocabulary import AbandonReason


class AdviseTraining(Command, frozen=True, kw_only=True):
    """`cycle` is where the advice was given; None outside of any."""

    name: ClassVar[str] = "ravie.advise_training"

    departure: SubjectId
    person: PersonRef
    training: Code
    structure: SubjectId | None = None
    cycle: SubjectId | None = None


class RecordDeparture(Command, frozen=True, kw_only=True):
    """An enrolment that no advice was recorded before."""

    name: ClassVar[str] = "ravie.record_departure"

    departure: SubjectId
    person: PersonRef
    training: Code
    structure: SubjectId | None = None
    cycle: SubjectId | None = None


class EnrolInTraining(Command, frozen=True, kw_only=True):
    """The training and the structure are those advised, unless these say otherwise."""

    name: ClassVar[str] = "ravie.enrol_in_training"

    departure: SubjectId
    training: Code | None = None
    structure: SubjectId | None = None


class StartTraining(Command, frozen=True, kw_only=True):
    name: ClassVar[str] = "ravie.start_training"

    departure: SubjectId


class CompleteTraining(Command, frozen=True, kw_only=True):
    name: ClassVar[str] = "ravie.complete_training"

    departure: SubjectId


class AbandonTraining(Command, frozen=True, kw_only=True):
    """`note` is under the person's key."""

    name: ClassVar[str] = "ravie.abandon_training"

    departure: SubjectId
    reason: AbandonReason
    note: Token | None = None
