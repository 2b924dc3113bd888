"""The themes a territory declared and the model it follows: one line a territory."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import msgspec

from core.domain.days import day_of
from core.domain.event import Recorded
from core.projection import Key, Projection
from plugins.ravie.programme.events import (
    FACTS,
    ModelAdopted,
    ModelLeft,
    ThemeDeclared,
    ThemeRetired,
)


class ThemeLine(msgspec.Struct, frozen=True, kw_only=True):
    """A theme the territory declared, as last said."""

    theme: str
    title: str
    referentiel: str
    referentiel_version: int
    competences: tuple[str, ...]
    declared_on: date


class DeviationLine(msgspec.Struct, frozen=True, kw_only=True):
    """Un écart déclaré au modèle suivi."""

    setting: str
    value: int
    reason: str


class ProgrammeRow(msgspec.Struct, frozen=True, kw_only=True):
    """`retired` are the themes no longer used, declared here or offered with the data."""

    programme: str
    themes: tuple[ThemeLine, ...] = ()
    retired: tuple[str, ...] = ()
    model: str | None = None
    model_version: int | None = None
    adopted_on: date | None = None
    deviations: tuple[DeviationLine, ...] = ()


def _keys(recorded: Recorded[Any]) -> Iterator[Key]:
    yield (recorded.stream,)


def _fold(row: ProgrammeRow | None, recorded: Recorded[Any]) -> ProgrammeRow:
    before, change = row or ProgrammeRow(programme=recorded.stream), msgspec.structs.replace
    day = day_of(recorded.occurred_at)
    match recorded.fact:
        case ThemeDeclared() as fact:
            line = ThemeLine(
                theme=fact.theme,
                title=fact.title,
                referentiel=fact.referentiel,
                referentiel_version=fact.referentiel_version,
                competences=fact.competences,
                declared_on=day,
            )
            others = (one for one in before.themes if one.theme != fact.theme)
            themes = tuple(sorted((*others, line), key=lambda one: one.theme))
            retired = tuple(code for code in before.retired if code != fact.theme)
            return change(before, themes=themes, retired=retired)
        case ThemeRetired() as fact:
            return change(before, retired=tuple(sorted({*before.retired, fact.theme})))
        case ModelAdopted() as fact:
            return change(
                before,
                model=fact.model,
                model_version=fact.version,
                adopted_on=day,
                deviations=tuple(
                    DeviationLine(setting=one.setting, value=one.value, reason=one.reason)
                    for one in fact.deviations
                ),
            )
        case ModelLeft():
            return change(before, model=None, model_version=None, adopted_on=None, deviations=())
        case _:
            return before


PROGRAMME_VIEW: Projection[ProgrammeRow] = Projection(
    name="ravie.programme",
    version=1,
    row=ProgrammeRow,
    key=("programme",),
    facts=FACTS,
    keys=_keys,
    fold=_fold,
)
