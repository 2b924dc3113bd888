"""
The rule of opening: a theme of the territory, a relais that is open, the shape of the model.

`decisions.py` has what comes after.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import cast, get_args

import msgspec

from core.domain.decider import Context, Decided, Reads
from core.domain.event import Subject
from core.domain.refusal import Refused
from plugins.ravie.cycle.commands import OpenCycle
from plugins.ravie.cycle.events import CycleOpened
from plugins.ravie.programme.commands import PROGRAMME_ID
from plugins.ravie.programme.decisions import unknown_theme
from plugins.ravie.programme.state import PROGRAMME, Adopted, KnownTheme, Programme
from plugins.ravie.referentiels import find_referentiel
from plugins.ravie.relais.decisions import CLOSED, SUSPENDED
from plugins.ravie.relais.state import RELAIS, Relais
from plugins.ravie.vocabulary import ShapeSetting

SHAPE = cast("tuple[ShapeSetting, ...]", get_args(ShapeSetting))


class _Ground(msgspec.Struct, frozen=True, kw_only=True):
    """What the cycle stands on: of a professional one, a theme, and the model if there is one."""

    theme: KnownTheme | None
    model: Adopted | None
    relais: Relais | None


def reads_what_it_stands_on(command: OpenCycle, _state: None) -> tuple[Reads, ...]:
    """The territory's themes and model, and the relais."""
    programme = Reads(PROGRAMME, (PROGRAMME_ID,))
    return (programme,) if command.relais is None else (programme, Reads(RELAIS, (command.relais,)))


def runs_it(command: OpenCycle, _state: None) -> frozenset[str]:
    """The structure for which a cycle is opened."""
    return frozenset() if command.structure is None else frozenset({command.structure})


def open_cycle(command: OpenCycle, _state: None, context: Context) -> Decided:
    """Opens a cycle in the model's shape or the tenant's (5 sessions of 3 h), or its own."""
    moment = command.occurred_at or context.now
    ground = _ground(command, context, moment)
    if isinstance(ground, Refused):
        return ground
    shape = _shape(command, ground.model, context)
    if shape["capacity_min"] > shape["capacity_max"]:
        groups: dict[str, str | int] = {"min": shape["capacity_min"], "max": shape["capacity_max"]}
        return Refused("capacity_is_upside_down", "capacity_min", groups)
    if ground.model is not None and (refused := _deviating(ground.model, shape)):
        return refused
    whole = shape["sessions"] * shape["session_minutes"]
    hours: int | None = context.settings["ravie.min_hours"]
    min_minutes = command.min_minutes or (whole if hours is None else min(hours * 60, whole))
    if min_minutes > whole:
        figures: dict[str, str | int] = {"minutes": min_minutes, "length": whole}
        return Refused("threshold_exceeds_cycle", "min_minutes", figures)
    return [_opened(command, ground, shape, min_minutes)]


def _ground(command: OpenCycle, context: Context, moment: datetime) -> _Ground | Refused:
    """A project cycle is a working group: it is on no theme of the référentiel, under no model."""
    relais = None
    if command.relais is not None:
        relais = context.read(RELAIS).get(command.relais)
        if relais is None:
            return Refused("relais_not_found", "relais")
        if (status := relais.status_at(moment)) != "open":
            return CLOSED if status == "closed" else SUSPENDED
    if command.kind == "project":
        return _Ground(theme=None, model=None, relais=relais)
    programme = context.read(PROGRAMME).get(PROGRAMME_ID) or Programme()
    theme = programme.themes.get(command.theme)
    if theme is None:
        return unknown_theme(command.theme, programme)
    model = None if command.outside_model else programme.followed_at(moment)
    return _Ground(theme=theme, model=model, relais=relais)


def _shape(
    command: OpenCycle, model: Adopted | None, context: Context
) -> Mapping[ShapeSetting, int]:
    """What is said, else what the model has, else what the tenant has set."""
    return {
        setting: getattr(command, setting)
        or (None if model is None else model.usual(setting))
        or context.settings[f"ravie.{setting}"]
        for setting in SHAPE
    }


def _deviating(model: Adopted, shape: Mapping[ShapeSetting, int]) -> Refused | None:
    """The first part of the shape that is neither the model's nor a declared deviation."""
    for setting, value in shape.items():
        expected = model.usual(setting)
        if expected is not None and not model.allows(setting, value):
            values: dict[str, str | int] = {
                "setting": setting,
                "value": value,
                "expected": expected,
                "model": model.model,
            }
            return Refused("shape_deviates_from_model", setting, values)
    return None


def _opened(
    command: OpenCycle, ground: _Ground, shape: Mapping[ShapeSetting, int], min_minutes: int
) -> CycleOpened:
    theme, model, relais = ground.theme, ground.model, ground.relais
    return CycleOpened(
        theme=command.theme,
        kind=command.kind,
        sessions=shape["sessions"],
        session_minutes=shape["session_minutes"],
        weeks_apart=shape["weeks_apart"],
        capacity_min=shape["capacity_min"],
        capacity_max=shape["capacity_max"],
        min_minutes=min_minutes,
        modality=command.modality,
        place=_subject(command.place or (relais.place if relais else None)),
        animateur=_subject(command.animateur),
        structure=_subject(command.structure or (relais.structure if relais else None)),
        relais=_subject(command.relais),
        referentiel=theme.referentiel if theme else None,
        referentiel_version=theme.referentiel_version if theme else None,
        competences=theme.competences if theme else (),
        animateur_training=_training(theme),
        model=model.model if model else None,
        model_version=model.version if model else None,
        deviates_on=tuple(_deviations(model, shape)) if model else (),
    )


def _training(theme: KnownTheme | None) -> str | None:
    """The training that the référentiel of the theme asks of who animates."""
    if theme is None:
        return None
    referentiel = find_referentiel(theme.referentiel, theme.referentiel_version)
    return None if referentiel is None else referentiel.animateur_training


def _deviations(model: Adopted, shape: Mapping[ShapeSetting, int]) -> list[ShapeSetting]:
    return [setting for setting, value in shape.items() if value != model.of_the_model(setting)]


def _subject(identifier: str | None) -> Subject | None:
    return None if identifier is None else Subject(identifier)
