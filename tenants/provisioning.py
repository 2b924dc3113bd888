"""
Tenants in an installation: their roles, their schemas, and every migration they have not had.

Each tenant is one transaction, several at a time: a crash leaves tenants that are whole and tenants
that are absent, never half of one, and running it again goes on where it stopped.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine, Iterable
from typing import Any, LiteralString, TypeAlias

from psycopg import sql

from core.database.migrate import hold, migrate, privileged
from core.database.names import Names
from core.database.pool import Connection
from core.tenancy import Tenant
from tenants import migrations
from tenants.installation import identifiers, migrate_installation
from tenants.placement import MAIN, placed
from tenants.territory.territory import Collectivite, territory

Progress: TypeAlias = Callable[[str, int, int], None]
"""Told of each tenant once it is whole: its code, how many are, of how many."""

PARALLEL = 4
"""Transactions at once; the work is the server's, more of them only wait for each other."""


async def provision(
    conninfo: str,
    collectivites: Iterable[Collectivite],
    *,
    placement: str = MAIN,
    parallel: int = PARALLEL,
    progress: Progress | None = None,
) -> list[Tenant]:
    """
    Makes these collectivités tenants of a server, or brings them up to date; gives them by code.

    `conninfo` is that of the provision login, on the installation's database. Raises
    `MigrationRefused`, naming the tenant and the file; those already done stay done.
    """
    chosen = {each.code: each for each in collectivites}
    waiting = deque(chosen[code] for code in sorted(chosen))
    total, done = len(waiting), 0
    tenants: list[Tenant] = []

    async def work() -> None:
        nonlocal done
        async with privileged(conninfo) as connection:
            names = Names(connection.info.dbname)
            while waiting:
                tenant = placed(waiting.popleft(), names, placement)
                async with connection.transaction():
                    await _bring_up(connection, names, tenant)
                done += 1
                tenants.append(tenant)
                if progress is not None:
                    progress(tenant.code, done, total)

    await _together(work() for _ in range(min(parallel, total)))
    return sorted(tenants, key=lambda tenant: tenant.code)


async def upgrade(conninfo: str, *, progress: Progress | None = None) -> list[Tenant]:
    """Brings the installation, then every tenant it holds, up to date; gives the tenants."""
    await migrate_installation(conninfo)
    async with privileged(conninfo) as connection:
        cursor = await connection.execute("select code from registry.tenants order by code")
        held = [territory().collectivite(code) for (code,) in await cursor.fetchall()]
    return await provision(conninfo, held, progress=progress)


_ROLES: LiteralString = """
create role {serving} nologin;
create role {projector} nologin;
grant {serving} to {serve};
grant {projector} to {project}, {provision};
grant {replayers} to {serving}, {projector};
"""


async def _bring_up(connection: Connection, names: Names, tenant: Tenant) -> None:
    """One tenant, inside the caller's transaction."""
    bare = identifiers(names) | {
        "facts": tenant.facts_schema,
        "read": tenant.read_schema,
        "serving": tenant.serving_role,
        "projector": tenant.projector_role,
    }
    await hold(connection, tenant.code)
    cursor = await connection.execute(
        "select from pg_roles where rolname = %s", (tenant.serving_role,)
    )
    if await cursor.fetchone() is None:
        quoted = {role: sql.Identifier(name) for role, name in bare.items()}
        await connection.execute(sql.SQL(_ROLES).format(**quoted))
    await migrate(connection, tenant.code, migrations.of_tenant(), bare)
    await connection.execute(
        """insert into registry.tenants
             (code, name, stream, facts_schema, read_schema, serving_role, projector_role)
           values (%s, %s, %s, %s, %s, %s, %s)
           on conflict (code) do update set name = excluded.name
            where tenants.name <> excluded.name""",
        (
            tenant.code,
            tenant.name,
            tenant.stream,
            tenant.facts_schema,
            tenant.read_schema,
            tenant.serving_role,
            tenant.projector_role,
        ),
    )


async def _together(work: Iterable[Coroutine[Any, Any, None]]) -> None:
    """Runs all at once; the first error stops the others and is raised as it is."""
    try:
        async with asyncio.TaskGroup() as group:
            for each in work:
                group.create_task(each)
    except ExceptionGroup as errors:
        raise errors.exceptions[0] from None
