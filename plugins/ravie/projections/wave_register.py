"""The register of follow-up waves: one line a wave, who was asked and what became of it."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import msgspec

from core.domain.days import day_of
from core.domain.event import Recorded
from core.evaluation.events import EvaluationRecorded
from core.projection import Key, Projection
from plugins.ravie.follow_up.events import (
    PersonAsked,
    ReminderSent,
    WaveClosed,
    WaveLeftUnanswered,
    WaveOpened,
)
from plugins.ravie.projections.evaluations import ours


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """
    One person of a wave: `outcome` is awaited, answered, declined or unreachable.

    What they answered is in `evaluation`, for who may read it.
    """

    person: str
    cycle: str
    asked_on: date
    reminders: int = 0
    last_reminded_on: date | None = None
    outcome: str = "awaited"
    outcome_on: date | None = None
    evaluation: str | None = None


class WaveRow(msgspec.Struct, frozen=True, kw_only=True):
    """One wave; the counts follow from `people`. The response rate is `answered` over `asked`."""

    wave: str
    state: str
    months: int
    instrument: str
    instrument_version: int
    opened_on: date
    due_on: date
    closed_on: date | None = None
    assigned: str | None
    structure: str | None
    asked: int = 0
    answered: int = 0
    declined: int = 0
    unreachable: int = 0
    reminders: int = 0
    cycles: tuple[str, ...] = ()
    people: tuple[Asked, ...] = ()


def _keys(recorded: Recorded[Any]) -> Iterator[Key]:
    if not isinstance(recorded.fact, EvaluationRecorded):
        yield (recorded.stream,)
    elif recorded.fact.series is not None and ours(recorded.fact):
        yield (recorded.fact.series,)


def _fold(row: WaveRow | None, recorded: Recorded[Any]) -> WaveRow | None:
    fact, day = recorded.fact, day_of(recorded.occurred_at)
    if isinstance(fact, WaveOpened):
        return WaveRow(
            wave=recorded.stream,
            state="open",
            months=fact.months,
            instrument=fact.instrument,
            instrument_version=fact.instrument_version,
            opened_on=day,
            due_on=fact.due_on,
            assigned=fact.assigned,
            structure=fact.structure,
            cycles=fact.cycles,
        )
    if row is None:
        return None  # the evaluation of a cycle
    match fact:
        case WaveClosed():
            return msgspec.structs.replace(row, state="closed", closed_on=day)
        case PersonAsked():
            one = Asked(person=fact.person, cycle=fact.cycle, asked_on=day)
            return _counted(row, (*row.people, one))
        case ReminderSent():
            return _changed(row, fact.person, last_reminded_on=day, reminders=1)
        case WaveLeftUnanswered():
            return _changed(row, fact.person, outcome=fact.reason, outcome_on=day)
        case EvaluationRecorded(person=str() as person):
            return _changed(
                row, person, outcome="answered", outcome_on=day, evaluation=recorded.stream
            )
        case _:
            return row


def _changed(row: WaveRow, person: str, *, reminders: int = 0, **changes: Any) -> WaveRow:
    people = tuple(
        msgspec.structs.replace(one, reminders=one.reminders + reminders, **changes)
        if one.person == person
        else one
        for one in row.people
    )
    return _counted(row, people)


def _counted(row: WaveRow, people: tuple[Asked, ...]) -> WaveRow:
    outcomes = [one.outcome for one in people]
    return msgspec.structs.replace(
        row,
        people=people,
        asked=len(people),
        answered=outcomes.count("answered"),
        declined=outcomes.count("declined"),
        unreachable=outcomes.count("unreachable"),
        reminders=sum(one.reminders for one in people),
    )


WAVE_REGISTER: Projection[WaveRow] = Projection(
    name="ravie.wave_register",
    version=1,
    row=WaveRow,
    key=("wave",),
    facts=(
        WaveOpened,
        PersonAsked,
        ReminderSent,
        WaveLeftUnanswered,
        WaveClosed,
        EvaluationRecorded,
    ),
    keys=_keys,
    fold=_fold,
    indexes=(("due_on",),),
    structure="structure",
)
