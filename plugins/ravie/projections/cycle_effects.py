"""
What a cycle changed for those who took part, as they said it before, after and later.

The row holds what each answered, so that a correction is folded again; only `effects_of` leaves it,
which tells nobody's answers: means are over people who answered twice, and are withheld while these
are fewer than `SMALLEST_GROUP`.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, TypeAlias

import msgspec

from core.domain.days import day_of
from core.domain.event import Recorded
from core.evaluation.events import EvaluationRecorded
from core.projection import Key, Projection
from core.session.events import SessionHeld
from plugins.ravie.cycle.events import CycleOpened
from plugins.ravie.effects.vocabulary import EFFECTS
from plugins.ravie.projections.evaluations import ScaleScore, scores_of

SMALLEST_GROUP = 5
"""People under whom a mean would say what one of them answered (see ADR 16)."""


class Measure(msgspec.Struct, frozen=True, kw_only=True):
    """One evaluation that stands: never shown by itself."""

    evaluation: str
    person: str
    moment: str
    version: int
    answered_on: date
    scores: tuple[ScaleScore, ...]
    answered: tuple[str, ...]
    unanswered: tuple[str, ...]


class CycleEffects(msgspec.Struct, frozen=True, kw_only=True):
    """One cycle: how many answered at each moment, and what each said."""

    cycle: str
    project: bool
    before: int = 0
    after: int = 0
    later: int = 0
    first_held_on: date | None = None
    last_held_on: date | None = None
    flags: tuple[str, ...] = ()
    measures: tuple[Measure, ...] = ()


class ScaleEffect(msgspec.Struct, frozen=True, kw_only=True):
    """
    One scale for the `pairs` who answered before and at `moment`: means, and their difference.

    All three are None when there are too few pairs: `withheld` then says so.
    """

    version: int
    scale: str
    moment: str
    pairs: int
    before_mean: float | None
    mean: float | None
    difference: float | None
    withheld: bool


class ItemAsked(msgspec.Struct, frozen=True, kw_only=True):
    """How many were asked an item at a moment, and how many answered it."""

    version: int
    item: str
    moment: str
    asked: int
    answered: int


class EffectsOfCycle(msgspec.Struct, frozen=True, kw_only=True):
    """What a cycle changed, told of the group and of nobody in it."""

    cycle: str
    instrument: str
    before: int
    after: int
    later: int
    smallest_group: int
    scales: list[ScaleEffect]
    items: list[ItemAsked]
    flags: tuple[str, ...]


def effects_of(row: CycleEffects) -> EffectsOfCycle:
    """What may be shown of a cycle's effects."""
    versions = sorted({measure.version for measure in row.measures})
    return EffectsOfCycle(
        cycle=row.cycle,
        instrument=EFFECTS,
        before=row.before,
        after=row.after,
        later=row.later,
        smallest_group=SMALLEST_GROUP,
        scales=[
            effect
            for version in versions
            for moment in ("after", "later")
            for effect in _scales(row, version, moment)
        ],
        items=[item for version in versions for item in _items(row, version)],
        flags=row.flags,
    )


_Values: TypeAlias = dict[str, dict[str, float]]


def _scales(row: CycleEffects, version: int, moment: str) -> Iterator[ScaleEffect]:
    before, then = _values(row, version, "before"), _values(row, version, moment)
    for scale in dict.fromkeys((*before, *then)):
        people = sorted(before.get(scale, {}).keys() & then.get(scale, {}).keys())
        shown = len(people) >= SMALLEST_GROUP
        first = _mean([before[scale][person] for person in people]) if shown else None
        second = _mean([then[scale][person] for person in people]) if shown else None
        yield ScaleEffect(
            version=version,
            scale=scale,
            moment=moment,
            pairs=len(people),
            before_mean=first,
            mean=second,
            difference=None if first is None or second is None else round(second - first, 2),
            withheld=bool(people) and not shown,
        )


def _values(row: CycleEffects, version: int, moment: str) -> _Values:
    """By scale and person, the scores that could be computed."""
    found: _Values = {}
    for measure in row.measures:
        if (measure.version, measure.moment) == (version, moment):
            for score in measure.scores:
                if score.value is not None:
                    found.setdefault(score.scale, {})[measure.person] = score.value
    return found


def _items(row: CycleEffects, version: int) -> Iterator[ItemAsked]:
    for moment in ("before", "after", "later"):
        asked = [m for m in row.measures if (m.version, m.moment) == (version, moment)]
        items = dict.fromkeys(item for m in asked for item in (*m.answered, *m.unanswered))
        for item in sorted(items):
            yield ItemAsked(
                version=version,
                item=item,
                moment=moment,
                asked=len(asked),
                answered=sum(item in measure.answered for measure in asked),
            )


def _mean(values: Sequence[float]) -> float:
    return round(sum(values) / len(values), 2)


def _keys(recorded: Recorded[Any]) -> Iterator[Key]:
    fact = recorded.fact
    if isinstance(fact, CycleOpened):
        yield (recorded.stream,)
    elif fact.series is not None and (isinstance(fact, SessionHeld) or fact.instrument == EFFECTS):
        yield (fact.series,)


def _fold(row: CycleEffects | None, recorded: Recorded[Any]) -> CycleEffects | None:
    fact = recorded.fact
    if isinstance(fact, CycleOpened):
        return CycleEffects(cycle=recorded.stream, project=fact.kind == "project")
    if row is None:
        return None  # the series of another module, or a wave
    if isinstance(fact, SessionHeld):
        day = day_of(fact.started_at)
        return _counted(
            msgspec.structs.replace(
                row,
                first_held_on=min(row.first_held_on or day, day),
                last_held_on=max(row.last_held_on or day, day),
            )
        )
    return _counted(msgspec.structs.replace(row, measures=_with(row, recorded, fact)))


def _with(
    row: CycleEffects, recorded: Recorded[Any], fact: EvaluationRecorded
) -> tuple[Measure, ...]:
    if fact.person is None:
        return row.measures
    measure = Measure(
        evaluation=recorded.stream,
        person=fact.person,
        moment=fact.occasion,
        version=fact.instrument_version,
        answered_on=day_of(recorded.occurred_at),
        scores=scores_of(fact),
        answered=tuple(fact.answers),
        unanswered=fact.unanswered,
    )
    return (*row.measures, measure)


def _counted(row: CycleEffects) -> CycleEffects:
    moments = [measure.moment for measure in row.measures]
    return msgspec.structs.replace(
        row,
        before=moments.count("before"),
        after=moments.count("after"),
        later=moments.count("later"),
        flags=tuple(_flags(row)),
    )


def _flags(row: CycleEffects) -> Iterator[str]:
    """What was asked at another time than its moment says; what really happened is recorded."""
    if row.first_held_on is None or row.last_held_on is None:
        return
    for measure in row.measures:
        if measure.moment == "before" and measure.answered_on > row.first_held_on:
            yield "before_asked_after_the_first_session"
            break
    for measure in row.measures:
        if measure.moment != "before" and measure.answered_on < row.last_held_on:
            yield "after_asked_before_the_last_session"
            break


CYCLE_EFFECTS: Projection[CycleEffects] = Projection(
    name="ravie.cycle_effects",
    version=1,
    row=CycleEffects,
    key=("cycle",),
    facts=(CycleOpened, SessionHeld, EvaluationRecorded),
    keys=_keys,
    fold=_fold,
)
