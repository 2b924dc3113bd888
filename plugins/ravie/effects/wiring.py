"""Which command meets which rule, under which permission: evaluations of participants."""

from functools import partial

from core.domain.decider import Decision
from core.evaluation.decisions import annul_evaluation, correct_evaluation
from core.evaluation.state import EVALUATION
from plugins.ravie.cycle.state import CYCLE
from plugins.ravie.effects import commands, decisions
from plugins.ravie.effects.instruments import INSTRUMENTS
from plugins.ravie.permissions import EVALUATE

DECISIONS = (
    Decision(
        command=commands.RecordEffects,
        aggregate=CYCLE,
        stream="cycle",
        decide=partial(decisions.record_effects, instruments=INSTRUMENTS),
        permission=EVALUATE.code,
        also=decisions.reads_their_evaluations,
    ),
    Decision(
        command=commands.CorrectEvaluation,
        aggregate=EVALUATION,
        stream="evaluation",
        decide=partial(correct_evaluation, instruments=INSTRUMENTS),
        permission=EVALUATE.code,
    ),
    Decision(
        command=commands.AnnulEvaluation,
        aggregate=EVALUATION,
        stream="evaluation",
        decide=partial(annul_evaluation, instruments=INSTRUMENTS),
        permission=EVALUATE.code,
    ),
)
