"""What papers say: hours, days, names of structures, codes to be typed."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from core.testing.scenario import an_id
from plugins.ravie.papers.attestation import name_on
from plugins.ravie.papers.check import same_code
from plugins.ravie.papers.words import (
    ERASED,
    clock_in_words,
    day_in_words,
    hours_in_words,
    name_of,
    theme_in_words,
)
from projections.registers.structure_register import FormerName, StructureRow


@pytest.mark.parametrize(
    ("minutes", "said"),
    [(855, "14 h 15"), (720, "12 h 00"), (899, "14 h 59"), (5, "0 h 05"), (6000, "100 h 00")],
)
def test_hours_are_said_to_the_minute_and_never_rounded(minutes: int, said: str) -> None:
    assert hours_in_words(minutes).replace("\u00a0", " ") == said


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        (datetime(2026, 1, 8, 13, 0, tzinfo=UTC), "14 h 00"),
        (datetime(2026, 7, 8, 12, 30, tzinfo=UTC), "14 h 30"),
    ],
    ids=["winter", "summer"],
)
def test_the_hour_on_a_paper_is_that_of_paris(moment: datetime, said: str) -> None:
    assert clock_in_words(moment).replace("\u00a0", " ") == said


def test_days_are_said_in_french() -> None:
    assert day_in_words(date(2026, 1, 1), weekday=True) == "jeudi 1er\u00a0janvier 2026"
    assert day_in_words(date(2026, 8, 8)) == "8\u00a0août 2026"


def test_a_theme_s_code_is_a_title_and_an_erased_name_says_so() -> None:
    assert theme_in_words("fin_de_vie") == "Fin de vie"
    assert name_of(None) == ERASED


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2024, 5, 1), "Premier nom"),
        (date(2025, 1, 1), "Deuxième nom"),
        (date(2026, 1, 1), "Nom d’aujourd’hui"),
    ],
)
def test_a_paper_gives_a_structure_the_name_it_had_that_day(day: date, name: str) -> None:
    before: Any = (
        FormerName(name="Premier nom", until=date(2025, 1, 1)),
        FormerName(name="Deuxième nom", until=date(2026, 1, 1)),
    )
    row = StructureRow(
        structure=an_id(1),
        name="Nom d’aujourd’hui",
        kinds=("association",),
        siren=None,
        siret=None,
        finess=None,
        open=True,
        registered_on=date(2020, 1, 1),
        former_names=before,
    )
    assert name_on(row, day) == name


@pytest.mark.parametrize(
    "typed", ["7K2M-9QXD-04TB-1E5H", "7k2m9qxdo4tble5h", "7K2M 9QXD O4TB IE5H"]
)
def test_a_code_is_the_same_however_it_is_typed(typed: str) -> None:
    assert same_code(typed, "7K2M-9QXD-04TB-1E5H")


@pytest.mark.parametrize("typed", ["", "7K2M-9QXD-04TB-1E5", "7K2M-9QXD-04TB-1E5J", "é"])
def test_another_code_is_another(typed: str) -> None:
    assert not same_code(typed, "7K2M-9QXD-04TB-1E5H")
