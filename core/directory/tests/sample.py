"""What the tests of the directory share: one reading, a few people, and what erasure will do."""

import asyncio
from collections.abc import Coroutine
from datetime import UTC, date, datetime
from typing import Any

import psycopg
from psycopg import sql

from core.access.journal import Reading
from core.database.pool import Database
from core.directory.identity import Identity
from core.tenancy import Tenant
from tests.installation import Installation

NOW = datetime.now(UTC)
READING = Reading(
    at=NOW, actor="animatrice", permission="directory.search_people", route="people.search"
)
CAMILLE = Identity(
    family_name="D'Orsay-Lefèvre",
    given_name="Camille",
    birth_date=date(1961, 3, 9),
    phone="06 12 34 56 78",
    email="camille@exemple.fr",
)
ALEX = Identity(family_name="D'Orsay-Lefèvre", given_name="Alex", birth_date=CAMILLE.birth_date)
NADIA = Identity(family_name="Belkacem", given_name="Nadia", birth_date=date(1984, 11, 30))


async def destroy_key(database: Database, tenant: Tenant, subject: str) -> None:
    """What erasure does to a key, under the role that will do it."""
    query = sql.SQL("update {} set wrapped = null where subject = %s::uuid").format(
        sql.Identifier(tenant.facts_schema, "data_keys")
    )
    async with database.serving(tenant) as connection:
        await connection.execute(query, (subject,))


async def meet_in_order(
    installation: Installation,
    tenant: Tenant,
    lower: str,
    upper: str,
    work: Coroutine[Any, Any, Any],
) -> None:
    """
    Another transaction makes the keys of `lower`, then of `upper`, while `work` makes both.

    `work` waits at the first it meets. Had it taken `upper` by then, they would wait for each other
    and PostgreSQL would end one of them.
    """
    insert = sql.SQL("insert into {} (subject, kind) values (%s::uuid, 'stream')").format(
        sql.Identifier(tenant.facts_schema, "data_keys")
    )
    waits = "select count(*) from pg_stat_activity where wait_event_type = 'Lock'"
    admin = await psycopg.AsyncConnection.connect(installation.conninfo("admin"), autocommit=True)
    async with (
        admin,
        installation.database() as database,
        database.serving(tenant) as other,
        other.transaction(force_rollback=True),
    ):
        await other.execute(insert, (lower,))
        working = asyncio.create_task(work)
        while (await (await admin.execute(waits)).fetchone() or (0,))[0] == 0:
            assert not working.done()
        await other.execute(insert, (upper,))
    await working
