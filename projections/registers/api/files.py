"""
A person's file as it is read: everything told under any of their ids, and when they come of age.

The day of majority is told from the birth date of the directory, at the moment of reading: like
every other read of an identity, it goes into the access journal.
"""

from collections.abc import Sequence
from datetime import date
from typing import Annotated

import msgspec
from litestar import get
from litestar.params import QueryParameter

from core.access import journal
from core.domain.days import day_of
from core.domain.sealed import Sealed
from core.http.guard import needs
from core.http.paging import PAGE_LIMIT, AtLeast, Page, PageAfter, PageLimit
from core.http.request import ApiRequest, PathPerson
from core.registers.households.wiring import READ
from core.registers.people.majority import majority_on
from core.registers.people.vocabulary import OF_MINORS
from projections.reading import reading
from projections.records import record
from projections.registers.household_register import HOUSEHOLD_REGISTER, HouseholdRow
from projections.registers.persons import PERSONS, Notice, PersonRow, Represented

_TAGS = ["Personnes"]


class Opposed(msgspec.Struct, frozen=True, kw_only=True):
    """Une opposition ; `grounds` est nul sans motif, ou quand la clé n'existe plus."""

    scope: str
    on: date
    grounds: str | None
    withdrawn_on: date | None


class PersonFile(msgspec.Struct, frozen=True, kw_only=True):
    """
    Le dossier d'une personne, sous l'identifiant gardé.

    `merged` : les identifiants réunis à celui-ci. `majority_on` : nul quand l'identité est effacée.
    """

    person: str
    merged: tuple[str, ...]
    known_since: date
    majority_on: date | None
    is_minor: bool | None
    opposed: list[str]
    representatives: list[Represented]
    notices: list[Notice]
    oppositions: list[Opposed]


class ComingOfAge(msgspec.Struct, frozen=True, kw_only=True):
    """Une personne représentée comme mineure, et le jour de sa majorité."""

    person: str
    majority_on: date


class ComingsOfAge(msgspec.Struct, frozen=True):
    """Dans l'ordre des jours de majorité ; `next` : la suite des personnes à examiner."""

    items: list[ComingOfAge]
    next: str | None


@get(
    "/people/{person:str}/file",
    opt=needs(READ.code),
    tags=_TAGS,
    summary="Lire le dossier d'une personne",
)
async def read_file(
    request: ApiRequest, person: PathPerson, at_least: AtLeast = None
) -> PersonFile:
    asked = await record(request, PERSONS, person, at_least=at_least)
    rows = await _under_all_ids(request, asked.kept)
    oppositions = [one for row in rows for one in row.oppositions]
    tokens = [("grounds", Sealed(one.grounds)) for one in oppositions if one.grounds is not None]
    texts = iter(await request.house.vault.open_many(request.tenant, tokens))
    majority = (await _majorities(request, [asked.kept])).get(asked.kept)
    return PersonFile(
        person=asked.kept,
        merged=tuple(row.person for row in rows if row.person != asked.kept),
        known_since=min(row.known_since for row in rows),
        majority_on=majority,
        is_minor=None if majority is None else _today(request) < majority,
        opposed=sorted({scope for row in rows for scope in row.opposed}),
        representatives=[one for row in rows for one in row.representatives],
        notices=[one for row in rows for one in row.notices],
        oppositions=[
            Opposed(
                scope=one.scope,
                on=one.on,
                grounds=None if one.grounds is None else next(texts),
                withdrawn_on=one.withdrawn_on,
            )
            for one in oppositions
        ],
    )


@get(
    "/people/{person:str}/households",
    opt=needs(READ.code),
    tags=_TAGS,
    summary="Les foyers d'une personne, du plus ancien au plus récent",
)
async def list_households(
    request: ApiRequest,
    person: PathPerson,
    at_least: AtLeast = None,
    after: PageAfter = None,
    limit: PageLimit = 50,
) -> Page[HouseholdRow]:
    asked = await record(request, PERSONS, person, at_least=at_least)
    rows = await _under_all_ids(request, asked.kept)
    async with reading(request, HOUSEHOLD_REGISTER, at_least=at_least) as models:
        return await models.page(
            HOUSEHOLD_REGISTER,
            where={"people": frozenset(row.person for row in rows)},
            order=("formed_on",),
            after=after,
            limit=limit,
        )


@get(
    "/people/majorities",
    opt=needs(READ.code),
    tags=_TAGS,
    summary="Qui devient majeur, parmi les personnes représentées comme mineures",
)
async def list_majorities(
    request: ApiRequest,
    until: Annotated[date, QueryParameter(description="Dernier jour compris.")],
    at_least: AtLeast = None,
    after: PageAfter = None,
    limit: PageLimit = 50,
) -> ComingsOfAge:
    """La page porte sur les personnes représentées : elle peut en montrer moins que `limit`."""
    async with reading(request, PERSONS, at_least=at_least) as models:
        page = await models.page(
            PERSONS, where={"represented": True}, order=("kept",), after=after, limit=limit
        )
    minors = [row.kept for row in page.items if _as_a_minor(row)]
    majorities = await _majorities(request, minors)
    due = [
        ComingOfAge(person=person, majority_on=day)
        for person, day in majorities.items()
        if day <= until
    ]
    return ComingsOfAge(sorted(due, key=lambda one: (one.majority_on, one.person)), page.next)


async def _under_all_ids(request: ApiRequest, kept: str) -> Sequence[PersonRow]:
    """The rows of every id of a person, the kept one first; told in the access journal."""
    async with reading(request, PERSONS) as models:
        page = await models.page(PERSONS, where={"kept": kept}, limit=PAGE_LIMIT)
        await journal.record(models.connection, request.tenant, request.reading, [kept])
    return sorted(page.items, key=lambda row: (row.person != kept, row.person))


async def _majorities(request: ApiRequest, persons: Sequence[str]) -> dict[str, date]:
    """The day each comes of age; the erased are left out."""
    if not persons:
        return {}
    identities = await request.house.people.identities(request.tenant, persons, request.reading)
    return {person: majority_on(who.birth_date) for person, who in identities.items()}


def _as_a_minor(row: PersonRow) -> bool:
    return any(one.kind in OF_MINORS and not one.ended for one in row.representatives)


def _today(request: ApiRequest) -> date:
    return day_of(request.house.application.clock.now(request.tenant.code))


ROUTES = (read_file, list_households, list_majorities)
