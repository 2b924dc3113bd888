"""
An installation of its own for each test that asks: fresh database, roles, logins, tenants.

Making one takes a tenth of a second, so that no test has to clean up after another. A folder whose
tests must hold on every supported PostgreSQL overrides `postgres_server` with `postgres`.
"""

from collections.abc import AsyncIterator, Mapping
from itertools import count
from typing import Literal, TypeAlias

import msgspec
import psycopg
import pytest
from psycopg import sql

from core.database.names import Names
from core.database.pool import Database
from core.tenancy import Tenant
from tenants.installation import install
from tenants.provisioning import provision
from tenants.territory.territory import territory
from tests.services.fixtures import PostgresServer

TENANTS = ("05D", "69D", "69M")
"""Hautes-Alpes, and the two that share the Rhône."""

Login: TypeAlias = Literal["admin", "provision", "serve", "project"]

_numbers = count(1)


class Installation(msgspec.Struct, frozen=True, kw_only=True):
    """What a test needs of its installation."""

    server: PostgresServer
    names: Names
    tenants: Mapping[str, Tenant]

    def conninfo(self, login: Login) -> str:
        """How a login comes to the installation's database; `admin` is the superuser."""
        role = "postgres" if login == "admin" else getattr(self.names, login)
        return self.server.conninfo(role, self.names.database)

    def tenant(self, code: str = "05D") -> Tenant:
        return self.tenants[code]

    def database(self, login: Literal["serve", "project"] = "serve") -> Database:
        """A pool of a login, to be opened by the test: `async with installation.database() …`."""
        return Database(self.conninfo(login), size=4)


@pytest.fixture
async def installation(postgres_server: PostgresServer) -> AsyncIterator[Installation]:
    """A fresh installation with the tenants of `TENANTS`, dropped after the test."""
    names = await install(
        postgres_server.conninfo(), f"essai_{next(_numbers)}", postgres_server.password
    )
    try:
        tenants = await provision(
            postgres_server.conninfo(names.provision, names.database),
            [territory().collectivite(code) for code in TENANTS],
        )
        yield Installation(
            server=postgres_server, names=names, tenants={each.code: each for each in tenants}
        )
    finally:
        _drop(postgres_server, names)


@pytest.fixture
async def serve_database(installation: Installation) -> AsyncIterator[Database]:
    """The pool of the server's login."""
    async with installation.database("serve") as database:
        yield database


@pytest.fixture
async def project_database(installation: Installation) -> AsyncIterator[Database]:
    """The pool of the worker's login."""
    async with installation.database("project") as database:
        yield database


def _drop(server: PostgresServer, names: Names) -> None:
    with psycopg.connect(server.conninfo(), autocommit=True) as connection:
        connection.execute(
            sql.SQL("drop database {} with (force)").format(sql.Identifier(names.database))
        )
        roles = connection.execute(
            "select rolname from pg_roles where starts_with(rolname, %s)", (f"{names.database}_",)
        ).fetchall()
        for (role,) in roles:
            connection.execute(sql.SQL("drop role {}").format(sql.Identifier(role)))
