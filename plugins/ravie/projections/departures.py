"""Each departure to training: advised, enrolled (it counts from there), started, ended."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import msgspec

from core.domain.days import day_of
from core.domain.event import Recorded
from core.projection import Key, Projection
from plugins.ravie.departure.events import (
    FACTS,
    TrainingAbandoned,
    TrainingAdvised,
    TrainingCompleted,
    TrainingEnrolled,
    TrainingStarted,
)


class DepartureRow(msgspec.Struct, frozen=True, kw_only=True):
    """Days are in Paris; `ended_on` is when it was completed or abandoned, as `state` says."""

    departure: str
    person: str
    training: str
    structure: str | None
    cycle: str | None
    state: str
    advised_on: date | None = None
    enrolled_on: date | None = None
    started_on: date | None = None
    ended_on: date | None = None
    reason: str | None = None


def _keys(recorded: Recorded[Any]) -> Iterator[Key]:
    yield (recorded.stream,)


def _fold(row: DepartureRow | None, recorded: Recorded[Any]) -> DepartureRow | None:
    fact, day, change = recorded.fact, day_of(recorded.occurred_at), msgspec.structs.replace
    match fact:
        case TrainingAdvised():
            return _begun(recorded, fact, state="advised", advised_on=day)
        case TrainingEnrolled() if row is None:
            return _begun(recorded, fact, state="enrolled", enrolled_on=day)
        case TrainingEnrolled() if row is not None:
            return change(
                row,
                state="enrolled",
                enrolled_on=day,
                training=fact.training,
                structure=fact.structure,
            )
        case TrainingStarted() if row is not None:
            return change(row, state="started", started_on=day)
        case TrainingCompleted() if row is not None:
            return change(row, state="completed", ended_on=day)
        case TrainingAbandoned() if row is not None:
            return change(row, state="abandoned", ended_on=day, reason=fact.reason)
        case _:
            return row


def _begun(
    recorded: Recorded[Any], fact: TrainingAdvised | TrainingEnrolled, **known: Any
) -> DepartureRow:
    return DepartureRow(
        departure=recorded.stream,
        person=fact.person,
        training=fact.training,
        structure=fact.structure,
        cycle=fact.cycle,
        **known,
    )


DEPARTURES: Projection[DepartureRow] = Projection(
    name="ravie.departures",
    version=1,
    row=DepartureRow,
    key=("departure",),
    facts=FACTS,
    keys=_keys,
    fold=_fold,
    indexes=(("enrolled_on",), ("person",), ("cycle",)),
)
