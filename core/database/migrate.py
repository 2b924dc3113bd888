"""
Forward-only SQL migrations: what was applied, whether it is still the same, what comes next.

A scope is what migrates as a whole: the installation, or one tenant. What a scope has applied must
be the beginning of the list, file for file and byte for byte; anything else is drift, and nothing
is run over drift. There is no way back: what a file did wrong, the next file puts right.
"""

import hashlib
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import NamedTuple

import msgspec
import psycopg
from psycopg import sql

from core.database.pool import Connection

_PLACEHOLDER = re.compile(r"\{\{(\w+)\}\}")


class Migration(msgspec.Struct, frozen=True):
    """One SQL file. `name` is permanent; `{{…}}` in `script` stand for quoted identifiers."""

    name: str
    script: str

    @property
    def checksum(self) -> str:
        """SHA-256 of the file as written, in hexadecimal."""
        return hashlib.sha256(self.script.encode()).hexdigest()


class Applied(NamedTuple):
    """One line of the record of migrations."""

    name: str
    checksum: str


class MigrationRefused(RuntimeError):
    """The database is not what its migrations say, or one of them fails; a French sentence."""


@asynccontextmanager
async def privileged(conninfo: str) -> AsyncIterator[Connection]:
    """
    A connection for installing, provisioning and migrating only, outside any transaction.

    Everything else goes through `core.database.pool.Database`, which refuses such logins.
    """
    connection = await psycopg.AsyncConnection.connect(
        conninfo, autocommit=True, options="-c TimeZone=UTC -c client_min_messages=warning"
    )
    async with connection:
        yield connection


def pending(
    scope: str, applied: Sequence[Applied], migrations: Sequence[Migration]
) -> Sequence[Migration]:
    """What remains to run, in order. Raises `MigrationRefused` on drift."""
    for done, wanted in zip(applied, migrations, strict=False):
        if done.name != wanted.name:
            raise MigrationRefused(
                f"{scope} : la migration « {wanted.name} » manque là où « {done.name} » a été "
                "appliquée ; une migration nouvelle se place à la fin de la liste."
            )
        if done.checksum != wanted.checksum:
            raise MigrationRefused(
                f"{scope} : la migration « {done.name} » a changé depuis son application ; "
                "rétablissez ce fichier et écrivez la suite dans un nouveau."
            )
    if len(applied) > len(migrations):
        raise MigrationRefused(
            f"{scope} : la migration « {applied[len(migrations)].name} » a été appliquée par une "
            "version plus récente de Jalon ; on ne revient pas en arrière."
        )
    return migrations[len(applied) :]


async def hold(connection: Connection, scope: str) -> None:
    """Keeps a scope to this transaction: a second one waits, then finds nothing to do."""
    await connection.execute(
        "select pg_advisory_xact_lock(hashtextextended('migrate ' || %s, 0))", (scope,)
    )


async def migrate(
    connection: Connection,
    scope: str,
    migrations: Sequence[Migration],
    identifiers: Mapping[str, str],
) -> Sequence[str]:
    """
    Brings one scope up to date inside the caller's transaction; gives the names of what was run.

    `identifiers` are bare: quoted here. Raises `MigrationRefused`, naming the scope and the file.
    """
    await hold(connection, scope)
    applied = await _applied(connection, scope)
    quoted = {
        name: sql.Identifier(value).as_string(connection) for name, value in identifiers.items()
    }
    todo = pending(scope, applied, migrations)
    for number, migration in enumerate(todo, start=len(applied) + 1):
        try:
            # Without parameters the whole file is one message to the server.
            await connection.execute(filled(migration, quoted).encode())
            # A file may take the role of what it makes; it ends with the file.
            await connection.execute("reset role")
        except psycopg.Error as error:
            raise MigrationRefused(
                f"{scope} : la migration « {migration.name} » échoue : "
                f"{error.diag.message_primary or error}"
            ) from error
        await connection.execute(
            "insert into registry.migrations (scope, number, name, checksum)"
            " values (%s, %s, %s, %s)",
            (scope, number, migration.name, migration.checksum),
        )
    if todo:
        await _refuse_strays(connection, scope)
    return [migration.name for migration in todo]


def filled(migration: Migration, quoted: Mapping[str, str]) -> str:
    """The script with its placeholders replaced; raises `ValueError` on one that nothing fills."""

    def replacement(found: re.Match[str]) -> str:
        if found[1] not in quoted:
            message = f"{migration.name}: nothing fills {found[0]}"
            raise ValueError(message)
        return quoted[found[1]]

    return _PLACEHOLDER.sub(replacement, migration.script)


async def _refuse_strays(connection: Connection, scope: str) -> None:
    """What a migration makes is handed to a role that cannot log in, in the same file."""
    cursor = await connection.execute(
        """select coalesce(n.nspname || '.', '') || stray.name
             from (select relnamespace, relname, relowner from pg_class where relkind <> 'i'
                   union all select pronamespace, proname, proowner from pg_proc
                   union all select 0, nspname, nspowner from pg_namespace)
                  as stray (schema, name, owner)
             left join pg_namespace n on n.oid = stray.schema
            where stray.owner = current_user::regrole order by 1 limit 1"""
    )
    if stray := await cursor.fetchone():
        raise MigrationRefused(
            f"{scope} : une migration laisse « {stray[0]} » au compte qui l'applique ; "
            "elle doit en donner la propriété (« alter … owner to »)."
        )


async def _applied(connection: Connection, scope: str) -> list[Applied]:
    """What the record says; nothing before the first migration, which creates the record."""
    cursor = await connection.execute("select to_regclass('registry.migrations') is not null")
    row = await cursor.fetchone()
    if row is None or not row[0]:
        return []
    cursor = await connection.execute(
        "select name, checksum from registry.migrations where scope = %s order by number", (scope,)
    )
    return [Applied._make(line) for line in await cursor.fetchall()]
