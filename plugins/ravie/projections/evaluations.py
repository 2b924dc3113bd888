"""
Each evaluation of RAVie: who answered what, when, for which cycle or wave.

The answers are here as they are in the fact, codes and points; who may not read them is shown the
effects of a cycle only, where nobody's answers can be told apart.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

import msgspec

from core.domain.days import day_of
from core.domain.event import Recorded
from core.evaluation.events import EvaluationRecorded
from core.projection import Key, Projection
from plugins.ravie.vocabulary import MODULE_NAME


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """One item: a point of the scale or the code of a choice; both None when left unanswered."""

    item: str
    points: int | None = None
    choice: str | None = None


class ScaleScore(msgspec.Struct, frozen=True, kw_only=True):
    """The score on one scale, None when too few of its items were answered."""

    scale: str
    value: float | None


class EvaluationRow(msgspec.Struct, frozen=True, kw_only=True):
    """`series` is the cycle or the wave; `sealed_answers` a token, under the person's key."""

    evaluation: str
    person: str | None
    series: str | None
    occasion: str
    instrument: str
    instrument_version: int
    assessor: str | None
    answered_on: date
    answered: int
    unanswered: int
    answers: tuple[Answer, ...]
    sealed_answers: str | None
    scores: tuple[ScaleScore, ...]


def ours(fact: EvaluationRecorded) -> bool:
    """Whether an evaluation was made with one of RAVie's instruments."""
    return fact.instrument.startswith(f"{MODULE_NAME}.")


def scores_of(fact: EvaluationRecorded) -> tuple[ScaleScore, ...]:
    """The scores of a fact, as rows keep them."""
    return tuple(ScaleScore(scale=score.scale, value=score.value) for score in fact.scores)


def _keys(recorded: Recorded[Any]) -> Iterator[Key]:
    if ours(recorded.fact):
        yield (recorded.stream,)


def _fold(
    _row: EvaluationRow | None, recorded: Recorded[EvaluationRecorded]
) -> EvaluationRow | None:
    fact = recorded.fact
    answers = [
        Answer(item=item, choice=answer)
        if isinstance(answer, str)
        else Answer(item=item, points=answer)
        for item, answer in fact.answers.items()
    ]
    return EvaluationRow(
        evaluation=recorded.stream,
        person=fact.person,
        series=fact.series,
        occasion=fact.occasion,
        instrument=fact.instrument,
        instrument_version=fact.instrument_version,
        assessor=fact.assessor,
        answered_on=day_of(recorded.occurred_at),
        answered=len(fact.answers),
        unanswered=len(fact.unanswered),
        answers=(*answers, *(Answer(item=item) for item in fact.unanswered)),
        sealed_answers=fact.sealed_answers,
        scores=scores_of(fact),
    )


EVALUATIONS: Projection[EvaluationRow] = Projection(
    name="ravie.evaluations",
    version=1,
    row=EvaluationRow,
    key=("evaluation",),
    facts=(EvaluationRecorded,),
    keys=_keys,
    fold=_fold,
    indexes=(("series",), ("person",), ("answered_on",)),
)
