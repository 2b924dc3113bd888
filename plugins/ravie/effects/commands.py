"""What may be asked of the evaluations of a cycle's participants, and of those of a wave."""

from typing import Annotated, ClassVar

import msgspec

from core.domain.command import Command, PersonRef, SubjectId, Token
from core.evaluation import commands as evaluation
from core.evaluation.vocabulary import Answers
from plugins.ravie.effects.vocabulary import EffectMoment

InstrumentVersion = Annotated[int, msgspec.Meta(ge=1, le=1_000)]


class RecordEffects(Command, frozen=True, kw_only=True):
    """
    What a participant answered. `sealed_answers` is a JSON object under the person's key.

    Without a version: the one they answered before, else the one in force.
    """

    name: ClassVar[str] = "ravie.record_effects"

    cycle: SubjectId
    person: PersonRef
    moment: EffectMoment
    instrument_version: InstrumentVersion | None = None
    assessor: SubjectId | None = None
    answers: Answers
    sealed_answers: Token | None = None


class CorrectEvaluation(evaluation.CorrectEvaluation, frozen=True, kw_only=True):
    name: ClassVar[str] = "ravie.correct_evaluation"


class AnnulEvaluation(evaluation.AnnulEvaluation, frozen=True, kw_only=True):
    name: ClassVar[str] = "ravie.annul_evaluation"
