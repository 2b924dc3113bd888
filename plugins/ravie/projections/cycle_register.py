"""The register of cycles: one line a cycle, from its own facts and those of its sessions."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import msgspec

from core.domain.days import day_of
from core.domain.event import Recorded
from core.projection import Key, Projection
from core.session.events import (
    AttendanceRecorded,
    ExpertInvited,
    SessionCancelled,
    SessionHeld,
    SessionPlanned,
    SessionRescheduled,
)
from plugins.ravie.cycle.events import (
    FACTS,
    AnimateurDesignated,
    AnimateurEnded,
    CycleClosed,
    CycleInterrupted,
    CycleOpened,
    ParticipantEnrolled,
    ParticipantQueued,
    ParticipantWithdrawn,
    ProductionRecorded,
    QuestionsGathered,
)


class Seat(msgspec.Struct, frozen=True, kw_only=True):
    """One person's part: `state` is enrolled, waiting, withdrawn or unknown (never enrolled)."""

    person: str
    role: str
    state: str
    minutes: int = 0


class Slot(msgspec.Struct, frozen=True, kw_only=True):
    """One session in the calendar, at the latest times known: planned, moved, or real."""

    session: str
    number: int
    starts_at: datetime
    ends_at: datetime
    purpose: str | None
    modality: str
    state: str = "planned"


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """One question of the group; `text` is a token, under the key of the cycle."""

    session: str
    text: str


class Production(msgspec.Struct, frozen=True, kw_only=True):
    """What the group made; `title` is a token, under the key of the cycle."""

    kind: str
    title: str
    sha256: str | None


class CycleRegister(msgspec.Struct, frozen=True, kw_only=True):
    """
    One cycle. `flags` are the rules it does not keep; the counts follow from the tuples.

    `modality` is what was announced, `format` what the sessions held were, taken together.
    """

    cycle: str
    theme: str
    project: bool
    modality: str
    place: str | None
    animateur: str | None
    structure: str | None
    relais: str | None
    referentiel: str | None
    referentiel_version: int | None
    competences: tuple[str, ...]
    animateur_training: str | None
    model: str | None
    model_version: int | None
    deviates_on: tuple[str, ...]
    format: str
    state: str
    opened_on: date
    closed_on: date | None = None
    sessions: int
    session_minutes: int
    capacity_min: int
    capacity_max: int
    min_minutes: int
    planned: int = 0
    held: int = 0
    cancelled: int = 0
    enrolled: int = 0
    waiting: int = 0
    minutes: int = 0
    complete: int = 0
    experts: int = 0
    questions: int = 0
    productions: tuple[Production, ...] = ()
    animateurs: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    seats: tuple[Seat, ...] = ()
    calendar: tuple[Slot, ...] = ()
    invited: tuple[str, ...] = ()
    asked: tuple[Question, ...] = ()


_SESSION_FACTS = (
    SessionPlanned,
    SessionRescheduled,
    SessionCancelled,
    SessionHeld,
    AttendanceRecorded,
    ExpertInvited,
)


def _keys(recorded: Recorded[Any]) -> Iterator[Key]:
    if not isinstance(recorded.fact, _SESSION_FACTS):
        yield (recorded.stream,)
    elif recorded.fact.series is not None:
        yield (recorded.fact.series,)


def _fold(row: CycleRegister | None, recorded: Recorded[Any]) -> CycleRegister | None:
    if isinstance(recorded.fact, CycleOpened):
        return _opened(recorded, recorded.fact)
    # A series that is not a cycle is another module's.
    return None if row is None else _counted(_changed(row, recorded))


def _opened(recorded: Recorded[Any], fact: CycleOpened) -> CycleRegister:
    return CycleRegister(
        cycle=recorded.stream,
        theme=fact.theme,
        project=fact.kind == "project",
        modality=fact.modality,
        place=fact.place,
        animateur=fact.animateur,
        structure=fact.structure,
        relais=fact.relais,
        referentiel=fact.referentiel,
        referentiel_version=fact.referentiel_version,
        competences=fact.competences,
        animateur_training=fact.animateur_training,
        model=fact.model,
        model_version=fact.model_version,
        deviates_on=fact.deviates_on,
        format=fact.modality,
        state="open",
        opened_on=day_of(recorded.occurred_at),
        sessions=fact.sessions,
        session_minutes=fact.session_minutes,
        capacity_min=fact.capacity_min,
        capacity_max=fact.capacity_max,
        min_minutes=fact.min_minutes,
        animateurs=_with((), fact.animateur),
    )


