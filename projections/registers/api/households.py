"""Households over HTTP; those of a person are with their file."""

from datetime import date
from typing import Annotated

import msgspec
from litestar import get, post
from litestar.params import JSONBody
from litestar.status_codes import HTTP_200_OK

from core.access import journal
from core.domain.command import Code, PersonRef
from core.domain.event import Subject
from core.http.guard import needs
from core.http.paging import AtLeast
from core.http.request import ApiRequest, PathId, PathPerson
from core.http.times import AsOf, KnownAt
from core.http.writing import Written, new_id, run
from core.registers.households import commands
from core.registers.households.commands import Members
from core.registers.households.wiring import KEEP, READ
from core.registers.people.vocabulary import HouseholdPlace
from projections.records import record
from projections.registers.household_register import HOUSEHOLD_REGISTER, HouseholdRow

_TAGS = ["Foyers"]
_SINCE = msgspec.Meta(description="Premier jour, à Paris.", examples=["2026-01-15"])
_LAST = msgspec.Meta(description="Dernier jour, à Paris.", examples=["2026-01-15"])
_REASON = msgspec.Meta(description="Motif (code).", examples=["separation"])


class HouseholdToForm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Un foyer et ceux qui y vivent ; une personne peut être de plusieurs foyers."""

    since: Annotated[date, _SINCE]
    members: Members


class MemberToJoin(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Une personne qui entre dans le foyer."""

    person: PersonRef
    place: Annotated[
        HouseholdPlace, msgspec.Meta(description="Adulte, enfant ou autre.", examples=["child"])
    ] = "adult"
    since: Annotated[date, _SINCE]


class Departure(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Le dernier jour, et le motif."""

    on: Annotated[date, _LAST]
    reason: Annotated[Code, _REASON]


@post("/households", opt=needs(KEEP.code), tags=_TAGS, summary="Former un foyer")
async def form_household(request: ApiRequest, data: JSONBody[HouseholdToForm]) -> Written:
    household = Subject(await new_id(request))
    command = commands.FormHousehold(household=household, since=data.since, members=data.members)
    return await run(request, command)


@post(
    "/households/{household:str}/members",
    opt=needs(KEEP.code),
    tags=_TAGS,
    summary="Faire entrer une personne dans un foyer",
)
async def join_household(
    request: ApiRequest, household: PathId, data: JSONBody[MemberToJoin]
) -> Written:
    fields = msgspec.structs.asdict(data)
    return await run(request, commands.JoinHousehold(household=household, **fields))


@post(
    "/households/{household:str}/members/{person:str}/departure",
    opt=needs(KEEP.code),
    tags=_TAGS,
    summary="Enregistrer le départ d'une personne d'un foyer",
    status_code=HTTP_200_OK,
)
async def leave_household(
    request: ApiRequest, household: PathId, person: PathPerson, data: JSONBody[Departure]
) -> Written:
    command = commands.LeaveHousehold(
        household=household, person=person, on=data.on, reason=data.reason
    )
    return await run(request, command)


@post(
    "/households/{household:str}/dissolution",
    opt=needs(KEEP.code),
    tags=_TAGS,
    summary="Dissoudre un foyer",
    status_code=HTTP_200_OK,
)
async def dissolve_household(
    request: ApiRequest, household: PathId, data: JSONBody[Departure]
) -> Written:
    command = commands.DissolveHousehold(household=household, on=data.on, reason=data.reason)
    return await run(request, command)


@get("/households/{household:str}", opt=needs(READ.code), tags=_TAGS, summary="Un foyer")
async def read_household(
    request: ApiRequest,
    household: PathId,
    at_least: AtLeast = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
) -> HouseholdRow:
    row = await record(
        request, HOUSEHOLD_REGISTER, household, at_least=at_least, as_of=as_of, known_at=known_at
    )
    tenant = request.tenant
    async with request.house.store.database(tenant).serving(tenant) as connection:
        # Who lives with whom is read about each of them.
        await journal.record(connection, tenant, request.reading, row.people)
    return row


ROUTES = (form_household, join_household, leave_household, dissolve_household, read_household)
