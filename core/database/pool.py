"""
The only way to the database: a pool of one login, and transactions that take one role.

The logins are NOINHERIT and own nothing. A transaction takes the role of one tenant, or of one
named scope, and loses it when it ends; without a role every query is refused by the database
itself.
"""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import cache
from types import TracebackType
from typing import Any, LiteralString, Self, TypeAlias

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg_pool import AsyncConnectionPool, ConnectionPool

from core.database.names import Names
from core.tenancy import Tenant

Connection: TypeAlias = psycopg.AsyncConnection[tuple[Any, ...]]


class UnsafeLogin(RuntimeError):
    """The login could go round the roles, being superuser or owner for instance; says how."""


class Database:
    """
    Connections of one login to one server. Opened and closed as an async context manager.

    Who finds none free within `patience` seconds gets `psycopg.OperationalError`.
    """

    def __init__(self, conninfo: str, *, size: int = 8, patience: float = 30.0) -> None:
        self.names = Names(str(conninfo_to_dict(conninfo).get("dbname", "")))
        self._conninfo = conninfo
        self._pool: AsyncConnectionPool[Connection] = AsyncConnectionPool(
            conninfo,
            min_size=1,
            max_size=size,
            open=False,
            timeout=patience,
            kwargs={"autocommit": True, "options": "-c TimeZone=UTC"},
        )

    async def __aenter__(self) -> Self:
        try:
            await self._pool.open(wait=True, timeout=30)
            await self._refuse_unsafe_login()
        except BaseException:
            await self._pool.close()
            raise
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
        """A transaction as the tenant's projector: reads facts, owns read models.

        Its commit does not wait for the disk: rows and checkpoint come together or not at all, and
        what a crash takes back is followed again.
        """
        async with self._transaction(_begin_as(tenant.projector_role, durable=False)) as connection:
            yield connection

    @asynccontextmanager
    async def scope(self, role: str) -> AsyncIterator[Connection]:
        """A transaction as one role; for what belongs to no tenant, a named scope."""
        async with self._transaction(_begin_as(role)) as connection:
            yield connection

    @asynccontextmanager
    async def _transaction(self, begin: bytes) -> AsyncIterator[Connection]:
        async with self._pool.connection() as connection:
            await connection.execute(begin)
            try:
                yield connection
            except BaseException:
                # What ended it is what is told; the pool discards a connection that cannot go back.
                with suppress(psycopg.Error):
                    await connection.rollback()
                raise
            await connection.commit()

    @asynccontextmanager
    async def bare(self) -> AsyncIterator[Connection]:
        """A connection with no role taken: only for what takes roles by itself, or none."""
        async with self._pool.connection() as connection:
            yield connection

    async def notifications(self, channel: str) -> AsyncGenerator[str | None, None]:
        """
        What is notified on a channel, as long as it is read: None once it listens, then payloads.

        Over a connection of its own, which takes no role: none is needed to listen.
        """
        connection = await psycopg.AsyncConnection.connect(self._conninfo, autocommit=True)
        async with connection:
            await connection.execute(sql.SQL("listen {}").format(sql.Identifier(channel)))
            yield None
            async for notification in connection.notifies():
                yield notification.payload

    async def _refuse_unsafe_login(self) -> None:
        async with self._pool.connection() as connection:
            cursor = await connection.execute(_WAYS_ROUND)
            row = await cursor.fetchone()
        login, ways = row if row is not None else ("?", ["inconnu de pg_roles"])
        if ways:
            raise UnsafeLogin(
                f"le compte « {login} » contourne l'isolement des collectivités : {', '.join(ways)}"
            )


@cache
def _begin_as(role: str, *, durable: bool = True) -> bytes:
    """One message that begins a transaction and takes the role."""
    statements = "begin; set local role {}"
    if not durable:
        statements += "; set local synchronous_commit = off"
    return sql.SQL(statements).format(sql.Identifier(role)).as_bytes(None)


# The login itself, whatever role the connection's options made it take. `inherit_option` is of
# PostgreSQL 16 and later, where a membership may inherit though the login is NOINHERIT.
_WAYS_ROUND: LiteralString = """
select r.rolname, array_remove(array[
    case when r.rolsuper then 'superutilisateur' end,
    case when r.rolbypassrls then 'BYPASSRLS' end,
    case when r.rolreplication then 'REPLICATION' end,
    case when r.rolcreaterole then 'CREATEROLE' end,
    case when r.rolinherit or exists (
           select from pg_auth_members m
            where m.member = r.oid and to_jsonb(m) ->> 'inherit_option' = 'true')
         then 'INHERIT' end,
    case when exists (
           select from pg_database d
            where d.datname = current_database() and pg_has_role(r.oid, d.datdba, 'member'))
         then 'propriétaire de la base, ou membre de son propriétaire' end,
    case when exists (
           select from pg_namespace n
            where starts_with(n.nspname, 'facts_') and pg_has_role(r.oid, n.nspowner, 'member')
               or n.nspname !~ '^(pg_|information_schema$)' and n.nspowner = r.oid)
         then 'propriétaire d''un schéma, ou membre du propriétaire des historiques' end,
    case when exists (
           select from pg_roles p
            where p.rolname in ('pg_read_all_data', 'pg_write_all_data', 'pg_read_server_files',
                                'pg_write_server_files', 'pg_execute_server_program',
                                'pg_maintain', 'pg_checkpoint', 'pg_signal_backend',
                                'pg_create_subscription')
              and pg_has_role(r.oid, p.oid, 'member'))
         then 'membre d''un rôle prédéfini du serveur' end
  ], null)
  from pg_roles r where r.rolname = session_user"""


def queue_pool(conninfo: str, names: Names) -> ConnectionPool[psycopg.Connection]:
    """The pool lent to the broker, whose threads are not ours.

    Its connections take the queue's role for good, and are made when first asked for.
    """
    options = f"-c role={names.queue} -c TimeZone=UTC"
    return ConnectionPool(
        make_conninfo(conninfo, options=options), min_size=0, max_size=16, open=True
    )
