"""
A fresh table takes the place of the one that is read, with its grants; readers never stop.

The exchange needs the old table for itself, and who waits for that makes every later reader wait
behind him. So he waits shortly, lets the readers through, and tries again.
"""

import asyncio
from collections.abc import Sequence
from typing import NamedTuple

import psycopg
from psycopg import sql

from core.database.pool import Connection
from core.tenancy import Tenant

LOCK_TIMEOUT = 200
"""Milliseconds during which readers may have to wait for the exchange."""

PAUSE = 0.1
"""Seconds left to the readers between two attempts."""

ATTEMPTS = 300


class SwapBlocked(RuntimeError):
    """Readers held the old table all along; nothing was changed."""


class Exchange(NamedTuple):
    """The fresh table `fresh` becomes `name`."""

    name: str
    fresh: str


async def swap(connection: Connection, tenant: Tenant, exchanges: Sequence[Exchange]) -> None:
    """
    Puts fresh tables in place, all at once, inside the caller's transaction.

    Raises `SwapBlocked` when the old tables are held for longer than the attempts last.
    """
    for exchange in exchanges:
        await _copy_grants(connection, tenant, exchange)
    for _ in range(ATTEMPTS):
        try:
            async with connection.transaction():
                await connection.execute(
                    sql.SQL("set local lock_timeout = {}").format(sql.Literal(LOCK_TIMEOUT))
                )
                await _exchange(connection, tenant.read_schema, exchanges)
                await connection.execute("set local lock_timeout to default")
        except psycopg.errors.LockNotAvailable:
            await asyncio.sleep(PAUSE)
        else:
            return
    tables = ", ".join(exchange.name for exchange in exchanges)
    raise SwapBlocked(f"{tenant.code} : des lectures en cours retiennent {tables}")


async def _exchange(connection: Connection, schema: str, exchanges: Sequence[Exchange]) -> None:
    for exchange in exchanges:
        old = sql.Identifier(schema, exchange.name)
        await connection.execute(sql.SQL("drop table if exists {}").format(old))
        await connection.execute(
            sql.SQL("alter table {} rename to {}").format(
                sql.Identifier(schema, exchange.fresh), sql.Identifier(exchange.name)
            )
        )


async def _copy_grants(connection: Connection, tenant: Tenant, exchange: Exchange) -> None:
    """What was granted on the old table, and reading to the tenant's own serving role."""
    fresh = sql.Identifier(tenant.read_schema, exchange.fresh)
    cursor = await connection.execute(
        """select acl.privilege_type, acl.is_grantable, r.rolname
             from pg_class c join pg_namespace n on n.oid = c.relnamespace
            cross join aclexplode(c.relacl) acl left join pg_roles r on r.oid = acl.grantee
            where n.nspname = %s and c.relname = %s and acl.grantee <> c.relowner""",
        (tenant.read_schema, exchange.name),
    )
    granted = [("SELECT", False, tenant.serving_role), *await cursor.fetchall()]
    for privilege, grantable, grantee in granted:
        await connection.execute(
            sql.SQL("grant {} on {} to {}{}").format(
                sql.SQL(privilege),  # a keyword, as PostgreSQL itself spells it
                fresh,
                sql.Identifier(grantee) if grantee else sql.SQL("public"),
                sql.SQL(" with grant option" if grantable else ""),
            )
        )
