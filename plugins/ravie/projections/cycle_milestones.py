"""
The days a cycle's deadlines hang on: its last session, its production, answers after, its wave.

Who runs it and whether it is over are in the register of cycles.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

import msgspec

from core.domain.days import day_of
from core.domain.event import Recorded
from core.evaluation.events import EvaluationRecorded
from core.projection import Key, Projection
from core.session.events import (
    SessionCancelled,
    SessionHeld,
    SessionPlanned,
    SessionRescheduled,
)
from plugins.ravie.cycle.events import (
    CycleOpened,
    ParticipantEnrolled,
    ParticipantWithdrawn,
    ProductionRecorded,
)
from plugins.ravie.effects.vocabulary import EFFECTS
from plugins.ravie.follow_up.events import WaveOpened


class SessionDay(msgspec.Struct, frozen=True, kw_only=True):
    """The day of a session that was not cancelled, as it is known."""

    session: str
    on: date


class CycleMilestones(msgspec.Struct, frozen=True, kw_only=True):
    """One cycle; days are in Paris. `answered` of `enrolled` answered after the cycle."""

    cycle: str
    last_session_on: date | None = None
    production_on: date | None = None
    enrolled: int = 0
    answered: int = 0
    last_answered_on: date | None = None
    first_wave_on: date | None = None
    sessions: tuple[SessionDay, ...] = ()
    places: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()


def _keys(recorded: Recorded[Any]) -> Iterator[Key]:
    match recorded.fact:
        case WaveOpened() as fact:
            yield from ((cycle,) for cycle in fact.cycles)
        case (
            SessionPlanned(series=str() as series)
            | SessionRescheduled(series=str() as series)
            | SessionCancelled(series=str() as series)
            | SessionHeld(series=str() as series)
        ):
            yield (series,)
        case EvaluationRecorded(series=str() as series, occasion="after") as fact:
            if fact.instrument == EFFECTS:
                yield (series,)
        case CycleOpened() | ParticipantEnrolled() | ParticipantWithdrawn() | ProductionRecorded():
            yield (recorded.stream,)


def _fold(row: CycleMilestones | None, recorded: Recorded[Any]) -> CycleMilestones | None:
    fact, day = recorded.fact, day_of(recorded.occurred_at)
    if isinstance(fact, CycleOpened):
        return CycleMilestones(cycle=recorded.stream)
    if row is None:
        return None  # the series of another module
    change = msgspec.structs.replace
    match fact:
        case ParticipantEnrolled():
            return _counted(change(row, places=(*row.places, fact.person)))
        case ParticipantWithdrawn():
            left = tuple(person for person in row.places if person != fact.person)
            return _counted(change(row, places=left))
        case ProductionRecorded():
            return change(row, production_on=row.production_on or day)
        case SessionPlanned() | SessionRescheduled():
            return _on(row, recorded.stream, day_of(fact.starts_at))
        case SessionHeld():
            return _on(row, recorded.stream, day_of(fact.started_at))
        case SessionCancelled():
            return _on(row, recorded.stream, None)
        case EvaluationRecorded(person=str() as person):
            last = max(row.last_answered_on or day, day)
            return _counted(change(row, answers=(*row.answers, person), last_answered_on=last))
        case WaveOpened():
            return change(row, first_wave_on=min(row.first_wave_on or day, day))
        case _:
            return row


def _on(row: CycleMilestones, session: str, day: date | None) -> CycleMilestones:
    others = [one for one in row.sessions if one.session != session]
    sessions = others if day is None else [*others, SessionDay(session=session, on=day)]
    return msgspec.structs.replace(
        row,
        sessions=tuple(sessions),
        last_session_on=max((one.on for one in sessions), default=None),
    )


def _counted(row: CycleMilestones) -> CycleMilestones:
    return msgspec.structs.replace(
        row,
        enrolled=len(row.places),
        answered=len(set(row.places) & set(row.answers)),
    )


CYCLE_MILESTONES: Projection[CycleMilestones] = Projection(
    name="ravie.cycle_milestones",
    version=1,
    row=CycleMilestones,
    key=("cycle",),
    facts=(
        CycleOpened,
        ParticipantEnrolled,
        ParticipantWithdrawn,
        ProductionRecorded,
        SessionPlanned,
        SessionRescheduled,
        SessionCancelled,
        SessionHeld,
        EvaluationRecorded,
        WaveOpened,
    ),
    keys=_keys,
    fold=_fold,
    indexes=(("last_session_on",),),
)
