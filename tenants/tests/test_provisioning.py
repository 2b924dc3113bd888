"""A hundred tenants in seconds, whole or absent, whatever interrupts."""

import asyncio
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from core.database.migrate import Migration, MigrationRefused
from core.database.names import Names
from tenants import migrations, provisioning
from tenants.installation import install
from tenants.provisioning import provision, upgrade
from tenants.territory.territory import territory
from tests.installation import Installation, drop, installed
from tests.services.fixtures import PostgresServer

EVERYONE = list(territory().collectivites.values())


@pytest.fixture
def empty(postgres_server: PostgresServer) -> Iterator[Installation]:
    """An installation without tenants."""
    with installed(postgres_server, tenants=()) as made:
        yield made


def admin(installation: Installation) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(installation.conninfo("admin"), autocommit=True)


def registered(installation: Installation) -> list[object]:
    with admin(installation) as connection:
        query = "select code from registry.tenants order by code"
        return [code for (code,) in connection.execute(query).fetchall()]


async def test_all_hundred_are_provisioned(empty: Installation) -> None:
    told: list[tuple[int, int]] = []
    tenants = await provision(
        empty.conninfo("provision"),
        EVERYONE,
        progress=lambda _code, done, total: told.append((done, total)),
    )
    assert [tenant.code for tenant in tenants] == [each.code for each in EVERYONE]
    assert registered(empty) == [each.code for each in EVERYONE]
    assert told == [(number, 100) for number in range(1, 101)]


async def test_provisioning_again_changes_nothing(installation: Installation) -> None:
    before = fingerprint(installation)
    again = await provision(installation.conninfo("provision"), [territory().collectivite("05D")])
    assert again == [installation.tenant("05D")]
    await install(
        installation.server.conninfo(),
        installation.names.database,
        installation.server.password,
    )
    await upgrade(installation.conninfo("provision"))
    assert fingerprint(installation) == before


def fingerprint(installation: Installation) -> object:
    """Who owns what and who may what, in the whole database."""
    with admin(installation) as connection:
        return connection.execute(
            """select n.nspname, n.nspacl::text, c.relname, c.relacl::text, c.relowner
                 from pg_namespace n left join pg_class c on c.relnamespace = n.oid
                where n.nspname !~ '^(pg_|information_schema)' order by 1, 3"""
        ).fetchall()


async def test_a_provisioner_killed_half_way_is_taken_up_again(empty: Installation) -> None:
    program = (
        "import asyncio, sys; from tenants.provisioning import provision;"
        "from tenants.territory.territory import territory;"
        "asyncio.run(provision(sys.argv[1], territory().collectivites.values(),"
        " progress=lambda code, done, total: print(done, flush=True)))"
    )
    killed = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", program, empty.conninfo("provision")),
        cwd=Path(provisioning.__file__).parents[1],
        stdout=asyncio.subprocess.PIPE,
    )
    assert killed.stdout is not None
    while int(await killed.stdout.readline()) < 20:
        pass
    os.kill(killed.pid, signal.SIGKILL)
    await killed.wait()
    left = registered(empty)
    assert 20 <= len(left) < 100
    assert schemas(empty) == {f"{kind}_{str(code).lower()}" for code in left for kind in KINDS}
    await provision(empty.conninfo("provision"), EVERYONE)
    assert len(registered(empty)) == 100


KINDS = ("facts", "read")


def schemas(installation: Installation) -> set[str]:
    with admin(installation) as connection:
        query = "select nspname from pg_namespace where nspname ~ '^(facts|read)_'"
        return {str(name) for (name,) in connection.execute(query).fetchall()}


async def test_two_provisioners_at_once_do_not_trip_over_each_other(empty: Installation) -> None:
    some = EVERYONE[:12]
    await asyncio.gather(
        *(provision(empty.conninfo("provision"), some, parallel=3) for _ in range(2))
    )
    assert len(registered(empty)) == 12


def test_two_installers_at_once_do_not_trip_over_each_other(
    postgres_server: PostgresServer,
) -> None:
    names = Names("essai_a_deux")

    async def twice() -> None:
        arguments = (postgres_server.conninfo(), names.database, postgres_server.password)
        await asyncio.gather(install(*arguments), install(*arguments))

    try:
        asyncio.run(twice())
    finally:
        drop(postgres_server, names)


async def test_a_migration_that_changed_after_it_ran_is_refused_by_tenant_and_file(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, *others = migrations.of_tenant()
    edited = Migration(first.name, first.script + "\n-- retouched")
    monkeypatch.setattr(migrations, "of_tenant", lambda: (edited, *others))
    with pytest.raises(MigrationRefused, match=rf"(05D|69D|69M) : .*« {first.name} » a changé"):
        await upgrade(installation.conninfo("provision"))


async def test_a_new_migration_reaches_every_tenant_once(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    more = Migration(
        "tenants/migrations/more.sql",
        "create table {{facts}}.more (n integer); alter table {{facts}}.more owner to {{owner}};",
    )
    monkeypatch.setattr(migrations, "of_tenant", _with(more))
    for _ in range(2):
        await upgrade(installation.conninfo("provision"))
    with admin(installation) as connection:
        for tenant in installation.tenants.values():
            connection.execute(
                sql.SQL("select from {}").format(sql.Identifier(tenant.facts_schema, "more"))
            )


async def test_a_migration_that_fails_leaves_its_tenant_as_it_was(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = fingerprint(installation)
    broken = Migration(
        "tenants/migrations/broken.sql", "create table {{facts}}.half (n integer); select 1 / 0;"
    )
    monkeypatch.setattr(migrations, "of_tenant", _with(broken))
    with pytest.raises(MigrationRefused, match=r"« tenants/migrations/broken.sql » échoue"):
        await upgrade(installation.conninfo("provision"))
    assert fingerprint(installation) == before


async def test_a_migration_that_leaves_something_to_provision_is_refused(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    careless = Migration(
        "tenants/migrations/careless.sql", "create table {{facts}}.stray (n integer);"
    )
    monkeypatch.setattr(migrations, "of_tenant", _with(careless))
    with pytest.raises(MigrationRefused, match=r"« facts_\w+.stray »"):
        await upgrade(installation.conninfo("provision"))


def _with(migration: Migration) -> object:
    longer = (*migrations.of_tenant(), migration)
    return lambda: longer


def test_a_login_with_createrole_and_createdb_is_enough_to_install(
    postgres_server: PostgresServer,
) -> None:
    with psycopg.connect(postgres_server.conninfo(), autocommit=True) as connection:
        connection.execute("create role essai_administrateur login createrole createdb")
        connection.execute(
            sql.SQL("alter role essai_administrateur password {}").format(
                sql.Literal(postgres_server.password("essai_administrateur"))
            )
        )
    with installed(postgres_server, ("05D",), "essai_administrateur") as made:
        assert registered(made) == ["05D"]
        # It took the owner's role for a while, and gave it back.
        with admin(made) as connection:
            query = "select pg_has_role('essai_administrateur', %s, 'usage')"
            assert connection.execute(query, (made.names.owner,)).fetchone() == (False,)
    with psycopg.connect(postgres_server.conninfo(), autocommit=True) as connection:
        connection.execute("drop role essai_administrateur")
