"""The rules of themes and models. Where each comes from is in the README."""

from collections import Counter

from core.domain.decider import Context, Decided
from core.domain.refusal import Refused
from plugins.ravie.models import VERSIONS, Model, find_model
from plugins.ravie.programme.commands import AdoptModel, DeclareTheme, LeaveModel, RetireTheme
from plugins.ravie.programme.events import ModelAdopted, ModelLeft, ThemeDeclared, ThemeRetired
from plugins.ravie.programme.state import Programme
from plugins.ravie.published import nearest
from plugins.ravie.referentiels import REFERENTIELS, find_referentiel


def declare_theme(command: DeclareTheme, state: Programme | None, _context: Context) -> Decided:
    """A theme of the territory's own, or its own way of treating one that is offered."""
    programme = state or Programme()
    known = programme.themes.get(command.theme)
    if known is not None and known.declared:
        return Refused("theme_already_declared", "theme", {"theme": command.theme})
    referentiel = find_referentiel(command.referentiel, command.referentiel_version)
    if referentiel is None:
        published = ", ".join(f"{one.id} version {one.version}" for one in REFERENTIELS)
        return Refused("unknown_referentiel", "referentiel", {"known": published})
    if (code := referentiel.unknown(command.competences)) is not None:
        near = nearest(code, referentiel.codes)
        return Refused("unknown_competence", "competences", {"competence": code, "known": near})
    return [
        ThemeDeclared(
            theme=command.theme,
            title=command.title,
            referentiel=command.referentiel,
            referentiel_version=command.referentiel_version,
            competences=tuple(dict.fromkeys(command.competences)),
        )
    ]


def retire_theme(command: RetireTheme, state: Programme | None, _context: Context) -> Decided:
    """No further cycle on a theme, declared here or offered with the data."""
    programme = state or Programme()
    if command.theme not in programme.themes:
        return unknown_theme(command.theme, programme)
    return [ThemeRetired(theme=command.theme, reason=command.reason)]


def adopt_model(command: AdoptModel, state: Programme | None, _context: Context) -> Decided:
    """Follows a published model, with the deviations the model leaves open."""
    model = find_model(command.model, command.version)
    if model is None:
        return _unknown_model(command)
    adopted = None if state is None else state.adopted
    deviations = {one.setting: one.value for one in command.deviations}
    if adopted is not None and (adopted.model, adopted.version, adopted.deviations) == (
        command.model,
        command.version,
        deviations,
    ):
        return Refused("model_already_adopted", "model", {"model": command.model})
    if refused := _undeclarable(command, model):
        return refused
    return [
        ModelAdopted(model=command.model, version=command.version, deviations=command.deviations)
    ]


def leave_model(command: LeaveModel, state: Programme | None, _context: Context) -> Decided:
    """The territory goes its own way; the cycles opened under the model stay under it."""
    if state is None or state.adopted is None:
        return Refused("no_model_adopted")
    adopted = state.adopted
    return [ModelLeft(model=adopted.model, version=adopted.version, reason=command.reason)]


def unknown_theme(theme: str, programme: Programme) -> Refused:
    """The refusal of a theme that is not, or no longer, one of the territory's."""
    near = nearest(theme, programme.themes) or "aucun"
    return Refused("unknown_theme", "theme", {"theme": theme, "known": near})


def _unknown_model(command: AdoptModel) -> Refused:
    near = nearest(command.model, VERSIONS)
    versions = ", ".join(str(version) for version in VERSIONS.get(command.model, ()))
    known = f"{command.model} (versions publiées : {versions})" if versions else near
    asked: dict[str, str | int] = {"version": command.version, "known": known}
    return Refused("unknown_model", "model", {**asked, "model": command.model})


def _undeclarable(command: AdoptModel, model: Model) -> Refused | None:
    """Why the deviations may not be declared: closed, told twice, or leaving no possible group."""
    settings = Counter(one.setting for one in command.deviations)
    for setting, count in settings.items():
        if setting not in model.open_deviations:
            open_ones = ", ".join(model.open_deviations) or "aucun"
            names: dict[str, str | int] = {"setting": setting, "open": open_ones}
            return Refused("deviation_is_closed", "deviations", names)
        if count > 1:
            return Refused("deviation_declared_twice", "deviations", {"setting": setting})
    values = {one.setting: one.value for one in command.deviations}
    smallest = values.get("capacity_min", model.shape.capacity_min)
    largest = values.get("capacity_max", model.shape.capacity_max)
    if smallest > largest:
        groups: dict[str, str | int] = {"min": smallest, "max": largest}
        return Refused("capacity_is_upside_down", "deviations", groups)
    return None
