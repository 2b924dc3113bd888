import asyncio
from collections.abc import Callable
from datetime import date, timedelta

import msgspec
import pytest
from psycopg import sql

from core.access import journal
from core.database.pool import Database
from core.directory.keyring import Keyring
from core.directory.people import People
from core.directory.registration import Newcomer
from core.directory.tests.sample import (
    ALEX,
    CAMILLE,
    NADIA,
    NOW,
    READING,
    destroy_key,
    meet_in_order,
)
from core.domain.refusal import Refusal
from core.ids import uuid7
from core.tenancy import Tenant
from tests.installation import Installation


async def test_a_person_is_found_however_their_name_is_written(
    tenant: Tenant, people: People, another_process: Callable[[], Keyring]
) -> None:
    registered = await people.register(tenant, CAMILLE, READING)
    assert registered.created
    assert registered.duplicates == ()
    elsewhere = People(another_process())
    found = await elsewhere.search(
        tenant, "d’ORSAY  lefevre", CAMILLE.birth_date, READING, given_name="CAMILLE"
    )
    assert [(c.person, c.match, c.identity) for c in found] == [
        (registered.person, "identity", CAMILLE)
    ]
    for name, born in (("Orsay", CAMILLE.birth_date), (CAMILLE.family_name, date(1961, 9, 3))):
        assert await elsewhere.search(tenant, name, born, READING) == []


async def test_the_same_given_name_comes_before_the_rest_of_the_family(
    tenant: Tenant, people: People
) -> None:
    alex = (await people.register(tenant, ALEX, READING)).person
    camille = (await people.register(tenant, CAMILLE, READING)).person
    found = await people.search(
        tenant, CAMILLE.family_name, CAMILLE.birth_date, READING, given_name="Camille"
    )
    assert [(c.person, c.match) for c in found] == [(camille, "identity"), (alex, "family")]


async def test_the_same_identity_twice_is_told_as_a_possible_duplicate(
    tenant: Tenant, people: People
) -> None:
    first = await people.register(tenant, CAMILLE, READING)
    again = await people.register(tenant, CAMILLE, READING)
    twin = await people.register(tenant, ALEX, READING)
    assert again.created
    assert [(d.person, d.match) for d in again.duplicates] == [(first.person, "identity")]
    assert {(d.person, d.match) for d in twin.duplicates} == {
        (first.person, "family"),
        (again.person, "family"),
    }


async def test_an_import_tells_the_duplicates_within_itself(tenant: Tenant, people: People) -> None:
    newcomers = [Newcomer(person=uuid7(), identity=who) for who in (CAMILLE, NADIA, CAMILLE)]
    one, nadia, two = await people.register_many(tenant, newcomers, READING)
    assert [d.person for d in one.duplicates] == [two.person]
    assert [d.person for d in two.duplicates] == [one.person]
    assert nadia.duplicates == ()


async def test_an_import_done_again_changes_nothing(
    tenant: Tenant, people: People, another_process: Callable[[], Keyring]
) -> None:
    newcomers = [Newcomer(person=uuid7(), identity=who) for who in (CAMILLE, NADIA)]
    await people.register_many(tenant, newcomers[:1], READING)
    done = await People(another_process()).register_many(tenant, newcomers, READING)
    assert [registered.created for registered in done] == [False, True]
    known = await people.identities(tenant, [n.person for n in newcomers], READING)
    assert known == {n.person: n.identity for n in newcomers}


async def test_an_id_taken_by_another_refuses_the_whole_import(
    tenant: Tenant, people: People
) -> None:
    camille = (await people.register(tenant, CAMILLE, READING)).person
    nadia, alex = uuid7(), uuid7()
    for newcomers in (
        [Newcomer(person=nadia, identity=NADIA), Newcomer(person=camille, identity=NADIA)],
        [Newcomer(person=alex, identity=ALEX), Newcomer(person=alex, identity=NADIA)],
    ):
        with pytest.raises(Refusal, match="person_is_another"):
            await people.register_many(tenant, newcomers, READING)
    assert await people.identities(tenant, [nadia, alex], READING) == {}
    assert await people.search(tenant, "Belkacem", NADIA.birth_date, READING) == []


