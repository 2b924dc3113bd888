"""Why a figure changed, as it is told: categories, the facts of each, and what each came to."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Literal, TypeAlias, get_args

import msgspec

from core.domain.correction import FactAnnulled, FactCorrected
from core.domain.event import Fact, Recorded
from core.event_store.stored import StoredFact
from core.indicator import Period, Unit

Category: TypeAlias = Literal[
    "late_entry", "current_entry", "correction", "annulment", "transfer", "rule_change"
]

CATEGORIES: tuple[Category, ...] = get_args(Category)

LABELS: Mapping[Category, str] = {
    "late_entry": "Saisies tardives",
    "current_entry": "Saisies courantes",
    "correction": "Corrections",
    "annulment": "Annulations",
    "transfer": "Transferts",
    "rule_change": "Changement de règle",
}
"""For people; a late entry had happened by the first date, a current one happened since."""


def category_of(
    recorded: Recorded[Any], boundary: datetime | None, transfers: Collection[type[Fact]]
) -> Category:
    """Why a fact recorded after a date changes a figure of before it; `boundary` is that date."""
    match recorded.fact:
        case FactAnnulled():
            return "annulment"
        case FactCorrected():
            return "correction"
        case fact if type(fact) in transfers:
            return "transfer"
    late = boundary is not None and recorded.occurred_at <= boundary
    return "late_entry" if late else "current_entry"


class Cited(msgspec.Struct, frozen=True, kw_only=True):
    """A fact by its envelope: enough to find it, nothing of what it says."""

    id: str
    position: int
    stream: str
    name: str
    occurred_at: datetime
    recorded_at: datetime
    actor: str

    @classmethod
    def of(cls, stored: StoredFact) -> "Cited":
        return cls(**{name: getattr(stored, name) for name in cls.__struct_fields__})


class Amount(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A value; a ratio gives its two sums too, and is None when the second is 0."""

    value: int | float | None
    numerator: int | float | None = None
    denominator: int | float | None = None


class Change(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What was added to a cell; a ratio without a value counts as 0, so that changes add up."""

    value: int | float
    numerator: int | float | None = None
    denominator: int | float | None = None
    dimensions: dict[str, str] = {}


class Cause(msgspec.Struct, frozen=True, kw_only=True):
    """
    A fact that changed the figure, and the fact it corrects or annuls.

    `changes` is what it changed by itself; None where it is only known together with the facts that
    were recorded just before or after it.
    """

    fact: Cited
    corrects: Cited | None
    changes: list[Change] | None


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """
    What a category adds to the figure, cell by cell, and its facts.

    `count` is how many they are, of which `facts` holds the first. The part of a rule change has no
    facts: it is what the second definition gives less what the first one gives, at the second date.
    """

    category: Category
    label: str
    changes: list[Change]
    count: int
    facts: list[Cause]


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """One end of the comparison: which definition, over what was known at which position."""

    version: int
    sentence: str
    position: int


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """One cell at both ends; `change` is the sum of the parts' changes for it."""

    dimensions: dict[str, str]
    before: Amount
    after: Amount
    change: Change


class Explanation(msgspec.Struct, frozen=True, kw_only=True):
    """Why a figure is not what it was: every category, in this order, and the facts of each."""

    indicator: str
    tenant: str
    unit: Unit
    scale: str
    period: Period
    territory_vintage: str
    before: Known
    after: Known
    differences: list[Difference]
    parts: list[Part]
