"""Which tenants there are, and where."""

import asyncio

import pytest

from core.database.pool import Database
from core.tenancy import UnknownTenant
from tenants.provisioning import provision
from tenants.registry import LOOKING, TenantRegistry, TwicePlaced
from tenants.territory.territory import territory
from tests.installation import Installation, installed
from tests.services.fixtures import PostgresServer


async def test_the_registry_knows_what_was_provisioned(
    installation: Installation, serve_database: Database
) -> None:
    async with TenantRegistry({"principal": serve_database}) as registry:
        assert registry.all() == list(installation.tenants.values())
        assert registry.find("05D") == installation.tenant("05D")
        with pytest.raises(UnknownTenant):
            registry.find("01D")


async def provision_ain(installation: Installation) -> None:
    await provision(installation.conninfo("provision"), [territory().collectivite("01D")])


async def test_a_tenant_provisioned_elsewhere_is_found_without_a_restart(
    installation: Installation, serve_database: Database
) -> None:
    async with TenantRegistry({"principal": serve_database}, pause=0) as registry:
        await provision_ain(installation)
        assert (await registry.look_up("01D")).name == "Ain"


async def test_asking_for_an_unknown_tenant_makes_it_found_soon_after(
    installation: Installation, serve_database: Database
) -> None:
    async with TenantRegistry({"principal": serve_database}, pause=0) as registry:
        await provision_ain(installation)
        with pytest.raises(UnknownTenant):
            registry.find("01D")
        await asyncio.gather(*(t for t in asyncio.all_tasks() if t.get_name() == LOOKING))
        assert registry.find("01D").name == "Ain"


async def test_made_up_codes_do_not_make_it_look_each_time(
    installation: Installation, serve_database: Database
) -> None:
    async with TenantRegistry({"principal": serve_database}, pause=3600) as registry:
        await provision_ain(installation)
        for _ in range(3):
            with pytest.raises(UnknownTenant):
                await registry.look_up("01D")


def test_a_tenant_that_two_servers_hold_is_refused(postgres_server: PostgresServer) -> None:
    with (
        installed(postgres_server, ("05D", "69M")) as first,
        installed(postgres_server, ("69M",)) as second,
    ):

        async def both() -> None:
            async with first.database() as one, second.database() as two:
                async with TenantRegistry({"principal": one}) as registry:
                    assert registry.find("69M").placement == "principal"
                with pytest.raises(TwicePlaced, match="69M est sur deux serveurs"):
                    await TenantRegistry({"principal": one, "sud": two}).load()

        asyncio.run(both())


def test_tenants_live_on_several_servers(postgres_server: PostgresServer) -> None:
    with (
        installed(postgres_server, ("05D",)) as first,
        installed(postgres_server, ("69M",)) as second,
    ):

        async def placements() -> dict[str, str]:
            async with (
                first.database() as one,
                second.database() as two,
                TenantRegistry({"principal": one, "sud": two}) as registry,
            ):
                return {tenant.code: tenant.placement for tenant in registry.all()}

        assert asyncio.run(placements()) == {"05D": "principal", "69M": "sud"}
