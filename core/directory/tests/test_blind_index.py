from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.directory.blind_index import blind_family, blind_identity, normalised

KEY = bytes(range(32))
BORN = date(1961, 3, 9)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("D'Orsay-Lefèvre", "d’orsay  LEFEVRE"),
        ("Jean-Pierre", "jean pierre"),
        ("Œuvrard", "OEUVRARD"),
        ("L'Haÿ", "l hay"),
        ("Nguyễn", "NGUYEN"),
        ("Straße", "STRASSE"),
        ("Lefe\u0300vre", "Lefèvre"),
        ("Saint\u00adMartin", "SaintMartin"),
        ("O\u02bcBrien", "O'Brien"),
        (" De La Tour ", "de la tour"),
        ("Łukasz", "lukasz"),
    ],
)
def test_a_name_is_the_same_however_it_is_written(one: str, other: str) -> None:
    assert normalised(one) == normalised(other)


@pytest.mark.parametrize(("one", "other"), [("Lefèvre", "Lefebvre"), ("Martin", "Martinez")])
def test_two_names_stay_two_names(one: str, other: str) -> None:
    assert normalised(one) != normalised(other)


@given(st.text())
def test_normalising_twice_changes_nothing(name: str) -> None:
    once = normalised(name)
    assert normalised(once) == once
    assert once == " ".join(once.split())


@given(st.text(), st.text())
def test_case_never_counts(one: str, other: str) -> None:
    assert normalised(one.casefold()) == normalised(one)
    assert (normalised(one) == normalised(other)) == (
        blind_family(KEY, one, BORN) == blind_family(KEY, other, BORN)
    )


def test_without_the_key_a_name_cannot_be_tried() -> None:
    assert blind_family(KEY, "Lefèvre", BORN) != blind_family(bytes(32), "Lefèvre", BORN)


def test_a_letter_moved_from_one_name_to_the_other_is_another_person() -> None:
    assert blind_identity(KEY, "Martin", "Anne", BORN) != blind_identity(
        KEY, "MartinA", "nne", BORN
    )
    assert blind_identity(KEY, "Martin Anne", "", BORN) != blind_identity(
        KEY, "Martin", "Anne", BORN
    )


def test_the_birth_date_counts() -> None:
    assert blind_family(KEY, "Martin", BORN) != blind_family(KEY, "Martin", date(1961, 9, 3))
