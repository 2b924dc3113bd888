"""Where an evaluation stands: recorded, perhaps corrected since."""

from typing import Any

import msgspec

from core.domain.decider import Aggregate
from core.domain.event import Recorded
from core.evaluation.events import FACTS, EvaluationRecorded


class Evaluation(msgspec.Struct, frozen=True):
    """The fact as it stands, with the envelope of the one first recorded."""

    recorded: Recorded[EvaluationRecorded]


def evolve(_state: Evaluation | None, recorded: Recorded[Any]) -> Evaluation:
    return Evaluation(recorded)


def _asked_by(state: Evaluation) -> frozenset[str]:
    """Who recorded it, and who asked the questions: they know the answers already."""
    recorded = state.recorded
    return frozenset({recorded.actor, recorded.fact.assessor or recorded.actor})


EVALUATION: Aggregate[Evaluation] = Aggregate(
    name="evaluation",
    facts=FACTS,
    evolve=evolve,
    related=_asked_by,
    within=lambda state: state.recorded.fact.series,
    # The scores follow from the answers: a correction computes them again, see `decisions`.
    kept=FACTS,
)
