"""Which command meets which rule, under which permission: departures to training."""

from collections.abc import Callable
from typing import Any, TypeVar

from core.domain.command import Command
from core.domain.decider import Context, Decided, Decision
from plugins.ravie.departure import commands, decisions
from plugins.ravie.departure.state import DEPARTURE, Departure
from plugins.ravie.permissions import ADVISE_TRAINING, FOLLOW

C = TypeVar("C", bound=Command)


def _opens(command: type[C], decide: Callable[[C, Any, Context], Decided]) -> Decision[C, Any]:
    return Decision(
        command=command,
        aggregate=DEPARTURE,
        stream="departure",
        decide=decide,
        permission=ADVISE_TRAINING.code,
        opens=True,
        also=decisions.reads_its_cycle,  # type: ignore[arg-type]
    )


def _on_departure(
    command: type[C], decide: Callable[[C, Departure, Context], Decided]
) -> Decision[C, Departure]:
    return Decision(
        command=command,
        aggregate=DEPARTURE,
        stream="departure",
        decide=decide,
        permission=FOLLOW.code,
    )


DECISIONS = (
    _opens(commands.AdviseTraining, decisions.advise_training),
    _opens(commands.RecordDeparture, decisions.record_departure),
    _on_departure(commands.EnrolInTraining, decisions.enrol_in_training),
    _on_departure(commands.StartTraining, decisions.start_training),
    _on_departure(commands.CompleteTraining, decisions.complete_training),
    _on_departure(commands.AbandonTraining, decisions.abandon_training),
)
