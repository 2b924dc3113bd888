"""
An installation for each test that asks: fresh database, roles, logins, tenants.

Making one takes some 0.3 s, nearly all of it CREATE DATABASE, so that no test has to clean up after
another; tests that do not disturb each other ask for `shared_installation`. A folder whose tests
must hold on every supported PostgreSQL overrides `postgres_server` with `postgres`.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from itertools import count
from pathlib import Path
from typing import Literal, TypeAlias

import msgspec
import psycopg
import pytest
from psycopg import sql

from core.access.actor import Actor
from core.application import Application
from core.catalogue import Catalogue
from core.database.names import Names
from core.database.pool import Database
from core.directory.keyring import Keyring
from core.directory.vault import Vault
from core.event_store.store import EventStore
from core.keys.local import LocalWrapper
from core.tenancy import Tenant
from tenants.commands import EnableModule, ProvisionTenant
from tenants.installation import install
from tenants.module import MODULE
from tenants.placement import MAIN, stream_of
from tenants.provisioning import provision
from tenants.registry import TenantRegistry
from tenants.settings import settings_in
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


@contextmanager
def installed(
    server: PostgresServer, tenants: Sequence[str] = TENANTS, admin: str = "postgres"
) -> Iterator[Installation]:
    """An installation that the login `admin` makes, dropped at the end whatever happens."""
    names = Names(f"essai_{next(_numbers)}")
    collectivites = [territory().collectivite(code) for code in tenants]

    async def make() -> list[Tenant]:
        await install(server.conninfo(admin), names.database, server.password)
        return await provision(server.conninfo(names.provision, names.database), collectivites)

    try:
        made = asyncio.run(make())
        yield Installation(
            server=server, names=names, tenants={tenant.code: tenant for tenant in made}
        )
    finally:
        drop(server, names)


@pytest.fixture
def installation(postgres_server: PostgresServer) -> Iterator[Installation]:
    """A fresh installation with the tenants of `TENANTS`."""
    with installed(postgres_server) as made:
        yield made


@pytest.fixture(scope="module")
def shared_installation(postgres_server: PostgresServer) -> Iterator[Installation]:
    """The same for all tests of a file: each uses streams of its own, or only looks."""
    with installed(postgres_server) as made:
        yield made


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


@pytest.fixture
def catalogue() -> Catalogue:
    """The modules of the test: tenants alone, unless its folder or its file says otherwise."""
    return Catalogue([MODULE])


@pytest.fixture
async def store(serve_database: Database, catalogue: Catalogue) -> AsyncIterator[EventStore]:
    """The event store of the installation, as the server's login has it."""
    async with EventStore({MAIN: serve_database}, catalogue.registry) as opened:
        yield opened


@pytest.fixture
def vault(serve_database: Database, tmp_path: Path) -> Vault:
    """Tokens under a master key of the test's own."""
    wrapper = LocalWrapper.create(tmp_path / "master.key")
    return Vault(Keyring(lambda _tenant: serve_database, wrapper))


@pytest.fixture
async def application(
    serve_database: Database,
    store: EventStore,
    vault: Vault,
    catalogue: Catalogue,
    installation: Installation,
) -> AsyncIterator[Application]:
    """Executes commands; every tenant is open, with every module that it may choose."""
    async with TenantRegistry({MAIN: serve_database}) as registry:
        made = Application(store, catalogue, registry, settings_in(catalogue), vault)
        for tenant in installation.tenants.values():
            await open_tenant(made, tenant)
        yield made


async def open_tenant(application: Application, tenant: Tenant) -> None:
    """Opens a tenant's history and enables every module it may choose, since 2016."""
    stream, actor = stream_of(tenant.code), Actor.policy("essai")
    await application.execute(tenant.code, ProvisionTenant(tenant=stream), actor=actor)
    for module in sorted(application.catalogue.choices.modules):
        enable = EnableModule(tenant=stream, module=module, effective_on=date(2016, 1, 1))
        await application.execute(tenant.code, enable, actor=actor)


def drop(server: PostgresServer, names: Names) -> None:
    """Removes an installation from a server, whatever part of it was made."""
    database = sql.Identifier(names.database)
    with psycopg.connect(server.conninfo(), autocommit=True) as connection:
        connection.execute(sql.SQL("drop database if exists {} with (force)").format(database))
        roles = connection.execute(
            "select rolname from pg_roles where starts_with(rolname, %s)", (f"{names.database}_",)
        ).fetchall()
        if roles:
            # All at once: one by one, each is held by what it granted to another.
            every = sql.SQL(", ").join(sql.Identifier(role) for (role,) in roles)
            connection.execute(sql.SQL("drop role {}").format(every))
