"""
A model: what a national body publishes for territories to run cycles that compare.

It gives the shape of a cycle and what is measured of it; a territory that adopts it declares where
it deviates, on what the model leaves open, so that results are read by version and format.
"""

from collections.abc import Iterator, Mapping
from typing import Annotated

import msgspec

from core.domain.command import Code
from plugins.ravie.cycle.commands import Places, SessionMinutes, Sessions, WeeksApart
from plugins.ravie.published import InvalidPublication, read_published
from plugins.ravie.referentiels import Title
from plugins.ravie.vocabulary import ShapeSetting


class Shape(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """La forme d'un cycle : séances, durée, rythme, effectif attendu et places."""

    sessions: Sessions
    session_minutes: SessionMinutes
    weeks_apart: WeeksApart
    capacity_min: Places
    capacity_max: Places


class Used(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Un instrument d'évaluation, dans une version."""

    id: Code
    version: Annotated[int, msgspec.Meta(ge=1)]


class Model(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One version. `open_deviations` are what a territory may set otherwise, with a reason."""

    id: Code
    version: Annotated[int, msgspec.Meta(ge=1)]
    title: Title
    source: Title
    proposal: bool
    free: bool
    shape: Shape
    instruments: tuple[Used, ...] = ()
    indicators: tuple[Code, ...] = ()
    open_deviations: tuple[ShapeSetting, ...] = ()

    def value(self, setting: ShapeSetting) -> int:
        """What the model says of one part of the shape."""
        value: int = getattr(self.shape, setting)
        return value


def _problems(model: Model) -> Iterator[str]:
    if model.shape.capacity_min > model.shape.capacity_max:
        yield "le plus petit groupe dépasse le nombre de places."
    if len(set(model.open_deviations)) < len(model.open_deviations):
        yield "un écart ouvert est cité deux fois."


def _read() -> tuple[Model, ...]:
    read = read_published(__name__, Model)
    for model in read:
        for problem in _problems(model):
            raise InvalidPublication(f"{model.id}.v{model.version}.toml", problem)
    return read


MODELS = _read()

VERSIONS: Mapping[str, tuple[int, ...]] = {
    model.id: tuple(one.version for one in MODELS if one.id == model.id) for model in MODELS
}
"""The published versions of each model."""


def find_model(identifier: str, version: int) -> Model | None:
    """The model of an id and version, if it is published."""
    return next((one for one in MODELS if (one.id, one.version) == (identifier, version)), None)
