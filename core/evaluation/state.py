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


EVALUATION: Aggregate[Evaluation] = Aggregate(
    name="evaluation",
    facts=FACTS,
    evolve=evolve,
    # The scores follow from the answers: a correction computes them again, see `decisions`.
    kept=FACTS,
)