def _changed(row: CycleRegister, recorded: Recorded[Any]) -> CycleRegister:
    change = msgspec.structs.replace
    match recorded.fact:
        case ParticipantEnrolled() as fact:
            return _seated(row, fact.person, role=fact.role, state="enrolled")
        case ParticipantQueued() as fact:
            return _seated(row, fact.person, role=fact.role, state="waiting")
        case ParticipantWithdrawn() as fact:
            return _seated(row, fact.person, state="withdrawn")
        case AnimateurDesignated() as fact:
            animateurs = _with(row.animateurs, fact.animateur)
            return change(row, animateur=fact.animateur, animateurs=animateurs)
        case AnimateurEnded():
            return change(row, animateur=None)
        case AttendanceRecorded() as fact:
            return _seated(row, fact.person, role=fact.profile, minutes=fact.minutes)
        case SessionPlanned() as fact:
            slot = Slot(
                session=recorded.stream,
                number=fact.number or 0,
                starts_at=fact.starts_at,
                ends_at=fact.ends_at,
                purpose=fact.purpose,
                modality=fact.modality,
            )
            return change(row, calendar=(*row.calendar, slot))
        case SessionRescheduled() as fact:
            moved = {} if fact.modality is None else {"modality": fact.modality}
            return _slotted(row, recorded, starts_at=fact.starts_at, ends_at=fact.ends_at, **moved)
        case SessionCancelled():
            return _slotted(row, recorded, state="cancelled")
        case SessionHeld() as fact:
            held = _slotted(
                row,
                recorded,
                state="held",
                starts_at=fact.started_at,
                ends_at=fact.ended_at,
                modality=fact.modality,
            )
            return change(held, animateurs=_with(row.animateurs, fact.animateur))
        case ExpertInvited() as fact:
            return change(row, invited=_with(row.invited, fact.expert))
        case QuestionsGathered() as fact:
            asked = (Question(session=fact.session, text=text) for text in fact.questions)
            return change(row, asked=(*row.asked, *asked))
        case ProductionRecorded() as fact:
            made = Production(kind=fact.kind, title=fact.title, sha256=fact.sha256)
            return change(row, productions=(*row.productions, made))
        case CycleClosed():
            return change(row, state="closed", closed_on=day_of(recorded.occurred_at))
        case CycleInterrupted():
            return change(row, state="interrupted", closed_on=day_of(recorded.occurred_at))
        case _:
            return row


def _seated(
    row: CycleRegister,
    person: str,
    *,
    role: str | None = None,
    state: str | None = None,
    minutes: int = 0,
) -> CycleRegister:
    seats = {seat.person: seat for seat in row.seats}
    seat = seats.get(person) or Seat(person=person, role=role or "", state="unknown")
    seats[person] = Seat(
        person=person,
        # The role is the one the person was enrolled in, not the one a line of a sheet repeats.
        role=seat.role if state is None else role or seat.role,
        state=state or seat.state,
        minutes=seat.minutes + minutes,
    )
    return msgspec.structs.replace(row, seats=tuple(seats.values()))


def _slotted(row: CycleRegister, recorded: Recorded[Any], **changes: Any) -> CycleRegister:
    calendar = tuple(
        msgspec.structs.replace(slot, **changes) if slot.session == recorded.stream else slot
        for slot in row.calendar
    )
    return msgspec.structs.replace(row, calendar=calendar)


def _counted(row: CycleRegister) -> CycleRegister:
    held = {slot.modality for slot in row.calendar if slot.state == "held"}
    return msgspec.structs.replace(
        row,
        # One way of holding them all, or both; what was announced until one is held.
        format=row.modality if not held else held.pop() if len(held) == 1 else "mixed",
        planned=sum(slot.state == "planned" for slot in row.calendar),
        held=sum(slot.state == "held" for slot in row.calendar),
        cancelled=sum(slot.state == "cancelled" for slot in row.calendar),
        enrolled=sum(seat.state == "enrolled" for seat in row.seats),
        waiting=sum(seat.state == "waiting" for seat in row.seats),
        minutes=sum(seat.minutes for seat in row.seats),
        complete=sum(seat.minutes >= row.min_minutes for seat in row.seats),
        experts=len(row.invited),
        questions=len(row.asked),
        flags=tuple(_flags(row)),
    )


def _flags(row: CycleRegister) -> Iterator[str]:
    enrolled = sum(seat.state == "enrolled" for seat in row.seats)
    held = [slot for slot in row.calendar if slot.state == "held"]
    if row.state == "interrupted" and not row.productions:
        yield "interrupted_without_production"
    if row.state == "closed" and len(held) < row.sessions:
        yield "fewer_sessions_than_planned"
    if held and enrolled < row.capacity_min:
        yield "group_below_minimum"
    if enrolled > row.capacity_max:
        yield "group_above_maximum"
    if any(seat.minutes and seat.state in ("waiting", "unknown") for seat in row.seats):
        yield "signed_without_a_place"
    standing = [slot for slot in row.calendar if slot.state != "cancelled"]
    first = min(standing, key=lambda slot: slot.starts_at, default=None)
    if first is not None and any(question.session != first.session for question in row.asked):
        yield "questions_after_first_session"


def _with(known: tuple[str, ...], one: str | None) -> tuple[str, ...]:
    return known if one is None else tuple(sorted({*known, one}))


CYCLE_REGISTER: Projection[CycleRegister] = Projection(
    name="ravie.cycle_register",
    version=1,
    row=CycleRegister,
    key=("cycle",),
    facts=(*FACTS, *_SESSION_FACTS),
    keys=_keys,
    fold=_fold,
    indexes=(("opened_on",), ("closed_on",), ("relais",)),
    structure="structure",
)
