"""What a territory's RAVie rest on, from the facts of its programme and from what is published."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from core.domain.decider import Aggregate
from core.domain.event import Recorded
from plugins.ravie.models import find_model
from plugins.ravie.programme.events import (
    FACTS,
    ModelAdopted,
    ModelLeft,
    ThemeDeclared,
    ThemeRetired,
)
from plugins.ravie.referentiels import OFFERED
from plugins.ravie.vocabulary import ShapeSetting


class KnownTheme(msgspec.Struct, frozen=True, kw_only=True):
    """A theme cycles may be opened on; `declared` by the territory, or offered with the data."""

    theme: str
    title: str
    referentiel: str
    referentiel_version: int
    competences: tuple[str, ...]
    declared: bool


class Adopted(msgspec.Struct, frozen=True, kw_only=True):
    """The model followed since an instant, and what the territory sets otherwise."""

    model: str
    version: int
    since: datetime
    deviations: Mapping[ShapeSetting, int] = {}

    def usual(self, setting: ShapeSetting) -> int | None:
        """What a cycle has when nothing else is said."""
        return self.deviations.get(setting, self.of_the_model(setting))

    def of_the_model(self, setting: ShapeSetting) -> int | None:
        """What the model itself says; None of one that is no longer published."""
        model = find_model(self.model, self.version)
        return None if model is None else model.value(setting)

    def allows(self, setting: ShapeSetting, value: int) -> bool:
        """Whether a cycle may have this: the model's own value, or the declared one."""
        return value in (self.usual(setting), self.of_the_model(setting))


class Programme(msgspec.Struct, frozen=True, kw_only=True):
    """The themes declared and those no longer used; the model followed, if any."""

    declared: Mapping[str, KnownTheme] = {}
    retired: frozenset[str] = frozenset()
    adopted: Adopted | None = None

    @property
    def themes(self) -> Mapping[str, KnownTheme]:
        """Every theme that a cycle may be opened on, by code."""
        known = {**_OFFERED, **self.declared}
        return {code: theme for code, theme in known.items() if code not in self.retired}

    def followed_at(self, moment: datetime) -> Adopted | None:
        """The model a cycle opened at that instant is under."""
        adopted = self.adopted
        return adopted if adopted is not None and adopted.since <= moment else None


_OFFERED = {
    code: KnownTheme(
        theme=code,
        title=theme.title,
        referentiel=referentiel.id,
        referentiel_version=referentiel.version,
        competences=theme.competences,
        declared=False,
    )
    for code, (referentiel, theme) in OFFERED.items()
}


def evolve(programme: Programme | None, recorded: Recorded[Any]) -> Programme:
    """The programme after one more fact; raises `ValueError` on one that does not fit."""
    before = programme or Programme()
    match recorded.fact:
        case ThemeDeclared() as fact:
            return msgspec.structs.replace(
                before,
                declared={**before.declared, fact.theme: _known(fact)},
                retired=before.retired - {fact.theme},
            )
        case ThemeRetired() as fact:
            return msgspec.structs.replace(before, retired=before.retired | {fact.theme})
        case ModelAdopted() as fact:
            adopted = Adopted(
                model=fact.model,
                version=fact.version,
                since=recorded.occurred_at,
                deviations={one.setting: one.value for one in fact.deviations},
            )
            return msgspec.structs.replace(before, adopted=adopted)
        case ModelLeft() as fact if _follows(before, fact):
            return msgspec.structs.replace(before, adopted=None)
        case _:
            message = f"{recorded.fact.stored_name} does not fit the programme"
            raise ValueError(message)


def _known(fact: ThemeDeclared) -> KnownTheme:
    return KnownTheme(
        theme=fact.theme,
        title=fact.title,
        referentiel=fact.referentiel,
        referentiel_version=fact.referentiel_version,
        competences=fact.competences,
        declared=True,
    )


def _follows(programme: Programme, fact: ModelLeft) -> bool:
    adopted = programme.adopted
    return adopted is not None and (adopted.model, adopted.version) == (fact.model, fact.version)


PROGRAMME: Aggregate[Programme] = Aggregate(name="ravie.programme", facts=FACTS, evolve=evolve)
