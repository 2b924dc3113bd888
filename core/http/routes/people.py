"""
The people directory over HTTP.

Who someone is travels in bodies only: addresses end up in logs and histories. What is read here
goes into the access journal.
"""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any

import msgspec
from litestar import get, post, put
from litestar.params import JSONBody
from litestar.status_codes import HTTP_200_OK

from core.directory.blind_index import Kind
from core.directory.commands import CorrectIdentity, RegisterPerson
from core.directory.identity import Identity
from core.directory.module import READ_PEOPLE, REGISTER_PEOPLE, SEARCH_PEOPLE
from core.directory.refusals import UnknownPerson
from core.directory.registration import Match
from core.domain.command import Command
from core.domain.event import PersonId, Recorded, Subject
from core.external_ids.linking import PERSON_KIND
from core.http.guard import needs
from core.http.request import ApiRequest, PathPerson
from core.http.upsert import FromElsewhere, Upserted, upsert
from core.http.writing import new_id, run

_TAGS = ["Personnes"]
_Contact = Annotated[str, msgspec.Meta(min_length=1, max_length=254)]
_Name = Annotated[str, msgspec.Meta(min_length=1, max_length=100)]


class PersonRegistered(msgspec.Struct, frozen=True, kw_only=True):
    """L'identifiant de la personne, et celles, déjà connues, qui sont peut-être elle."""

    person: PersonId
    position: int
    repeated: bool
    duplicates: tuple[Match, ...]


class PersonPushed(FromElsewhere, frozen=True, kw_only=True):
    """Une personne, et l'identifiant sous lequel le logiciel qui transmet la connaît."""

    family_name: _Name
    given_name: _Name
    birth_date: date
    phone: _Contact | None = None
    email: _Contact | None = None


class PersonSought(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Qui l'on cherche ; sans prénom, toute personne de ce nom et de cette naissance."""

    family_name: _Name
    birth_date: date
    given_name: _Name | None = None


class PersonFound(msgspec.Struct, frozen=True, kw_only=True):
    """Une personne de même identité (`identity`), ou de mêmes nom et naissance (`family`)."""

    person: PersonId
    match: Kind
    identity: Identity


class PeopleFound(msgspec.Struct, frozen=True):
    """Les plus proches d'abord."""

    items: list[PersonFound]


class PersonView(msgspec.Struct, frozen=True, kw_only=True):
    """Qui est une personne, sous l'identifiant qu'elle garde si le sien a été fusionné."""

    person: PersonId
    identity: Identity


@post("/people", opt=needs(REGISTER_PEOPLE.code), tags=_TAGS, summary="Inscrire une personne")
async def register(request: ApiRequest, data: JSONBody[Identity]) -> PersonRegistered:
    """La même clé d'idempotence, avec la même identité, donne la même personne."""
    person = await new_id(request)
    registered = await request.house.people.register(
        request.tenant, data, request.reading, person=person
    )
    written = await run(request, RegisterPerson(person=registered.person))
    return PersonRegistered(
        person=registered.person,
        position=written.position,
        repeated=written.repeated,
        duplicates=registered.duplicates,
    )


@put("/people", opt=needs(REGISTER_PEOPLE.code), tags=_TAGS, summary="Transmettre une personne")
async def put_person(request: ApiRequest, data: JSONBody[PersonPushed]) -> Upserted:
    """
    Sous l'identifiant d'un autre logiciel : inscrite la première fois, corrigée quand son identité
    a changé, laissée telle quelle sinon.
    """
    people, tenant, reading = request.house.people, request.tenant, request.reading
    identity = Identity(
        **{name: getattr(data, name) for name in Identity.__struct_fields__},
    )

    async def told(person: Subject, known: Sequence[Recorded[Any]]) -> Sequence[Command]:
        if not known:
            await people.register(tenant, identity, reading, person=person)
            return [RegisterPerson(person=PersonId(person))]
        kept = PersonId((await people.kept(tenant, [person]))[person])
        changed = await people.correct(tenant, kept, identity, reading)
        return [CorrectIdentity(person=kept, fields=changed)] if changed else []

    return await upsert(request, PERSON_KIND, data, told)


@post(
    "/people/search",
    opt=needs(SEARCH_PEOPLE.code),
    tags=_TAGS,
    summary="Rechercher une personne",
    status_code=HTTP_200_OK,
)
async def search(request: ApiRequest, data: JSONBody[PersonSought]) -> PeopleFound:
    found = await request.house.people.search(
        request.tenant,
        data.family_name,
        data.birth_date,
        request.reading,
        given_name=data.given_name,
    )
    return PeopleFound(
        [
            PersonFound(person=each.person, match=each.match, identity=each.identity)
            for each in found
        ]
    )


@get("/people/{person:str}", opt=needs(READ_PEOPLE.code), tags=_TAGS, summary="Lire une identité")
async def read(request: ApiRequest, person: PathPerson) -> PersonView:
    directory, tenant = request.house.people, request.tenant
    kept = (await directory.kept(tenant, [person]))[person]
    identities = await directory.identities(tenant, [kept], request.reading)
    if kept not in identities:
        raise UnknownPerson(kept)
    return PersonView(person=PersonId(kept), identity=identities[kept])


ROUTES = (register, put_person, search, read)
