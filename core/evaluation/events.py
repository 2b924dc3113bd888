"""Something was measured with an instrument: the one fact every module shares."""

from typing import ClassVar

import msgspec

from core.domain.command import Code
from core.domain.event import Fact, PersonId, Subject
from core.domain.sealed import Sealed
from core.evaluation.vocabulary import Answers, SubjectKind


class Score(msgspec.Struct, frozen=True, kw_only=True):
    """
    The result on one scale: `value` is `points` over `answered` for a mean, `points` for a sum.

    None when too few items were answered. Reversed items are already turned round in `points`.
    """

    scale: Code
    value: float | None
    points: int
    answered: int
    items: int


class EvaluationRecorded(Fact, frozen=True, kw_only=True):
    """
    `occasion` says which measure it is (before, after, at six months), `series` where it belongs.

    Answers that tell of someone's health are not in `answers` but sealed together, as JSON; no
    score rests on them.
    """

    stored_name: ClassVar[str] = "evaluation.recorded.v1"

    instrument: Code
    instrument_version: int
    about: SubjectKind
    person: PersonId | None = None
    subject: Subject | None = None
    series: Subject | None = None
    occasion: Code
    assessor: Subject | None = None
    answers: Answers
    unanswered: tuple[Code, ...]
    sealed_answers: Sealed | None = None
    scores: tuple[Score, ...]


FACTS: tuple[type[Fact], ...] = (EvaluationRecorded,)
