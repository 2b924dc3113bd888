"""
What happens to a professional: a person at work, for one structure or several.

Who they are is in the people directory; each fact names the person, in whose timeline it is found.
The date of each is that of its envelope. A professional need not be a user of the software.
"""

from typing import ClassVar

from core.domain.event import Fact, PersonId, Subject
from core.registers.professionals.vocabulary import (
    EtpPercent,
    Function,
    LeavingReason,
    Qualification,
    Training,
    TrainingMinutes,
)


class ProfessionalRegistered(Fact, frozen=True, kw_only=True):
    stored_name: ClassVar[str] = "registers.professional_registered.v1"

    person: PersonId


class AssignmentStarted(Fact, frozen=True, kw_only=True):
    """The professional begins to exercise a function for a structure."""

    stored_name: ClassVar[str] = "registers.assignment_started.v1"

    person: PersonId
    assignment: Subject
    structure: Subject
    function: Function
    etp_percent: EtpPercent | None = None


class WorkingTimeChanged(Fact, frozen=True, kw_only=True):
    stored_name: ClassVar[str] = "registers.working_time_changed.v1"

    person: PersonId
    assignment: Subject
    etp_percent: EtpPercent


class AssignmentEnded(Fact, frozen=True, kw_only=True):
    stored_name: ClassVar[str] = "registers.assignment_ended.v1"

    person: PersonId
    assignment: Subject
    reason: LeavingReason


class QualificationObtained(Fact, frozen=True, kw_only=True):
    stored_name: ClassVar[str] = "registers.qualification_obtained.v1"

    person: PersonId
    qualification: Qualification


class TrainingFollowed(Fact, frozen=True, kw_only=True):
    """A training was followed to its end, on the day of the envelope; `by` is who gave it."""

    stored_name: ClassVar[str] = "registers.training_followed.v1"

    person: PersonId
    training: Training
    minutes: TrainingMinutes | None = None
    by: Subject | None = None


class AccountLinked(Fact, frozen=True, kw_only=True):
    """An account stands for this professional; `account` is its random id, never a login."""

    stored_name: ClassVar[str] = "registers.account_linked.v1"

    person: PersonId
    account: Subject


class AccountUnlinked(Fact, frozen=True, kw_only=True):
    stored_name: ClassVar[str] = "registers.account_unlinked.v1"

    person: PersonId
    account: Subject


class EngagementEnded(Fact, frozen=True, kw_only=True):
    """The person no longer works here, for any structure."""

    stored_name: ClassVar[str] = "registers.engagement_ended.v1"

    person: PersonId
    reason: LeavingReason


FACTS: tuple[type[Fact], ...] = (
    ProfessionalRegistered,
    AssignmentStarted,
    WorkingTimeChanged,
    AssignmentEnded,
    QualificationObtained,
    TrainingFollowed,
    AccountLinked,
    AccountUnlinked,
    EngagementEnded,
)
