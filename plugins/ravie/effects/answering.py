"""An evaluation a person answered, in a stream of its own; cycles and waves have some."""

from typing import Protocol

from core.domain.command import PersonRef, SubjectId, Token
from core.domain.decider import At, Context
from core.domain.event import Subject
from core.domain.refusal import Refused
from core.evaluation.commands import RecordEvaluation
from core.evaluation.decisions import record_evaluation
from core.evaluation.instrument import Instruments
from core.evaluation.vocabulary import Answers


class Answered(Protocol):
    """What a command that records answers holds."""

    @property
    def person(self) -> PersonRef: ...
    @property
    def assessor(self) -> SubjectId | None: ...
    @property
    def answers(self) -> Answers: ...
    @property
    def sealed_answers(self) -> Token | None: ...


def answered(
    command: Answered,
    context: Context,
    instruments: Instruments,
    *,
    instrument: str,
    version: int,
    series: SubjectId,
    occasion: str,
) -> tuple[Subject, list[At]] | Refused:
    """The new evaluation's id and its facts, or why the instrument does not take these answers."""
    evaluation = Subject(context.new_id())
    recorded = RecordEvaluation(
        evaluation=evaluation,
        instrument=instrument,
        instrument_version=version,
        about="person",
        person=command.person,
        series=series,
        occasion=occasion,
        assessor=command.assessor,
        answers=command.answers,
        sealed_answers=command.sealed_answers,
    )
    decided = record_evaluation(recorded, None, context, instruments=instruments)
    if isinstance(decided, Refused):
        return decided
    facts = [item.fact if isinstance(item, At) else item for item in decided]
    return evaluation, [At(fact=fact, stream=evaluation) for fact in facts]
