"""What was said of two ids that may be of one person: one line a pair, the lower id first."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import msgspec

from core.domain.days import day_of
from core.domain.event import Recorded
from core.projection import Key, Projection
from core.registers.people.events import (
    DuplicateDismissed,
    DuplicateProposed,
    PersonsMerged,
    PersonsUnmerged,
)
from core.registers.people.merging import pair_of


class PairRow(msgspec.Struct, frozen=True, kw_only=True):
    """
    One pair. `state` is proposed, dismissed or merged; a pair that was unmerged is dismissed.

    `kept` and `merged` say which is which, once they were merged.
    """

    first: str
    second: str
    state: str
    reason: str
    said_on: date
    kept: str | None = None
    merged: str | None = None


def _keys(recorded: Recorded[Any]) -> Iterator[Key]:
    match recorded.fact:
        case PersonsMerged() | PersonsUnmerged() as fact:
            yield pair_of(fact.kept, fact.merged)
        case DuplicateProposed() | DuplicateDismissed() as fact:
            yield pair_of(fact.person, fact.other)


def _fold(_row: PairRow | None, recorded: Recorded[Any]) -> PairRow:
    fact, said_on = recorded.fact, day_of(recorded.recorded_at)
    [(first, second)] = _keys(recorded)
    merged = isinstance(fact, PersonsMerged)
    state = "merged" if merged else "dismissed"
    return PairRow(
        first=first,
        second=second,
        state="proposed" if isinstance(fact, DuplicateProposed) else state,
        reason=fact.reason,
        said_on=said_on,
        kept=fact.kept if merged else None,
        merged=fact.merged if merged else None,
    )


DUPLICATES: Projection[PairRow] = Projection(
    name="registers.duplicates",
    version=1,
    row=PairRow,
    key=("first", "second"),
    facts=(DuplicateProposed, DuplicateDismissed, PersonsMerged, PersonsUnmerged),
    keys=_keys,
    fold=_fold,
    indexes=(("state", "said_on"),),
)
