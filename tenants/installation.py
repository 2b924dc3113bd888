"""
An installation in a PostgreSQL server: its database, its roles, its logins, and nothing to PUBLIC.

Roles belong to the whole server, hence their prefix (`core.database.names`). What each may do:

    owner       NOLOGIN   owns every history; taken by provision only
    provision   LOGIN     CREATEROLE; creates schemas and roles, runs migrations
    serve       LOGIN     NOINHERIT; may take each tenant's serving role, and the named scopes
    project     LOGIN     NOINHERIT; may take each tenant's projector role, and the named scopes
    registry, queue       NOLOGIN; the named scopes of what belongs to no tenant
    replayers   NOLOGIN   what every tenant's roles are members of: temporary tables
"""

from collections.abc import Callable, Mapping
from typing import LiteralString

from psycopg import sql
from psycopg.conninfo import make_conninfo

from core.database.migrate import migrate, privileged
from core.database.names import Names
from core.database.pool import Connection
from tenants import migrations

SCOPE = "installation"
"""The scope of the migrations that belong to no tenant."""


class InstallationRefused(RuntimeError):
    """The server cannot hold this installation; a French sentence."""


async def install(admin: str, database: str, password: Callable[[str], str]) -> Names:
    """
    Makes or completes an installation; running it again changes nothing but the passwords.

    `admin` is the conninfo of a superuser, or of a login with CREATEROLE and CREATEDB, used for
    this only. `password` gives each login's password. Raises `InstallationRefused` and
    `MigrationRefused`.
    """
    names = Names(database)
    async with privileged(admin) as connection:
        await _check_version(connection)
        # Two at once would both find nothing and both create.
        await connection.execute(
            "select pg_advisory_lock(hashtextextended('install ' || %s, 0))", (database,)
        )
        superuser = await _yes(
            connection, "select rolsuper from pg_roles where rolname = current_user"
        )
        await _create_roles(connection, names, password)
        await _create_database(connection, names, superuser=superuser)
    async with privileged(make_conninfo(admin, dbname=database)) as connection:
        await _check_encoding(connection, names)
        await _run(connection, names, _CLOSE)
        if not superuser:
            await _run(connection, names, ("revoke {owner} from current_user",))
    login = make_conninfo(
        admin, dbname=database, user=names.provision, password=password(names.provision)
    )
    await migrate_installation(login)
    return names


async def migrate_installation(provision: str) -> None:
    """Brings what belongs to no tenant up to date; `provision` is that login's conninfo."""
    async with privileged(provision) as connection, connection.transaction():
        names = Names(connection.info.dbname)
        await migrate(connection, SCOPE, migrations.of_installation(), identifiers(names))


def identifiers(names: Names) -> dict[str, str]:
    """What fills the placeholders of the installation's migrations."""
    return {
        "owner": names.owner,
        "provision": names.provision,
        "serve": names.serve,
        "project": names.project,
        "registry": names.registry,
        "queue": names.queue,
        "replayers": names.replayers,
    }


_LOGINS: Mapping[str, LiteralString] = {
    # INHERIT: what a migration creates is handed to the owner, which only its members may do.
    "provision": "login inherit createrole",
    "serve": "login noinherit",
    "project": "login noinherit",
}
_GROUPS = ("owner", "registry", "queue", "replayers")
_MEMBERSHIPS: tuple[LiteralString, ...] = (
    "grant {owner}, {queue} to {provision}",
    "grant {replayers} to {provision} with admin option",
    "grant {registry}, {queue} to {serve}, {project}",
)
_CLOSE: tuple[LiteralString, ...] = (
    "alter database {database} owner to {owner}",
    "revoke all on database {database} from public",
    "grant connect on database {database} to {provision}, {serve}, {project}",
    "grant temporary on database {database} to {replayers}",
    "revoke all on schema public from public",
)


async def _check_version(connection: Connection) -> None:
    version = connection.info.server_version
    if version < 150_000:
        raise InstallationRefused(
            f"PostgreSQL {version // 10_000} est trop ancien : il faut la version 15 ou une autre "
            "plus récente."
        )


async def _create_roles(
    connection: Connection, names: Names, password: Callable[[str], str]
) -> None:
    identifier_of = identifiers(names)
    for role in _GROUPS:
        await _create_role(connection, identifier_of[role])
    for role, attributes in _LOGINS.items():
        login = identifier_of[role]
        await _create_role(connection, login)
        # Hashed here, so that no password reaches the server's log.
        secret = connection.pgconn.encrypt_password(
            password(login).encode(), login.encode(), b"scram-sha-256"
        )
        await connection.execute(
            sql.SQL("alter role {} {} password {}").format(
                sql.Identifier(login), sql.SQL(attributes), sql.Literal(secret.decode())
            )
        )
    await _run(connection, names, _MEMBERSHIPS)


async def _create_role(connection: Connection, role: str) -> None:
    cursor = await connection.execute("select from pg_roles where rolname = %s", (role,))
    if await cursor.fetchone() is None:
        await connection.execute(sql.SQL("create role {} nologin").format(sql.Identifier(role)))


async def _create_database(connection: Connection, names: Names, *, superuser: bool) -> None:
    if not superuser:
        # Handing the database to the owner takes being a member of it, for a while.
        await _run(connection, names, ("grant {owner} to current_user",))
    cursor = await connection.execute(
        "select from pg_database where datname = %s", (names.database,)
    )
    if await cursor.fetchone() is None:
        # C.UTF-8: the same order of texts on every server and in Python.
        await _run(
            connection,
            names,
            (
                "create database {database} owner {owner} template template0 encoding 'UTF8'"
                " locale 'C.UTF-8'",
            ),
        )


async def _check_encoding(connection: Connection, names: Names) -> None:
    cursor = await connection.execute("show server_encoding")
    row = await cursor.fetchone()
    if row is None or row[0] != "UTF8":
        raise InstallationRefused(f"La base « {names.database} » n'est pas en UTF-8.")


async def _run(connection: Connection, names: Names, statements: tuple[LiteralString, ...]) -> None:
    quoted = {role: sql.Identifier(name) for role, name in identifiers(names).items()}
    for statement in statements:
        await connection.execute(
            sql.SQL(statement).format(database=sql.Identifier(names.database), **quoted)
        )


async def _yes(connection: Connection, query: LiteralString) -> bool:
    row = await (await connection.execute(query)).fetchone()
    return bool(row and row[0])
