"""
What may be asked of an evaluation.

These are shapes: a module subclasses the ones it offers and gives each its own `name`.
"""

from core.domain.command import Code, Command, PersonRef, SubjectId, Token
from core.evaluation.vocabulary import Answers, SubjectKind


class RecordEvaluation(Command, frozen=True, kw_only=True):
    """`sealed_answers`: a JSON object, by item, under the person's key."""

    evaluation: SubjectId
    instrument: Code
    instrument_version: int
    about: SubjectKind
    person: PersonRef | None = None
    subject: SubjectId | None = None
    series: SubjectId | None = None
    occasion: Code
    assessor: SubjectId | None = None
    answers: Answers
    sealed_answers: Token | None = None


class CorrectEvaluation(Command, frozen=True, kw_only=True):
    """The answers as they should have been recorded, all of them, with the reason."""

    evaluation: SubjectId
    answers: Answers
    sealed_answers: Token | None = None
    reason: Code
    note: Token | None = None


class AnnulEvaluation(Command, frozen=True, kw_only=True):
    """It never took place as recorded: another person, another instrument."""

    evaluation: SubjectId
    reason: Code
    note: Token | None = None
