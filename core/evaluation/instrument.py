"""
An instrument: what is asked, on which scale, and how the answers add up.

A released instrument is never edited: other words or other items make another version, so that two
results compare only when their instrument id and version are the same.
"""

from collections.abc import Collection, Mapping
from typing import Annotated, Literal

import msgspec

from core.domain.command import Code
from core.evaluation.events import Score
from core.evaluation.vocabulary import Points

TOTAL = "total"
"""The code of the scale that every scored item is on."""

Sentence = Annotated[str, msgspec.Meta(min_length=3, max_length=500)]


class Scale(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whole points from `lowest` to `highest`; `labels` names some of them, by point."""

    lowest: Points
    highest: Points
    labels: Mapping[str, Sentence] = {}


class Item(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    One question. With `choices` it is answered by one of their codes and never scored.

    `reversed`: the highest point says the least. `sealed`: the answer tells of someone's health,
    travels under the person's key and is never scored.
    """

    code: Code
    wording: Sentence
    reversed: bool = False
    sealed: bool = False
    choices: Mapping[Code, Sentence] = {}

    @property
    def scored(self) -> bool:
        return not self.choices and not self.sealed


class Subscale(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Some of the items, scored apart when at least `minimum_answered` of them are answered."""

    code: Code
    title: Sentence
    items: tuple[Code, ...]
    minimum_answered: Annotated[int, msgspec.Meta(ge=1)]


class Scoring(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    How points add up. A mean is over the items answered; a sum wants them all answered.

    `minimum_answered` is for the total; a sum over fewer items than another would not compare.
    """

    rule: Literal["mean", "sum"]
    minimum_answered: Annotated[int, msgspec.Meta(ge=1)]


class Instrument(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One version of an instrument; `source` says whose words they are."""

    id: Code
    version: Annotated[int, msgspec.Meta(ge=1)]
    title: Sentence
    source: Sentence
    scale: Scale
    scoring: Scoring
    items: Annotated[tuple[Item, ...], msgspec.Meta(min_length=1)]
    subscales: tuple[Subscale, ...] = ()

    def item(self, code: str) -> Item | None:
        """The item of a code, if there is one."""
        return next((item for item in self.items if item.code == code), None)

    def unanswered(self, answers: Collection[str]) -> tuple[str, ...]:
        """Codes of the items left without an answer; of sealed ones nothing can be said."""
        return tuple(
            item.code for item in self.items if not item.sealed and item.code not in answers
        )

    def scores(self, answers: Mapping[str, int | str]) -> tuple[Score, ...]:
        """The score of the total and of each subscale, for answers that are within the scale."""
        points = {
            item.code: self._points(item, answers[item.code])
            for item in self.items
            if item.scored and item.code in answers
        }
        scored = [item.code for item in self.items if item.scored]
        total = self._score(TOTAL, scored, self.scoring.minimum_answered, points)
        return (
            total,
            *(
                self._score(subscale.code, subscale.items, subscale.minimum_answered, points)
                for subscale in self.subscales
            ),
        )

    def _points(self, item: Item, answer: int | str) -> int:
        points = int(answer)
        return self.scale.lowest + self.scale.highest - points if item.reversed else points

    def _score(
        self, scale: str, items: Collection[str], minimum: int, points: Mapping[str, int]
    ) -> Score:
        answered = [points[code] for code in items if code in points]
        value: float | None = None
        if len(answered) >= minimum:
            value = float(sum(answered))
            if self.scoring.rule == "mean":
                value /= len(answered)
        return Score(
            scale=scale,
            value=value,
            points=sum(answered),
            answered=len(answered),
            items=len(items),
        )


class Instruments(msgspec.Struct, frozen=True):
    """The instruments of a module, every version of each."""

    all: tuple[Instrument, ...] = ()

    def find(self, instrument: str, version: int) -> Instrument | None:
        """The instrument of an id and version, if the module has it."""
        return next(
            (one for one in self.all if (one.id, one.version) == (instrument, version)), None
        )
