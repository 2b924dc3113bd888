"""
The collectivités that exercise the powers of a département, and the territory they cover.

A code means nothing without its kind: "75" is Paris among the départements and Nouvelle-Aquitaine
among the regions, and the tenant of Paris is "75C". Hence one type per kind of code.

Sources: INSEE, code officiel géographique, for départements and regions; the IANA time zone
database for the zones of the regions that do not live at Paris time.
"""

import csv
import hashlib
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import NewType
from zoneinfo import ZoneInfo

import msgspec

CollectiviteCode = NewType("CollectiviteCode", str)
DepartementCode = NewType("DepartementCode", str)
RegionCode = NewType("RegionCode", str)


class Region(msgspec.Struct, frozen=True):
    code: RegionCode
    name: str


class Departement(msgspec.Struct, frozen=True):
    """The circumscription of the State, not the local authority."""

    code: DepartementCode
    name: str
    region: RegionCode


class Collectivite(msgspec.Struct, frozen=True):
    """
    One tenant to be. `status` is `departement`, `metropole`, `collectivite_territoriale`…

    Two of them share the département 69, two cover two départements each: count nothing by it.
    """

    code: CollectiviteCode
    name: str
    status: str
    departements: tuple[DepartementCode, ...]
    region: RegionCode
    time_zone: str

    def day(self, instant: datetime) -> date:
        """The date it is there at an instant."""
        return instant.astimezone(ZoneInfo(self.time_zone)).date()


class Territory(msgspec.Struct, frozen=True, kw_only=True):
    """One vintage of the territory; every figure is stamped with it."""

    vintage: str
    collectivites: Mapping[CollectiviteCode, Collectivite]
    departements: Mapping[DepartementCode, Departement]
    regions: Mapping[RegionCode, Region]

    def collectivite(self, code: str) -> Collectivite:
        """The collectivité of a tenant code such as `05D`; raises `UnknownCollectivite`."""
        found = self.collectivites.get(CollectiviteCode(code))
        if found is None:
            raise UnknownCollectivite(code)
        return found

    def region_of(self, collectivite: Collectivite) -> Region:
        return self.regions[collectivite.region]

    def covering(self, departement: DepartementCode) -> tuple[Collectivite, ...]:
        """The collectivités of a département, by code: two for the Rhône."""
        return tuple(c for c in self.collectivites.values() if departement in c.departements)

    def in_region(self, region: RegionCode) -> tuple[Collectivite, ...]:
        """The collectivités of a region, by code."""
        return tuple(c for c in self.collectivites.values() if c.region == region)


class UnknownCollectivite(LookupError):
    """No collectivité has this code; the message is a French sentence."""

    def __init__(self, code: str) -> None:
        super().__init__(
            f"aucune collectivité n'a le code « {code} » (exemples : 05D, 69M, 75C, 972R)"
        )


@cache
def territory() -> Territory:
    """The territory Jalon carries. Raises `ValueError` when its files contradict each other."""
    contents = {
        name: files("tenants.territory").joinpath(f"{name}.csv").read_bytes()
        for name in ("collectivites", "cog_departements", "cog_regions", "time_zones")
    }
    zones = {line["region"]: line["fuseau"] for line in _lines(contents["time_zones"])}
    collectivites = (
        Collectivite(
            CollectiviteCode(line["code"]),
            line["nom"],
            line["statut"],
            tuple(DepartementCode(code) for code in line["departements"].split()),
            RegionCode(line["region"]),
            zones.get(line["region"], "Europe/Paris"),
        )
        for line in _lines(contents["collectivites"])
    )
    departements = (
        Departement(DepartementCode(line["DEP"]), line["LIBELLE"], RegionCode(line["REG"]))
        for line in _lines(contents["cog_departements"])
    )
    regions = (
        Region(RegionCode(line["REG"]), line["LIBELLE"]) for line in _lines(contents["cog_regions"])
    )
    # The files carry no date: the vintage is their content, which anybody can compute again.
    digest = hashlib.sha256(b"".join(contents.values())).hexdigest()
    return checked(
        Territory(
            vintage=f"cog-{digest[:12]}",
            collectivites={each.code: each for each in sorted(collectivites, key=_code)},
            departements={each.code: each for each in sorted(departements, key=_code)},
            regions={each.code: each for each in sorted(regions, key=_code)},
        )
    )


def checked(read: Territory) -> Territory:
    """The same territory, once it is whole; raises `ValueError` saying what is not."""
    covered = {code for each in read.collectivites.values() for code in each.departements}
    if missing := read.departements.keys() ^ covered:
        message = f"départements without a collectivité, or unknown: {sorted(missing)}"
        raise ValueError(message)
    for each in read.collectivites.values():
        regions = {read.departements[code].region for code in each.departements}
        if regions != {each.region} or each.region not in read.regions:
            message = f"{each.code} is not in one known region: {each.region}, {sorted(regions)}"
            raise ValueError(message)
    return read


def _code(each: Collectivite | Departement | Region) -> str:
    return each.code


def _lines(content: bytes) -> Iterable[dict[str, str]]:
    return csv.DictReader(content.decode("utf-8").splitlines())
