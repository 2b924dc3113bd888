"""What may be asked about a convention."""

from typing import Annotated, ClassVar

import msgspec

from core.domain.command import Command, SubjectId
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

Parties = Annotated[
    tuple[SubjectId, ...],
    msgspec.Meta(
        min_length=1,
        max_length=50,
        description="Structures signataires (UUID).",
        examples=[["01890a5d-ac96-774b-bcce-b302099a8057"]],
    ),
]


class SignConvention(Command, frozen=True, kw_only=True):
    name: ClassVar[str] = "registers.sign_convention"

    convention: SubjectId
    kind: ConventionKind
    parties: Parties
    with_tenant: bool = True
    starts_on: Day
    ends_on: Day | None = None
    amount_cents: Cents | None = None


class SignAvenant(Command, frozen=True, kw_only=True):
    name: ClassVar[str] = "registers.sign_avenant"

    convention: SubjectId
    ends_on: Day | None = None
    amount_cents: Cents | None = None


class LendPremises(Command, frozen=True, kw_only=True):
    name: ClassVar[str] = "registers.lend_premises"

    convention: SubjectId
    place: SubjectId
    by: SubjectId | None = None
    weekly_minutes: WeeklyMinutes | None = None


class ReturnPremises(Command, frozen=True, kw_only=True):
    name: ClassVar[str] = "registers.return_premises"

    convention: SubjectId
    place: SubjectId


class AgreeDeliverable(Command, frozen=True, kw_only=True):
    name: ClassVar[str] = "registers.agree_deliverable"

    convention: SubjectId
    code: DeliverableCode
    due_on: Day
    by: SubjectId | None = None


class PostponeDeliverable(Command, frozen=True, kw_only=True):
    name: ClassVar[str] = "registers.postpone_deliverable"

    convention: SubjectId
    deliverable: SubjectId
    due_on: Day


class Deliver(Command, frozen=True, kw_only=True):
    name: ClassVar[str] = "registers.deliver"

    convention: SubjectId
    deliverable: SubjectId


class WaiveDeliverable(Command, frozen=True, kw_only=True):
    name: ClassVar[str] = "registers.waive_deliverable"

    convention: SubjectId
    deliverable: SubjectId
    reason: Reason


class SetTarget(Command, frozen=True, kw_only=True):
    name: ClassVar[str] = "registers.set_target"

    convention: SubjectId
    target: TargetCode
    value: TargetValue
    by_day: Day | None = None


class EndConvention(Command, frozen=True, kw_only=True):
    name: ClassVar[str] = "registers.end_convention"

    convention: SubjectId
    reason: Reason


class DenounceConvention(Command, frozen=True, kw_only=True):
    name: ClassVar[str] = "registers.denounce_convention"

    convention: SubjectId
    reason: Reason
    by: SubjectId | None = None
