"""
What a territory's RAVie rest on: its themes, and the model it has adopted.

One stream a tenant: a cycle that opens reads it whole.
"""

from typing import Annotated, ClassVar

import msgspec

from core.domain.command import Code
from core.domain.event import Fact
from plugins.ravie.vocabulary import ShapeSetting

ThemeTitle = Annotated[str, msgspec.Meta(min_length=3, max_length=200)]
"""The words of a subject of work: they are about nobody."""

Competences = Annotated[tuple[Code, ...], msgspec.Meta(min_length=1, max_length=60)]
Version = Annotated[int, msgspec.Meta(ge=1, le=1000)]


class Deviation(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Un écart au modèle : ce qui change, sa valeur ici, et pourquoi."""

    setting: ShapeSetting
    value: Annotated[int, msgspec.Meta(ge=1, le=720)]
    reason: Annotated[Code, msgspec.Meta(examples=["small_territory"])]


class ThemeDeclared(Fact, frozen=True, kw_only=True):
    """Cycles may be opened on this theme, which works on these competences of a référentiel."""

    stored_name: ClassVar[str] = "ravie.theme_declared.v1"

    theme: Code
    title: ThemeTitle
    referentiel: Code
    referentiel_version: Version
    competences: Competences


class ThemeRetired(Fact, frozen=True, kw_only=True):
    """No further cycle is opened on this theme; those that were keep it."""

    stored_name: ClassVar[str] = "ravie.theme_retired.v1"

    theme: Code
    reason: Code


class ModelAdopted(Fact, frozen=True, kw_only=True):
    """Professional cycles are run after this model from now on, but for these deviations."""

    stored_name: ClassVar[str] = "ravie.model_adopted.v1"

    model: Code
    version: Version
    deviations: tuple[Deviation, ...] = ()


class ModelLeft(Fact, frozen=True, kw_only=True):
    """The territory no longer follows the model; cycles opened under it stay under it."""

    stored_name: ClassVar[str] = "ravie.model_left.v1"

    model: Code
    version: Version
    reason: Code


FACTS: tuple[type[Fact], ...] = (ThemeDeclared, ThemeRetired, ModelAdopted, ModelLeft)
