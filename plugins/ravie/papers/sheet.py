"""What the blank sign-in sheet of a session says."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from core.directory.identity import Identity
from core.domain.days import day_of
from plugins.ravie.papers import FOLDER
from plugins.ravie.papers.words import (
    MODALITIES,
    ROLES,
    clock_in_words,
    day_in_words,
    name_of,
    theme_in_words,
)
from plugins.ravie.projections.attendance_sheet import AttendanceSheet
from plugins.ravie.projections.cycle_register import CycleRegister

TEMPLATE = FOLDER / "sheet.typ"

SPARE_LINES = 3
"""For who comes and was not expected."""


def sheet_data(
    issuer: str,
    cycle: CycleRegister,
    session: AttendanceSheet,
    identities: Mapping[str, Identity],
    animateur: Identity | None,
    made_on: date,
) -> dict[str, Any]:
    """
    The data of `sheet.typ`: a line for each person who has a place, by name, then spare ones.

    Who animates is left to be written by hand when the registers do not know them.
    """
    seats = [seat for seat in cycle.seats if seat.state == "enrolled"]
    people = [
        {"name": name_of(identities.get(seat.person)), "role": ROLES.get(seat.role, seat.role)}
        for seat in seats
    ]
    return {
        "issuer": issuer,
        "made_on": made_on,
        "theme": theme_in_words(cycle.theme),
        "number": session.number,
        "sessions": cycle.sessions,
        "day": day_in_words(day_of(session.starts_at), weekday=True),
        "starts_at": clock_in_words(session.starts_at),
        "ends_at": clock_in_words(session.ends_at),
        "modality": MODALITIES[session.modality],
        "reference": session.session,
        "animateur": None if animateur is None else name_of(animateur),
        "people": sorted(people, key=lambda line: line["name"]),
        "blank": SPARE_LINES,
    }
