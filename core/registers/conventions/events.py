"""
What happens to a convention: signed, amended, kept to, ended.

The date of each is that of its envelope; the dates in a body are those the convention itself sets.
"""

from typing import ClassVar

from core.domain.event import Fact, Subject
from core.registers.conventions.vocabulary import (
    Cents,
    ConventionKind,
    Day,
    DeliverableCode,
    Reason,
    TargetCode,
    TargetValue,
    WeeklyMinutes,
)


class ConventionSigned(Fact, frozen=True, kw_only=True):
    """
    Between structures, and the collectivité itself when it is a party (`with_tenant`).

    Its last day is included; without one it runs until somebody ends it.
    """

    stored_name: ClassVar[str] = "registers.convention_signed.v1"

    kind: ConventionKind
    parties: tuple[Subject, ...]
    with_tenant: bool
    starts_on: Day
    ends_on: Day | None = None
    amount_cents: Cents | None = None


class AvenantSigned(Fact, frozen=True, kw_only=True):
    """What it changes; what is left out stays as it was."""

    stored_name: ClassVar[str] = "registers.avenant_signed.v1"

    number: int
    ends_on: Day | None = None
    amount_cents: Cents | None = None


class PremisesLent(Fact, frozen=True, kw_only=True):
    """`place` is lent by a party; by the collectivité when `by` is None."""

    stored_name: ClassVar[str] = "registers.premises_lent.v1"

    place: Subject
    by: Subject | None = None
    weekly_minutes: WeeklyMinutes | None = None


class PremisesReturned(Fact, frozen=True, kw_only=True):
    stored_name: ClassVar[str] = "registers.premises_returned.v1"

    place: Subject


class DeliverableAgreed(Fact, frozen=True, kw_only=True):
    """A party owes it by the end of that day; the collectivité does when `by` is None."""

    stored_name: ClassVar[str] = "registers.deliverable_agreed.v1"

    deliverable: Subject
    code: DeliverableCode
    due_on: Day
    by: Subject | None = None


class DeliverablePostponed(Fact, frozen=True, kw_only=True):
    stored_name: ClassVar[str] = "registers.deliverable_postponed.v1"

    deliverable: Subject
    due_on: Day


class DeliverableDelivered(Fact, frozen=True, kw_only=True):
    stored_name: ClassVar[str] = "registers.deliverable_delivered.v1"

    deliverable: Subject


class DeliverableWaived(Fact, frozen=True, kw_only=True):
    """Nobody expects it any more."""

    stored_name: ClassVar[str] = "registers.deliverable_waived.v1"

    deliverable: Subject
    reason: Reason


class TargetSet(Fact, frozen=True, kw_only=True):
    """What is to be reached, by a day when one is set; set again, it takes the place of before."""

    stored_name: ClassVar[str] = "registers.target_set.v1"

    target: TargetCode
    value: TargetValue
    by_day: Day | None = None


class ConventionEnded(Fact, frozen=True, kw_only=True):
    """It came to its term, or the parties ended it together."""

    stored_name: ClassVar[str] = "registers.convention_ended.v1"

    reason: Reason


class ConventionDenounced(Fact, frozen=True, kw_only=True):
    """A party ends it alone (the collectivité when `by` is None)."""

    stored_name: ClassVar[str] = "registers.convention_denounced.v1"

    reason: Reason
    by: Subject | None = None


FACTS: tuple[type[Fact], ...] = (
    ConventionSigned,
    AvenantSigned,
    PremisesLent,
    PremisesReturned,
    DeliverableAgreed,
    DeliverablePostponed,
    DeliverableDelivered,
    DeliverableWaived,
    TargetSet,
    ConventionEnded,
    ConventionDenounced,
)
