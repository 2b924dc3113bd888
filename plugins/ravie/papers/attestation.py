"""What an attestation says on paper."""

from datetime import date
from typing import Any

from core.directory.identity import Identity
from plugins.ravie.papers import FOLDER
from plugins.ravie.papers.words import day_in_words, hours_in_words, name_of, theme_in_words
from plugins.ravie.projections.attestation_register import Attestation
from projections.registers.structure_register import StructureRow

TEMPLATE = FOLDER / "attestation.typ"


def attestation_data(
    issuer: str,
    row: Attestation,
    identity: Identity | None,
    structure: StructureRow | None,
    check: tuple[str, str],
    replaced_by: str | None,
) -> dict[str, Any]:
    """The data of `attestation.typ`; `check` is the address that checks the paper, and its code."""
    url, code = check
    return {
        "issuer": issuer,
        "issued_on": row.issued_on,
        "issued": day_in_words(row.issued_on),
        "number": row.number,
        "name": name_of(identity),
        "born": None if identity is None else day_in_words(identity.birth_date),
        "theme": theme_in_words(row.theme),
        "hours": hours_in_words(row.minutes),
        "threshold": hours_in_words(row.min_minutes),
        "complete": row.complete,
        "interrupted": row.interrupted,
        "days": [day_in_words(day, weekday=True) for day in row.days],
        "structure": None if structure is None else name_on(structure, row.issued_on),
        "ended": _ended(row, replaced_by),
        "url": url,
        "code": code,
    }


def name_on(structure: StructureRow, day: date) -> str:
    """What a structure was called on a day."""
    for former in sorted(structure.former_names, key=lambda one: one.until):
        if day < former.until:
            return former.name
    return structure.name


def _ended(row: Attestation, replaced_by: str | None) -> str | None:
    """Why the paper is no longer worth anything, None while it is."""
    if row.ended_on is None:
        return None
    on = day_in_words(row.ended_on)
    if row.state == "withdrawn":
        return f"Cette attestation a été retirée le {on} : elle ne vaut plus."
    return f"Cette attestation a été remplacée le {on} par l’attestation n° {replaced_by}."
