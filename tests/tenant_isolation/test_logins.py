"""A process refuses to start with a login that could go round the walls."""

import psycopg
import pytest
from psycopg import errors, sql

from core.database.pool import Database, UnsafeLogin
from tests.installation import Installation


def change(installation: Installation, statement: str) -> None:
    """Spoils the installation, as a careless administrator would."""
    names = installation.names
    with psycopg.connect(installation.conninfo("admin"), autocommit=True) as connection:
        connection.execute(
            sql.SQL(statement).format(
                database=sql.Identifier(names.database),
                serve=sql.Identifier(names.serve),
                owner=sql.Identifier(names.owner),
                serving=sql.Identifier(installation.tenant().serving_role),
                read=sql.Identifier(installation.tenant().read_schema),
            )
        )


async def starts(conninfo: str) -> bool:
    async with Database(conninfo, size=1):
        return True


@pytest.mark.parametrize("login", ["serve", "project"])
async def test_the_two_logins_of_an_installation_start(
    installation: Installation, login: str
) -> None:
    assert await starts(installation.conninfo("serve" if login == "serve" else "project"))


@pytest.mark.parametrize(
    ("login", "way"), [("admin", "superutilisateur"), ("provision", "CREATEROLE")]
)
async def test_the_other_logins_are_refused(
    installation: Installation, login: str, way: str
) -> None:
    conninfo = installation.conninfo("admin" if login == "admin" else "provision")
    with pytest.raises(UnsafeLogin, match=way):
        await starts(conninfo)


@pytest.mark.parametrize(
    ("spoiled", "way"),
    [
        ("alter role {serve} superuser", "superutilisateur"),
        ("alter role {serve} bypassrls", "BYPASSRLS"),
        ("alter role {serve} replication", "REPLICATION"),
        ("alter role {serve} createrole", "CREATEROLE"),
        ("alter role {serve} inherit", "INHERIT"),
        ("grant {owner} to {serve}", "propriétaire des historiques"),
        ("alter database {database} owner to {serve}", "propriétaire de la base"),
        ("alter schema {read} owner to {serve}", "propriétaire d'un schéma"),
        ("grant pg_read_all_data to {serve}", "rôle prédéfini"),
    ],
)
async def test_a_login_that_was_given_too_much_is_refused(
    installation: Installation, spoiled: str, way: str
) -> None:
    change(installation, spoiled)
    with pytest.raises(UnsafeLogin, match=way):
        await starts(installation.conninfo("serve"))


async def test_a_login_that_inherits_a_single_role_is_refused(
    installation: Installation,
) -> None:
    # Since 16 inheriting is said membership by membership; before it is the login's own.
    if server_version(installation) >= 160_000:
        change(installation, "grant {serving} to {serve} with inherit true")
    else:
        change(installation, "alter role {serve} inherit")
    with pytest.raises(UnsafeLogin, match="INHERIT"):
        await starts(installation.conninfo("serve"))


def server_version(installation: Installation) -> int:
    with psycopg.connect(installation.conninfo("admin")) as connection:
        return connection.info.server_version


async def test_a_superuser_does_not_hide_behind_a_role(installation: Installation) -> None:
    hidden = f"{installation.conninfo('admin')} options='-c role={installation.names.serve}'"
    with pytest.raises(UnsafeLogin, match="superutilisateur"):
        await starts(hidden)


async def test_a_role_ends_with_its_transaction(
    installation: Installation, serve_database: Database
) -> None:
    tenant = installation.tenant()
    facts = sql.SQL("select from {}").format(sql.Identifier(tenant.facts_schema, "facts"))
    async with serve_database.serving(tenant) as connection:
        await connection.execute(facts)
    async with serve_database.bare() as connection:
        with pytest.raises(errors.InsufficientPrivilege):
            await connection.execute(facts)


async def test_a_role_ends_with_a_transaction_that_fails(
    installation: Installation, serve_database: Database
) -> None:
    tenant = installation.tenant()
    with pytest.raises(errors.DivisionByZero):
        async with serve_database.serving(tenant) as connection:
            await connection.execute("select 1 / 0")
    async with serve_database.bare() as connection:
        row = await (await connection.execute("select current_user = session_user")).fetchone()
        assert row == (True,)


async def test_a_login_does_not_take_a_role_it_was_not_given(
    installation: Installation, serve_database: Database
) -> None:
    with pytest.raises(errors.InsufficientPrivilege):
        async with serve_database.projecting(installation.tenant()):
            pass