async def test_an_erased_person_gets_no_second_life_under_the_same_id(
    tenant: Tenant,
    people: People,
    serve_database: Database,
    another_process: Callable[[], Keyring],
) -> None:
    camille = (await people.register(tenant, CAMILLE, READING)).person
    await destroy_key(serve_database, tenant, camille)
    afterwards = People(another_process())
    assert await afterwards.identities(tenant, [camille], READING) == {}
    with pytest.raises(Refusal, match="person_is_another"):
        await afterwards.register(tenant, CAMILLE, READING, person=camille)


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"family_name": " - "}, "name_has_no_letter", "family_name"),
        ({"given_name": "’"}, "name_has_no_letter", "given_name"),
        (
            {"birth_date": NOW.date() + timedelta(days=1)},
            "birth_date_in_the_future",
            "birth_date",
        ),
    ],
)
async def test_who_could_not_be_found_again_is_refused(
    tenant: Tenant, people: People, change: dict[str, object], code: str, field: str
) -> None:
    with pytest.raises(Refusal, match=code) as refused:
        await people.register(tenant, msgspec.structs.replace(CAMILLE, **change), READING)
    assert refused.value.refused.field == field


async def test_people_of_one_tenant_are_unknown_in_the_next(
    installation: Installation, tenant: Tenant, people: People, serve_database: Database
) -> None:
    neighbour = installation.tenant("69D")
    camille = (await people.register(tenant, CAMILLE, READING)).person
    assert await people.search(neighbour, "D'Orsay-Lefèvre", CAMILLE.birth_date, READING) == []
    assert await people.identities(neighbour, [camille], READING) == {}
    there = await people.register(neighbour, CAMILLE, READING)
    assert there.duplicates == ()
    assert not await _blinds(serve_database, tenant) & await _blinds(serve_database, neighbour)


async def test_people_are_registered_in_order_so_that_nobody_waits_for_each_other(
    installation: Installation, tenant: Tenant, people: People, keyring: Keyring
) -> None:
    lower, upper = sorted((uuid7(), uuid7()))
    newcomers = [
        Newcomer(person=upper, identity=CAMILLE),
        Newcomer(person=lower, identity=NADIA),
    ]
    await keyring.tenant_key(tenant)
    work = people.register_many(tenant, newcomers, READING)
    await meet_in_order(installation, tenant, lower, upper, work)
    assert len(await people.identities(tenant, [lower, upper], READING)) == 2


async def test_the_same_people_imported_twice_at_once_are_registered_once(
    tenant: Tenant, another_process: Callable[[], Keyring]
) -> None:
    newcomers = [Newcomer(person=uuid7(), identity=who) for who in (CAMILLE, NADIA, ALEX)]
    answers = await asyncio.gather(
        *(
            People(another_process()).register_many(tenant, newcomers[::way], READING)
            for way in (1, -1, 1, -1)
        )
    )
    assert sum(registered.created for answer in answers for registered in answer) == 3


async def test_every_read_is_in_the_journal_and_names_nobody(
    tenant: Tenant, people: People, serve_database: Database
) -> None:
    camille = (await people.register(tenant, CAMILLE, READING)).person
    nadia = (await people.register(tenant, NADIA, READING)).person
    await people.search(tenant, CAMILLE.family_name, CAMILLE.birth_date, READING)
    await people.search(tenant, "Inconnue", CAMILLE.birth_date, READING)
    await people.identities(tenant, [camille, nadia], READING)
    await people.register(tenant, CAMILLE, READING)
    async with serve_database.serving(tenant) as connection:
        assert len(await journal.reads_of(connection, tenant, camille)) == 3
        assert len(await journal.reads_of(connection, tenant, nadia)) == 1
        query = sql.SQL("select count(*) from {} where subject is null").format(
            sql.Identifier(tenant.facts_schema, "access_journal_kept")
        )
        assert await (await connection.execute(query)).fetchone() == (1,)


async def _blinds(database: Database, tenant: Tenant) -> set[bytes]:
    query = sql.SQL("select blind from {}").format(
        sql.Identifier(tenant.facts_schema, "people_index")
    )
    async with database.serving(tenant) as connection:
        found = {blind for (blind,) in await (await connection.execute(query)).fetchall()}
    assert found
    return found
