"""The territory is whole, and no code is mistaken for another kind's."""

import msgspec
import pytest

from core.domain.event import FactRegistry, encode_fact
from tenants.events import FACTS, TenantProvisioned
from tenants.territory.territory import (
    DepartementCode,
    RegionCode,
    UnknownCollectivite,
    checked,
    territory,
)


def test_a_hundred_collectivites_cover_the_hundred_and_one_departements() -> None:
    read = territory()
    assert len(read.collectivites) == 100
    assert len(read.departements) == 101
    assert len(read.regions) == 18
    covered = [code for each in read.collectivites.values() for code in each.departements]
    assert set(covered) == set(read.departements)


def test_two_collectivites_share_the_rhone_and_only_the_rhone() -> None:
    read = territory()
    assert [each.code for each in read.covering(DepartementCode("69"))] == ["69D", "69M"]
    shared = [code for code in read.departements if len(read.covering(code)) > 1]
    assert shared == ["69"]


def test_alsace_and_corse_cover_two_departements_each() -> None:
    read = territory()
    assert read.collectivite("6AE").departements == ("67", "68")
    assert read.collectivite("20R").departements == ("2A", "2B")


def test_75_is_paris_or_nouvelle_aquitaine_after_the_kind_of_code() -> None:
    read = territory()
    assert read.departements[DepartementCode("75")].name == "Paris"
    assert read.regions[RegionCode("75")].name == "Nouvelle-Aquitaine"
    assert read.region_of(read.collectivite("75C")).name == "Île-de-France"
    with pytest.raises(UnknownCollectivite, match="« 75 »"):
        read.collectivite("75")


def test_codes_keep_their_leading_zero() -> None:
    assert territory().collectivite("05D").name == "Hautes-Alpes"
    assert territory().collectivite("05D").departements == ("05",)


def test_the_regions_hold_every_collectivite_once() -> None:
    read = territory()
    held = [each.code for region in read.regions for each in read.in_region(region)]
    assert sorted(held) == sorted(read.collectivites)
    assert [each.code for each in read.in_region(RegionCode("06"))] == ["976R"]


def test_a_territory_with_a_hole_is_refused() -> None:
    read = territory()
    without = {code: each for code, each in read.collectivites.items() if code != "05D"}
    with pytest.raises(ValueError, match="05"):
        checked(msgspec.structs.replace(read, collectivites=without))


def test_a_collectivite_in_another_region_than_its_departement_is_refused() -> None:
    read = territory()
    moved = msgspec.structs.replace(read.collectivite("05D"), region=RegionCode("75"))
    with pytest.raises(ValueError, match="05D"):
        checked(
            msgspec.structs.replace(read, collectivites={**read.collectivites, moved.code: moved})
        )


def test_every_collectivite_can_begin_a_history_that_reads_back() -> None:
    registry = FactRegistry(FACTS)
    for each in territory().collectivites.values():
        begun = TenantProvisioned(code=each.code, territory=territory().vintage)
        assert registry.decode(begun.stored_name, encode_fact(begun)) == begun
