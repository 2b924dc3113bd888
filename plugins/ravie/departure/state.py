"""What a departure to training has come to; a fact out of turn raises `ValueError`."""

from collections.abc import Mapping
from typing import Any

import msgspec

from core.domain.decider import Aggregate
from core.domain.event import Fact, Recorded
from plugins.ravie.departure.events import (
    FACTS,
    TrainingAbandoned,
    TrainingAdvised,
    TrainingCompleted,
    TrainingEnrolled,
    TrainingStarted,
)
from plugins.ravie.departure.vocabulary import DepartureState


class Departure(msgspec.Struct, frozen=True, kw_only=True):
    person: str
    training: str
    structure: str | None
    cycle: str | None
    state: DepartureState
    actors: frozenset[str]


LEADS_TO: Mapping[type[Fact], DepartureState] = {
    TrainingAdvised: "advised",
    TrainingEnrolled: "enrolled",
    TrainingStarted: "started",
    TrainingCompleted: "completed",
    TrainingAbandoned: "abandoned",
}

_AFTER: Mapping[type[Fact], tuple[DepartureState, ...]] = {
    TrainingEnrolled: ("advised",),
    TrainingStarted: ("enrolled",),
    TrainingCompleted: ("started",),
    TrainingAbandoned: ("enrolled", "started"),
}


def evolve(departure: Departure | None, recorded: Recorded[Any]) -> Departure:
    """The departure after one more fact."""
    fact = recorded.fact
    if departure is None:
        if not isinstance(fact, TrainingAdvised | TrainingEnrolled):
            message = f"{fact.stored_name} without an advice or an enrolment"
            raise ValueError(message)
        return Departure(
            person=fact.person,
            training=fact.training,
            structure=fact.structure,
            cycle=fact.cycle,
            state=LEADS_TO[type(fact)],
            actors=frozenset({recorded.actor}),
        )
    if departure.state not in _AFTER.get(type(fact), ()) or fact.person != departure.person:
        message = f"{fact.stored_name} does not follow {departure.state}"
        raise ValueError(message)
    changed = msgspec.structs.replace(
        departure, state=LEADS_TO[type(fact)], actors=departure.actors | {recorded.actor}
    )
    if isinstance(fact, TrainingEnrolled):
        return msgspec.structs.replace(changed, training=fact.training, structure=fact.structure)
    if fact.training != departure.training:
        message = f"{fact.stored_name} is of another training"
        raise ValueError(message)
    return changed


def _actors(departure: Departure) -> frozenset[str]:
    return departure.actors


DEPARTURE: Aggregate[Departure] = Aggregate(
    name="ravie.departure",
    facts=FACTS,
    evolve=evolve,
    related=_actors,
    # `structure` is who trains; the departure is of the structure that ran the cycle, if there was.
    within=lambda departure: departure.cycle,
)
