"""
The access journal: who read what, under which permission, on which route, what for.

Written in the transaction of the read it tells of: no read without its line, and no line for a
read that failed. It is kept apart from the facts, holds ids and codes only, and does not last.
"""

from collections.abc import Collection
from datetime import datetime

import msgspec
from psycopg import sql

from core.database.pool import Connection
from core.tenancy import Tenant


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """
    The circumstances of a read: the instant, the account and what entitled it.

    `route` is the code of the route or the command line, `purpose` a code when one was asked for.
    """

    at: datetime
    actor: str
    permission: str
    route: str
    purpose: str | None = None


class Read(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the journal; `subject` is None for a search that found nobody."""

    reading: Reading
    subject: str | None


async def record(
    connection: Connection, tenant: Tenant, reading: Reading, subjects: Collection[str]
) -> None:
    """
    Adds one line per subject read, in one statement; `subjects` are ids of persons or streams.

    An empty collection gives one line without a subject: to have searched in vain is told too.
    `connection` has the tenant's serving role and the transaction of the read.
    """
    query = sql.SQL(
        """insert into {} (at, actor, permission, subject, route, purpose)
           select %s, %s, %s, subject, %s, %s from unnest(%s::uuid[]) as subject"""
    ).format(sql.Identifier(tenant.facts_schema, "access_journal"))
    lines: list[str | None] = [*dict.fromkeys(subjects)]
    await connection.execute(
        query,
        (
            reading.at,
            reading.actor,
            reading.permission,
            reading.route,
            reading.purpose,
            lines or [None],
        ),
    )


async def reads_of(
    connection: Connection, tenant: Tenant, subject: str, limit: int = 1_000
) -> list[Read]:
    """Who read about a person or a stream in the last 12 months, latest first."""
    query = sql.SQL(
        """select at, actor, permission, route, purpose, subject::text from {}
           where subject = %s::uuid order by at desc limit %s"""
    ).format(sql.Identifier(tenant.facts_schema, "access_journal_kept"))
    cursor = await connection.execute(query, (subject, limit))
    return [
        Read(
            reading=Reading(
                at=at, actor=actor, permission=permission, route=route, purpose=purpose
            ),
            subject=read,
        )
        for at, actor, permission, route, purpose, read in await cursor.fetchall()
    ]
