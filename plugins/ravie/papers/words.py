"""Codes, dates and durations as a paper says them, in French."""

from collections.abc import Mapping
from datetime import date, datetime

from core.directory.identity import Identity
from core.domain.days import PARIS

_MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip
_WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")

ROLES: Mapping[str, str] = {
    "assistant_de_vie": "assistant de vie",
    "proche_aidant": "proche aidant",
    "particulier_employeur": "particulier employeur",
    "demandeur_d_emploi": "demandeur d’emploi",
    "accueillant_familial": "accueillant familial",
    "partenaire": "partenaire",
}
MODALITIES: Mapping[str, str] = {
    "in_person": "en présence",
    "remote": "à distance",
    "mixed": "en présence et à distance",
}
ERASED = "(identité effacée)"
"""In place of a name whose key is gone."""


def hours_in_words(minutes: int) -> str:
    """« 14 h 15 », « 12 h 00 »: whole minutes, never rounded; no-break spaces."""
    return f"{minutes // 60}\u00a0h\u00a0{minutes % 60:02}"


def clock_in_words(moment: datetime) -> str:
    """The hour in Paris: « 14 h 00 »."""
    local = moment.astimezone(PARIS)
    return hours_in_words(local.hour * 60 + local.minute)


def day_in_words(day: date, *, weekday: bool = False) -> str:
    """« 8 janvier 2026 », « jeudi 1er janvier 2026 »."""
    number = "1er" if day.day == 1 else str(day.day)
    written = f"{number}\u00a0{_MONTHS[day.month - 1]} {day.year}"
    return f"{_WEEKDAYS[day.weekday()]} {written}" if weekday else written


def theme_in_words(theme: str) -> str:
    """A theme's code as a title: « fin_de_vie » gives « Fin de vie »."""
    return theme.replace("_", " ").capitalize()


def name_of(identity: Identity | None) -> str:
    """« DURAND Luc », as registers have it; erased identities say so."""
    if identity is None:
        return ERASED
    return f"{identity.family_name.upper()} {identity.given_name}"
