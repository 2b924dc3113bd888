"""Facts about people, through the one way in: registered first, sealed, tagged, then recorded."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, ClassVar

import pytest
from psycopg import sql

from core.access.actor import Actor
from core.application import Application
from core.catalogue import Catalogue
from core.database.pool import Database
from core.directory.commands import RegisterPerson
from core.directory.keyring import Keyring
from core.directory.module import MODULE
from core.directory.people import People
from core.directory.tests.sample import CAMILLE, READING, destroy_key
from core.directory.vault import Vault
from core.domain.command import Command, PersonRef, SubjectId, Token
from core.domain.decider import Aggregate, Decision
from core.domain.event import Fact, PersonId, Recorded, Subject
from core.domain.refusal import Refusal
from core.domain.sealed import Sealed
from core.event_store.store import EventStore
from core.ids import uuid7
from core.keys.tags import TAG_SIZE
from core.module import Module
from core.tenancy import Tenant, TenantSettings


class NeedTold(Fact, frozen=True, kw_only=True):
    stored_name: ClassVar[str] = "essai.need_told.v1"

    person: PersonId | None
    need: Sealed


class TellNeed(Command, frozen=True, kw_only=True):
    name: ClassVar[str] = "essai.tell_need"

    file: SubjectId
    person: PersonRef | None = None
    need: Token


FILE = Aggregate[Any](
    name="essai.file", facts=(NeedTold,), evolve=lambda _state, recorded: recorded.fact
)
ESSAI = Module(
    name="essai",
    title="Essai",
    version="1",
    facts=(NeedTold,),
    aggregates=(FILE,),
    decisions=(
        Decision(
            command=TellNeed,
            aggregate=FILE,
            stream="file",
            decide=lambda command, _state, _context: [
                NeedTold(person=command.person, need=command.need)
            ],
            permission="essai.tell_need",
            opens=True,
        ),
    ),
    always_on=True,
)
ACTOR = Actor(id="animatrice", everything=True)


class OneTenant:
    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant

    def find(self, code: str) -> Tenant:
        assert code == self._tenant.code
        return self._tenant

    def all(self) -> Sequence[Tenant]:
        return [self._tenant]


def settings_of(history: Sequence[Recorded[Any]], _now: datetime) -> TenantSettings:
    return TenantSettings(
        version=len(history), suspended=False, modules=frozenset({"essai"}), values={}
    )


def application(database: Database, tenant: Tenant, vault: Vault) -> Application:
    catalogue = Catalogue([MODULE, ESSAI])
    store = EventStore({tenant.placement: database}, catalogue.registry)
    return Application(store, catalogue, OneTenant(tenant), settings_of, vault)


async def test_a_registered_person_is_a_fact_whose_tags_are_under_their_key(
    tenant: Tenant, serve_database: Database, vault: Vault, people: People
) -> None:
    camille = (await people.register(tenant, CAMILLE, READING)).person
    app = application(serve_database, tenant, vault)
    async with app.store:
        done = await app.execute("05D", RegisterPerson(person=camille), actor=ACTOR)
        need = await vault.seal(tenant, camille, "need", "aide au lever", person=True)
        told = await app.execute(
            "05D", TellNeed(file=Subject(uuid7()), person=camille, need=need), actor=ACTOR
        )
    tagger = await vault.tagger(tenant, {camille})
    for fact in (*done.facts, *told.facts):
        expected = tagger(fact.id, fact.stream, "animatrice", camille)
        assert await _stored_tags(serve_database, tenant, fact.id) == expected
        assert len(expected) == 3 * TAG_SIZE
    assert await vault.open(tenant, "need", told.facts[0].fact.need) == "aide au lever"


async def test_a_fact_about_nobody_is_tagged_under_the_tenant_key(
    tenant: Tenant, serve_database: Database, vault: Vault
) -> None:
    stream = Subject(uuid7())
    app = application(serve_database, tenant, vault)
    async with app.store:
        need = await vault.seal(tenant, stream, "need", "un local plus grand")
        told = await app.execute("05D", TellNeed(file=stream, need=need), actor=ACTOR)
    tags = await _stored_tags(serve_database, tenant, told.facts[0].id)
    assert len(tags) == 2 * TAG_SIZE


async def test_no_fact_is_recorded_about_an_unknown_or_erased_person(
    tenant: Tenant,
    serve_database: Database,
    vault: Vault,
    people: People,
    another_process: Callable[[], Keyring],
) -> None:
    camille = (await people.register(tenant, CAMILLE, READING)).person
    await destroy_key(serve_database, tenant, camille)
    stream = Subject(uuid7())
    need = await vault.seal(tenant, stream, "need", "aide")
    app = application(serve_database, tenant, Vault(another_process()))
    async with app.store:
        for person in (camille, PersonId(uuid7())):
            command = TellNeed(file=stream, person=person, need=need)
            with pytest.raises(Refusal, match="person_is_unknown") as refused:
                await app.execute("05D", command, actor=ACTOR)
            assert refused.value.sentence == app.catalogue.sentence(refused.value.refused)
        assert await app.store.load(tenant, [stream]) == {stream: []}


async def _stored_tags(database: Database, tenant: Tenant, fact: str) -> bytes:
    query = sql.SQL("select tags from {} where id = %s::uuid").format(
        sql.Identifier(tenant.facts_schema, "facts")
    )
    async with database.serving(tenant) as connection:
        row = await (await connection.execute(query, (fact,))).fetchone()
    assert row is not None
    return bytes(row[0])
