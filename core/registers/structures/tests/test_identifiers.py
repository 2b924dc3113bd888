import pytest

from core.registers.structures.identifiers import (
    finess_fits_its_key,
    siren_is_valid,
    siret_is_valid,
)


def test_a_siren_ends_with_its_key() -> None:
    assert siren_is_valid("732829320")
    assert not siren_is_valid("123456789")


def test_a_siret_ends_with_its_key_and_begins_with_a_siren() -> None:
    assert siret_is_valid("73282932000074")
    assert not siret_is_valid("12345678912345")
    assert not siret_is_valid("73282932000075")
    # The key of the whole fits; that of the SIREN it begins with does not.
    assert not siret_is_valid("12345678900007")


def test_an_establishment_of_la_poste_passes_by_the_sum_of_its_digits() -> None:
    assert siret_is_valid("35600000049837")
    assert not siret_is_valid("35600000049838")
    # The same sum does not help another company.
    assert not siret_is_valid("12345678900005")


@pytest.mark.parametrize(
    ("finess", "fits"),
    [("750712184", True), ("750712185", False), ("2A0000154", True)],
)
def test_a_finess_number_is_checked_where_it_can_be(finess: str, *, fits: bool) -> None:
    assert finess_fits_its_key(finess) == fits
