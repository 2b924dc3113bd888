"""
Duplicates over HTTP: pairs of ids to judge, dismissed or merged; a merge can be undone.

Only ids are told here. Who they are is read one by one, in the directory.
"""

from typing import Annotated

import msgspec
from litestar import get, post
from litestar.params import JSONBody
from litestar.status_codes import HTTP_200_OK

from core.access import journal
from core.domain.command import Code, PersonRef
from core.domain.event import PersonId
from core.domain.sealed import Sealed
from core.http.guard import needs
from core.http.paging import AtLeast, Page, PageAfter, PageLimit
from core.http.request import ApiRequest, PathPerson
from core.http.writing import Written, run
from core.registers.people import commands
from core.registers.people.merging import pair_of
from core.registers.people.wiring import MERGE_PEOPLE
from projections.reading import reading
from projections.registers.duplicates import DUPLICATES, PairRow
from projections.registers.pairs import Pair, pairs_to_judge
from projections.registers.persons import PERSONS

_TAGS = ["Doublons"]
_REASON = msgspec.Meta(description="Motif (code).", examples=["same_phone"])
_Note = Annotated[
    str,
    msgspec.Meta(
        min_length=1,
        max_length=10_000,
        description="Ce qui le fait penser ; scellé sous la clé de l'une des deux personnes.",
        examples=["Même numéro de téléphone, prénoms proches."],
    ),
]


class PairToJudge(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Deux fiches, dans un ordre quelconque, et pourquoi."""

    person: PersonRef
    other: PersonRef
    reason: Annotated[Code, _REASON]
    note: _Note | None = None


class Merge(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """La fiche que l'on garde, celle que l'on y réunit, et pourquoi."""

    kept: PersonRef
    merged: PersonRef
    reason: Annotated[Code, _REASON]


class Undoing(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Pourquoi ce sont deux personnes, après tout."""

    reason: Annotated[Code, msgspec.Meta(description="Motif (code).", examples=["two_people"])]


@get(
    "/people/duplicates",
    opt=needs(MERGE_PEOPLE.code),
    tags=_TAGS,
    summary="Les doublons à examiner, par identifiants",
)
async def list_duplicates(
    request: ApiRequest, at_least: AtLeast = None, after: PageAfter = None, limit: PageLimit = 50
) -> Page[Pair]:
    """Même nom et même date de naissance, ou proposés à la main ; ni écartés, ni déjà réunis."""
    async with reading(request, PERSONS, DUPLICATES, at_least=at_least) as models:
        page = await pairs_to_judge(models, after=after, limit=limit)
        # That two ids share a name and a birth date is already something read about them.
        told = [person for pair in page.items for person in (pair.first, pair.second)]
        await journal.record(models.connection, request.tenant, request.reading, told)
    return page


@post(
    "/people/duplicates",
    opt=needs(MERGE_PEOPLE.code),
    tags=_TAGS,
    summary="Proposer deux fiches comme doublon",
)
async def propose_duplicate(request: ApiRequest, data: JSONBody[PairToJudge]) -> Written:
    command = commands.ProposeDuplicate(
        person=data.person,
        other=data.other,
        reason=data.reason,
        note=await _sealed(request, data),
    )
    return await run(request, command)


@post(
    "/people/duplicates/dismissal",
    opt=needs(MERGE_PEOPLE.code),
    tags=_TAGS,
    summary="Écarter un doublon : ce sont deux personnes",
    status_code=HTTP_200_OK,
)
async def dismiss_duplicate(request: ApiRequest, data: JSONBody[PairToJudge]) -> Written:
    command = commands.DismissDuplicate(
        person=data.person,
        other=data.other,
        reason=data.reason,
        note=await _sealed(request, data),
    )
    return await run(request, command)


@post(
    "/people/merges",
    opt=needs(MERGE_PEOPLE.code),
    tags=_TAGS,
    summary="Réunir deux fiches d'une même personne",
)
async def merge_people(request: ApiRequest, data: JSONBody[Merge]) -> Written:
    """Rien n'est déplacé : les chiffres comptent désormais une seule personne."""
    command = commands.MergePersons(kept=data.kept, merged=data.merged, reason=data.reason)
    return await run(request, command)


@post(
    "/people/merges/{merged:str}/undoing",
    opt=needs(MERGE_PEOPLE.code),
    tags=_TAGS,
    summary="Séparer une fiche de celle à laquelle elle avait été réunie",
    status_code=HTTP_200_OK,
)
async def unmerge_people(
    request: ApiRequest, merged: PathPerson, data: JSONBody[Undoing]
) -> Written:
    return await run(request, commands.UnmergePersons(merged=merged, reason=data.reason))


@get(
    "/people/merges",
    opt=needs(MERGE_PEOPLE.code),
    tags=_TAGS,
    summary="Les fiches réunies, de la plus ancienne réunion à la plus récente",
)
async def list_merges(
    request: ApiRequest, at_least: AtLeast = None, after: PageAfter = None, limit: PageLimit = 50
) -> Page[PairRow]:
    async with reading(request, DUPLICATES, at_least=at_least) as models:
        return await models.page(
            DUPLICATES, where={"state": "merged"}, order=("said_on",), after=after, limit=limit
        )


async def _sealed(request: ApiRequest, data: PairToJudge) -> Sealed | None:
    """The note, under the key of the person whose stream holds what is said of the pair."""
    if data.note is None:
        return None
    first = PersonId(pair_of(data.person, data.other)[0])
    return await request.house.vault.seal(request.tenant, first, "note", data.note, person=True)


ROUTES = (
    list_duplicates,
    propose_duplicate,
    dismiss_duplicate,
    merge_people,
    unmerge_people,
    list_merges,
)
