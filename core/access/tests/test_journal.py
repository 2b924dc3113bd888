from datetime import UTC, datetime, timedelta

import msgspec
import psycopg
import pytest
from psycopg import sql

from core.access import journal
from core.access.journal import Reading
from core.database.pool import Database
from core.ids import uuid7
from tests.installation import Installation

READING = Reading(
    at=datetime.now(UTC),
    actor="conseillère",
    permission="ravie.read_attendance",
    route="ravie.attendance_sheet",
    purpose="emargement",
)


async def test_a_list_read_at_once_leaves_a_line_for_each_person(
    installation: Installation, serve_database: Database
) -> None:
    tenant = installation.tenant()
    persons = [uuid7() for _ in range(30)]
    async with serve_database.serving(tenant) as connection:
        await journal.record(connection, tenant, READING, [*persons, persons[0]])
    async with serve_database.serving(tenant) as connection:
        for person in persons:
            read = await journal.reads_of(connection, tenant, person)
            assert [(line.reading, line.subject) for line in read] == [(READING, person)]


async def test_a_read_that_fails_leaves_no_line(
    installation: Installation, serve_database: Database
) -> None:
    tenant, person = installation.tenant(), uuid7()

    async def read_and_fail() -> None:
        async with serve_database.serving(tenant) as connection:
            await journal.record(connection, tenant, READING, [person])
            raise ConnectionError

    with pytest.raises(ConnectionError):
        await read_and_fail()
    async with serve_database.serving(tenant) as connection:
        assert await journal.reads_of(connection, tenant, person) == []


async def test_lines_older_than_twelve_months_are_out_of_reach(
    installation: Installation, serve_database: Database
) -> None:
    tenant, person = installation.tenant(), uuid7()
    old = msgspec.structs.replace(READING, at=READING.at - timedelta(days=366))
    async with serve_database.serving(tenant) as connection:
        await journal.record(connection, tenant, old, [person])
        await journal.record(connection, tenant, READING, [person])
        read = await journal.reads_of(connection, tenant, person)
    assert [line.reading.at for line in read] == [READING.at]


@pytest.mark.parametrize(
    "statement",
    ["update {} set actor = 'personne'", "delete from {}", "truncate {}", "select from {}"],
)
async def test_the_server_adds_lines_and_takes_none_away(
    installation: Installation, serve_database: Database, statement: str
) -> None:
    tenant = installation.tenant()
    table = sql.Identifier(tenant.facts_schema, "access_journal")
    async with serve_database.serving(tenant) as connection:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            await connection.execute(sql.SQL(statement).format(table))
