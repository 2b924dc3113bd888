"""What may be asked of a RAVie cycle; of its sessions, see `plugins.ravie.session`."""

from datetime import date
from typing import Annotated, ClassVar

import msgspec

from core.domain.command import Code, Command, Moment, PersonRef, SubjectId, Token
from core.domain.file import Sha256
from core.session.vocabulary import Modality
from plugins.ravie.vocabulary import CycleKind, Role, WithdrawalReason

Sessions = Annotated[int, msgspec.Meta(ge=1, le=60)]
SessionMinutes = Annotated[int, msgspec.Meta(ge=15, le=720)]
WeeksApart = Annotated[int, msgspec.Meta(ge=1, le=8)]
Places = Annotated[int, msgspec.Meta(ge=1, le=200)]
WallClock = Annotated[
    str,
    msgspec.Meta(pattern="^([01][0-9]|2[0-3]):[0-5][0-9]$", description="Heure locale, « 14:00 »."),
]
Questions = Annotated[tuple[Token, ...], msgspec.Meta(min_length=1, max_length=100)]


class OpenCycle(Command, frozen=True, kw_only=True):
    """
    What is left out of the shape is the model's when the territory follows one, else as the tenant
    has set it; `min_minutes`: all of them. Structure and place are those of the relais.

    `outside_model`: the cycle is not one of the model, and is not counted as such.
    """

    name: ClassVar[str] = "ravie.open_cycle"

    cycle: SubjectId
    theme: Code
    kind: CycleKind = "professional"
    sessions: Sessions | None = None
    session_minutes: SessionMinutes | None = None
    weeks_apart: WeeksApart | None = None
    capacity_min: Places | None = None
    capacity_max: Places | None = None
    min_minutes: Annotated[int, msgspec.Meta(ge=1)] | None = None
    modality: Modality = "in_person"
    place: SubjectId | None = None
    animateur: SubjectId | None = None
    structure: SubjectId | None = None
    relais: SubjectId | None = None
    outside_model: bool = False


class EnrolParticipant(Command, frozen=True, kw_only=True):
    name: ClassVar[str] = "ravie.enrol_participant"

    cycle: SubjectId
    person: PersonRef
    role: Role


class WithdrawParticipant(Command, frozen=True, kw_only=True):
    """`note` is under the person's key."""

    name: ClassVar[str] = "ravie.withdraw_participant"

    cycle: SubjectId
    person: PersonRef
    reason: WithdrawalReason
    note: Token | None = None


class OfferFreedPlace(Command, frozen=True, kw_only=True):
    """Gives a free place to the first who waits, when there is one of each."""

    name: ClassVar[str] = "ravie.offer_freed_place"

    cycle: SubjectId


class PlanSessions(Command, frozen=True, kw_only=True):
    """
    Every session of the cycle: on the weekday of `first_on`, `at` that hour in Paris.

    `purposes` are what each is for, `modalities` how each is held, in order; none, or as many as
    there are sessions.
    """

    name: ClassVar[str] = "ravie.plan_sessions"

    cycle: SubjectId
    first_on: date
    at: WallClock
    skipping: tuple[date, ...] = ()
    purposes: tuple[Code, ...] = ()
    modalities: tuple[Modality, ...] = ()


class AddSession(Command, frozen=True, kw_only=True):
    """One session, in place of one that was cancelled or not planned."""

    name: ClassVar[str] = "ravie.add_session"

    cycle: SubjectId
    starts_at: Moment
    purpose: Code | None = None
    modality: Modality | None = None


class GatherQuestions(Command, frozen=True, kw_only=True):
    """`questions` are under the key of the cycle."""

    name: ClassVar[str] = "ravie.gather_questions"

    cycle: SubjectId
    session: SubjectId
    questions: Questions


class RecordProduction(Command, frozen=True, kw_only=True):
    """`title` is under the key of the cycle."""

    name: ClassVar[str] = "ravie.record_production"

    cycle: SubjectId
    kind: Code
    title: Token
    sha256: Sha256 | None = None


class CloseCycle(Command, frozen=True, kw_only=True):
    name: ClassVar[str] = "ravie.close_cycle"

    cycle: SubjectId


class InterruptCycle(Command, frozen=True, kw_only=True):
    """`note` is under the key of the cycle."""

    name: ClassVar[str] = "ravie.interrupt_cycle"

    cycle: SubjectId
    reason: Code
    note: Token | None = None
