"""What the catalogue finds: an indicator by name and version."""

import msgspec
import pytest

from core.catalogue import Catalogue
from core.indicator import Indicator
from core.module import Module


def counted(version: int, sentence: str = "Nombre de pas.") -> Indicator:
    return Indicator(
        name="essai.pas",
        version=version,
        sentence=sentence,
        unit="activity",
        kind="sum",
        scale="pas",
        secrecy="activity",
        base="",
        recount="",
    )


def module(*indicators: Indicator) -> Module:
    return Module(name="essai", title="Essai", version="1", indicators=indicators)


def test_an_indicator_is_found_in_its_newest_version_unless_another_is_asked_for() -> None:
    catalogue = Catalogue([module(counted(10), counted(9), counted(2))])
    assert catalogue.indicator("essai.pas").version == 10
    assert catalogue.indicator("essai.pas", 9).version == 9
    assert catalogue.indicator_versions("essai.pas") == [2, 9, 10]
    assert [each.version for each in catalogue.indicators] == [10]


@pytest.mark.parametrize(("name", "version"), [("essai.autre", None), ("essai.pas", 3)])
def test_an_indicator_that_is_not_declared_is_not_found(name: str, version: int | None) -> None:
    with pytest.raises(LookupError):
        Catalogue([module(counted(2))]).indicator(name, version)


def test_two_definitions_cannot_share_a_version() -> None:
    other = msgspec.structs.replace(counted(2), sentence="Autre chose.")
    with pytest.raises(ValueError, match="already declared"):
        Catalogue([module(counted(2), other)])
