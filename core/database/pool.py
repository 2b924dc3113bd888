"""
The only way to the database: a pool of one login, and transactions that take one role.

The logins are NOINHERIT and own nothing. A transaction takes the role of one tenant, or of one
named scope, and loses it when it ends; without a role every query is refused by the database
itself.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import TracebackType
from typing import Any, Self, TypeAlias

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo
from psycopg_pool import AsyncConnectionPool, ConnectionPool

from core.database.names import Names
from core.tenancy import Tenant

Connection: TypeAlias = psycopg.AsyncConnection[tuple[Any, ...]]


class UnsafeLogin(RuntimeError):
    """The login could go round the roles: superuser, BYPASSRLS, or owner of the histories."""


class Database:
    """Connections of one login to one server. Opened and closed as an async context manager."""

    def __init__(self, conninfo: str, *, size: int = 8) -> None:
        self._pool: AsyncConnectionPool[Connection] = AsyncConnectionPool(
            conninfo,
            min_size=1,
            max_size=size,
            open=False,
            kwargs={"autocommit": True, "options": "-c TimeZone=UTC"},
        )

    async def __aenter__(self) -> Self:
        await self._pool.open(wait=True, timeout=30)
        await self._refuse_unsafe_login()
        return self

    async def __aexit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        await self._pool.close()

    @asynccontextmanager
    async def serving(self, tenant: Tenant) -> AsyncIterator[Connection]:
        """A transaction as the tenant's serving role: adds and reads facts, reads read models."""
        async with self.scope(tenant.serving_role) as connection:
            yield connection

    @asynccontextmanager
    async def projecting(self, tenant: Tenant) -> AsyncIterator[Connection]:
        """A transaction as the tenant's projector: reads facts, owns read models."""
        async with self.scope(tenant.projector_role) as connection:
            yield connection

    @asynccontextmanager
    async def scope(self, role: str) -> AsyncIterator[Connection]:
        """A transaction as one role; for what belongs to no tenant, a named scope."""
        async with self._pool.connection() as connection, connection.transaction():
            await connection.execute(sql.SQL("set local role {}").format(sql.Identifier(role)))
            yield connection

    @asynccontextmanager
    async def bare(self) -> AsyncIterator[Connection]:
        """A connection with no role taken: only for what takes roles by itself, or none."""
        async with self._pool.connection() as connection:
            yield connection

    async def _refuse_unsafe_login(self) -> None:
        async with self._pool.connection() as connection:
            cursor = await connection.execute(
                """select current_user from pg_roles where rolname = current_user
                   and (rolsuper or rolbypassrls or rolinherit
                        or exists (select from pg_namespace where nspowner = pg_roles.oid
                                   and nspname like any (array['facts\\_%', 'read\\_%'])))"""
            )
            if unsafe := await cursor.fetchone():
                message = (
                    f"le compte « {unsafe[0]} » contourne l'isolement des collectivités : "
                    "ni superutilisateur, ni BYPASSRLS, ni INHERIT, ni propriétaire"
                )
                raise UnsafeLogin(message)


def queue_pool(conninfo: str, names: Names) -> ConnectionPool[psycopg.Connection]:
    """The pool lent to the broker, whose threads are not ours.

    Its connections take the queue's role for good, and are made when first asked for.
    """
    options = f"-c role={names.queue} -c TimeZone=UTC"
    return ConnectionPool(
        make_conninfo(conninfo, options=options), min_size=0, max_size=16, open=True
    )
