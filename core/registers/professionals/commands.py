"""What may be asked about a professional."""

from typing import ClassVar

from core.domain.command import Command, PersonRef, SubjectId
from core.registers.professionals.vocabulary import (
    EtpPercent,
    Function,
    LeavingReason,
    Qualification,
    Training,
    TrainingMinutes,
)


class RegisterProfessional(Command, frozen=True, kw_only=True):
    """A structure and a function, when given, are those of a first assignment."""

    name: ClassVar[str] = "registers.register_professional"

    professional: SubjectId
    person: PersonRef
    structure: SubjectId | None = None
    function: Function | None = None
    etp_percent: EtpPercent | None = None


class StartAssignment(Command, frozen=True, kw_only=True):
    name: ClassVar[str] = "registers.start_assignment"

    professional: SubjectId
    structure: SubjectId
    function: Function
    etp_percent: EtpPercent | None = None


class ChangeWorkingTime(Command, frozen=True, kw_only=True):
    name: ClassVar[str] = "registers.change_working_time"

    professional: SubjectId
    assignment: SubjectId
    etp_percent: EtpPercent


class EndAssignment(Command, frozen=True, kw_only=True):
    name: ClassVar[str] = "registers.end_assignment"

    professional: SubjectId
    assignment: SubjectId
    reason: LeavingReason


class RecordQualification(Command, frozen=True, kw_only=True):
    name: ClassVar[str] = "registers.record_qualification"

    professional: SubjectId
    qualification: Qualification


class RecordTraining(Command, frozen=True, kw_only=True):
    """`by` is the structure that gave it."""

    name: ClassVar[str] = "registers.record_training"

    professional: SubjectId
    training: Training
    minutes: TrainingMinutes | None = None
    by: SubjectId | None = None


class LinkAccount(Command, frozen=True, kw_only=True):
    name: ClassVar[str] = "registers.link_account"

    professional: SubjectId
    account: SubjectId


class UnlinkAccount(Command, frozen=True, kw_only=True):
    name: ClassVar[str] = "registers.unlink_account"

    professional: SubjectId


class EndEngagement(Command, frozen=True, kw_only=True):
    """Ends the assignments that still run, on the same day and for the same reason."""

    name: ClassVar[str] = "registers.end_engagement"

    professional: SubjectId
    reason: LeavingReason
