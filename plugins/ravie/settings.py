"""The shape of a cycle as a tenant sets it. Defaults: fiche RAVie of the Hautes-Alpes."""

from typing import Annotated

import msgspec

from core.module import Setting
from plugins.ravie.cycle.commands import Places, SessionMinutes, Sessions, WeeksApart
from plugins.ravie.effects.commands import InstrumentVersion

SETTINGS = (
    Setting(
        code="ravie.sessions",
        sentence="Nombre de séances d'un cycle.",
        kind=Sessions,
        default=5,
    ),
    Setting(
        code="ravie.session_minutes",
        sentence="Durée d'une séance, en minutes.",
        kind=SessionMinutes,
        default=180,
    ),
    Setting(
        code="ravie.weeks_apart",
        sentence="Semaines d'une séance à la suivante.",
        kind=WeeksApart,
        default=1,
    ),
    Setting(
        code="ravie.capacity_min", sentence="Plus petit groupe attendu.", kind=Places, default=7
    ),
    Setting(code="ravie.capacity_max", sentence="Places d'un cycle.", kind=Places, default=9),
    Setting(
        code="ravie.min_hours",
        sentence="Heures à signer pour un cycle complet ; vide : toutes celles du cycle.",
        kind=Annotated[int, msgspec.Meta(ge=1, le=720)] | None,
        default=None,
    ),
    Setting(
        code="ravie.effects_version",
        sentence="Version en vigueur du questionnaire posé avant et après un cycle.",
        kind=InstrumentVersion,
        default=1,
    ),
    Setting(
        code="ravie.follow_up_version",
        sentence="Version en vigueur du questionnaire des vagues de suivi.",
        kind=InstrumentVersion,
        default=1,
    ),
)
