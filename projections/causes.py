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
    """Un fait par son enveloppe : de quoi le retrouver, rien de ce qu'il dit."""

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
    """Une valeur ; un taux donne aussi ses deux sommes, et est nul quand la seconde est 0."""

    value: int | float | None
    numerator: int | float | None = None
    denominator: int | float | None = None


class Change(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Ce qui s'est ajouté ; un taux sans valeur compte pour 0 : les écarts s'additionnent."""

    value: int | float
    numerator: int | float | None = None
    denominator: int | float | None = None
    dimensions: dict[str, str] = {}


class Cause(msgspec.Struct, frozen=True, kw_only=True):
    """
    Un fait qui a changé le chiffre, et le fait qu'il corrige ou annule.

    `changes` est ce qu'il a changé à lui seul ; nul quand cela n'est connu qu'avec les faits
    enregistrés juste avant ou après lui.
    """

    fact: Cited
    corrects: Cited | None
    changes: list[Change] | None


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """
    Ce qu'une catégorie ajoute au chiffre, ventilation par ventilation, et ses faits.

    `count` dit combien ils sont ; `facts` a les premiers. Un changement de règle n'a pas de faits :
    c'est ce que donne la seconde définition moins ce que donne la première, à la seconde date.
    """

    category: Category
    label: str
    changes: list[Change]
    count: int
    facts: list[Cause]


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """Un bout de la comparaison : quelle définition, sur ce qui était su à quelle position."""

    version: int
    sentence: str
    position: int


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """Le chiffre aux deux bouts ; `change` est la somme des écarts des parts."""

    dimensions: dict[str, str]
    before: Amount
    after: Amount
    change: Change


class Explanation(msgspec.Struct, frozen=True, kw_only=True):
    """Pourquoi un chiffre n'est plus ce qu'il était : toutes les catégories, et leurs faits."""

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
