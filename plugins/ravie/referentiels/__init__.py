"""
The référentiel de compétences, versioned: what a professional cycle works on.

IPERIA announces one (seeds: "les bases de réflexions autour d'un futur référentiel"); none is
public, so that the one kept here is ours and says so (`proposal`).
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Annotated

import msgspec

from core.domain.command import Code
from plugins.ravie.published import InvalidPublication, read_published

Title = Annotated[str, msgspec.Meta(min_length=3, max_length=300)]


class Competence(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Une compétence, et le domaine où elle se range."""

    code: Code
    domain: Code
    title: Title


class Theme(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A theme offered with a référentiel: a territory may use it without declaring it."""

    code: Code
    title: Title
    competences: Annotated[tuple[Code, ...], msgspec.Meta(min_length=1)]


class Referentiel(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    One version. `proposal`: the words are Jalon's, no body has published them.

    `animateur_training` is the training it asks of who animates a cycle.
    """

    id: Code
    version: Annotated[int, msgspec.Meta(ge=1)]
    title: Title
    source: Title
    proposal: bool
    animateur_training: Code
    competences: Annotated[tuple[Competence, ...], msgspec.Meta(min_length=1)]
    themes: tuple[Theme, ...] = ()

    def unknown(self, competences: Iterable[str]) -> str | None:
        """The first of these competences that it does not have."""
        known = self.codes
        return next((code for code in competences if code not in known), None)

    @property
    def codes(self) -> Collection[str]:
        return {competence.code for competence in self.competences}


def problems(referentiel: Referentiel) -> Iterator[str]:
    """What makes a référentiel unusable."""
    codes = [*(one.code for one in referentiel.competences), *(t.code for t in referentiel.themes)]
    for code, count in Counter(codes).items():
        if count > 1:
            yield f"le code « {code} » est employé deux fois."
    for theme in referentiel.themes:
        if (missing := referentiel.unknown(theme.competences)) is not None:
            yield f"thème « {theme.code} » : la compétence « {missing} » n'existe pas."


def _read() -> tuple[Referentiel, ...]:
    read = read_published(__name__, Referentiel)
    for referentiel in read:
        for problem in problems(referentiel):
            raise InvalidPublication(f"{referentiel.id}.v{referentiel.version}.toml", problem)
    return read


REFERENTIELS = _read()

OFFERED: Mapping[str, tuple[Referentiel, Theme]] = {
    # The latest version has the last word on a theme.
    theme.code: (referentiel, theme)
    for referentiel in REFERENTIELS
    for theme in referentiel.themes
}
"""The themes that come with the data, by code, with the référentiel they belong to."""

ANIMATEUR_TRAININGS = frozenset(one.animateur_training for one in REFERENTIELS)


def find_referentiel(identifier: str, version: int) -> Referentiel | None:
    """The référentiel of an id and version, if there is one."""
    wanted = (identifier, version)
    return next((one for one in REFERENTIELS if (one.id, one.version) == wanted), None)
