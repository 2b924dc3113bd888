"""
Each person's way through RAVie: cycles, hours, evaluations made, departures, waves.

Ids, codes and days only: who the person is, the directory alone knows, and what they answered is in
their evaluations.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any, TypeAlias

import msgspec

from core.domain.days import day_of
from core.domain.event import Recorded
from core.evaluation.events import EvaluationRecorded
from core.projection import Key, Projection
from core.session.events import AttendanceRecorded
from plugins.ravie.cycle.events import ParticipantEnrolled, ParticipantQueued, ParticipantWithdrawn
from plugins.ravie.departure.events import (
    TrainingAbandoned,
    TrainingAdvised,
    TrainingCompleted,
    TrainingEnrolled,
    TrainingStarted,
)
from plugins.ravie.departure.state import LEADS_TO
from plugins.ravie.follow_up.events import PersonAsked, WaveLeftUnanswered
from plugins.ravie.projections.evaluations import ours


class CyclePart(msgspec.Struct, frozen=True, kw_only=True):
    """One cycle, of whichever kind: that is the cycle's to say, and may be corrected there."""

    cycle: str
    role: str
    state: str
    enrolled_on: date | None = None
    minutes: int = 0
    attended: int = 0
    first_signed_on: date | None = None
    last_signed_on: date | None = None


class EvaluationPart(msgspec.Struct, frozen=True, kw_only=True):
    """That an evaluation was made, for a cycle or a wave (`series`); not what was answered."""

    evaluation: str
    series: str | None
    moment: str
    instrument: str
    version: int
    answered_on: date


class DeparturePart(msgspec.Struct, frozen=True, kw_only=True):
    """A departure to training; `since` is when it came to its `state`."""

    departure: str
    training: str
    cycle: str | None
    state: str
    enrolled_on: date | None
    since: date


class WavePart(msgspec.Struct, frozen=True, kw_only=True):
    """A wave the person was asked in; `outcome` is awaited, answered, declined or unreachable."""

    wave: str
    asked_on: date
    outcome: str = "awaited"


class ParticipantRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One person."""

    person: str
    cycles: tuple[CyclePart, ...] = ()
    evaluations: tuple[EvaluationPart, ...] = ()
    departures: tuple[DeparturePart, ...] = ()
    waves: tuple[WavePart, ...] = ()


_Joined: TypeAlias = ParticipantEnrolled | ParticipantQueued
_Left: TypeAlias = TrainingStarted | TrainingCompleted | TrainingAbandoned


def _keys(recorded: Recorded[Any]) -> Iterator[Key]:
    fact = recorded.fact
    if isinstance(fact, AttendanceRecorded) and fact.series is None:
        return
    if isinstance(fact, EvaluationRecorded) and (fact.person is None or not ours(fact)):
        return
    yield (fact.person,)


def _fold(row: ParticipantRecord | None, recorded: Recorded[Any]) -> ParticipantRecord | None:
    fact, day = recorded.fact, day_of(recorded.occurred_at)
    if isinstance(fact, AttendanceRecorded):
        # Of another module, or of someone whose enrolment was annulled: it counts nowhere here.
        return None if row is None else _signed(row, fact)
    person: str = fact.person
    row = row or ParticipantRecord(person=person)
    match fact:
        case ParticipantEnrolled() | ParticipantQueued():
            return _joined(row, recorded.stream, fact, day)
        case ParticipantWithdrawn():
            return _in_cycle(row, recorded.stream, state="withdrawn")
        case EvaluationRecorded():
            return _evaluated(row, recorded, fact, day)
        case PersonAsked():
            part = WavePart(wave=recorded.stream, asked_on=day)
            return msgspec.structs.replace(row, waves=(*row.waves, part))
        case WaveLeftUnanswered():
            return _in_wave(row, recorded.stream, fact.reason)
        case TrainingAdvised() | TrainingEnrolled():
            return _departed(row, recorded.stream, fact, day)
        case _:
            return _went_on(row, recorded.stream, fact, day)


def _joined(row: ParticipantRecord, cycle: str, fact: _Joined, day: date) -> ParticipantRecord:
    enrolled = isinstance(fact, ParticipantEnrolled)
    part = next((one for one in row.cycles if one.cycle == cycle), None) or CyclePart(
        cycle=cycle, role=fact.role, state="waiting"
    )
    part = msgspec.structs.replace(
        part,
        role=fact.role,
        state="enrolled" if enrolled else "waiting",
        enrolled_on=part.enrolled_on or (day if enrolled else None),
    )
    others = [one for one in row.cycles if one.cycle != cycle]
    return msgspec.structs.replace(row, cycles=(*others, part))


def _signed(row: ParticipantRecord, fact: AttendanceRecorded) -> ParticipantRecord:
    part = next((one for one in row.cycles if one.cycle == fact.series), None)
    if part is None or fact.minutes == 0:
        return row
    return _in_cycle(
        row,
        part.cycle,
        minutes=part.minutes + fact.minutes,
        attended=part.attended + 1,
        first_signed_on=min(part.first_signed_on or fact.held_on, fact.held_on),
        last_signed_on=max(part.last_signed_on or fact.held_on, fact.held_on),
    )


def _in_cycle(row: ParticipantRecord, cycle: str, **changes: Any) -> ParticipantRecord:
    cycles = tuple(
        msgspec.structs.replace(one, **changes) if one.cycle == cycle else one for one in row.cycles
    )
    return msgspec.structs.replace(row, cycles=cycles)


def _evaluated(
    row: ParticipantRecord, recorded: Recorded[Any], fact: EvaluationRecorded, day: date
) -> ParticipantRecord:
    part = EvaluationPart(
        evaluation=recorded.stream,
        series=fact.series,
        moment=fact.occasion,
        instrument=fact.instrument,
        version=fact.instrument_version,
        answered_on=day,
    )
    row = msgspec.structs.replace(row, evaluations=(*row.evaluations, part))
    return _in_wave(row, fact.series or "", "answered")


def _in_wave(row: ParticipantRecord, wave: str, outcome: str) -> ParticipantRecord:
    waves = tuple(
        msgspec.structs.replace(one, outcome=outcome) if one.wave == wave else one
        for one in row.waves
    )
    return msgspec.structs.replace(row, waves=waves)


def _departed(
    row: ParticipantRecord, departure: str, fact: TrainingAdvised | TrainingEnrolled, day: date
) -> ParticipantRecord:
    part = DeparturePart(
        departure=departure,
        training=fact.training,
        cycle=fact.cycle,
        state=LEADS_TO[type(fact)],
        enrolled_on=day if isinstance(fact, TrainingEnrolled) else None,
        since=day,
    )
    others = [one for one in row.departures if one.departure != departure]
    return msgspec.structs.replace(row, departures=(*others, part))


def _went_on(row: ParticipantRecord, departure: str, fact: _Left, day: date) -> ParticipantRecord:
    departures = tuple(
        msgspec.structs.replace(one, state=LEADS_TO[type(fact)], since=day)
        if one.departure == departure
        else one
        for one in row.departures
    )
    return msgspec.structs.replace(row, departures=departures)


PARTICIPANT_RECORD: Projection[ParticipantRecord] = Projection(
    name="ravie.participant_record",
    version=1,
    row=ParticipantRecord,
    key=("person",),
    facts=(
        ParticipantEnrolled,
        ParticipantQueued,
        ParticipantWithdrawn,
        AttendanceRecorded,
        EvaluationRecorded,
        TrainingAdvised,
        TrainingEnrolled,
        TrainingStarted,
        TrainingCompleted,
        TrainingAbandoned,
        PersonAsked,
        WaveLeftUnanswered,
    ),
    keys=_keys,
    fold=_fold,
)
