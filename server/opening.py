"""Opening the history of tenants that were just provisioned, and their modules."""

from collections.abc import Collection, Iterable
from datetime import date

from core.access.actor import Actor
from core.domain.event import Subject
from core.tenancy import Tenant
from server.assembly import Parts
from tenants.commands import EnableModule, ProvisionTenant
from tenants.territory.territory import territory

ADMINISTRATION = "administration"
"""The account of whoever has the command line of the installation."""


async def open_tenants(
    parts: Parts, tenants: Iterable[Tenant], *, modules: Collection[str] = ()
) -> None:
    """Records that each tenant exists and uses these modules; done before, it changes nothing."""
    await parts.tenants.load()
    for tenant in tenants:
        await open_tenant(parts, tenant, modules)


async def open_tenant(parts: Parts, tenant: Tenant, modules: Collection[str] = ()) -> None:
    """The same for one tenant, from today on as its clock says."""
    stream = Subject(tenant.stream)
    actor = Actor.policy(ADMINISTRATION)
    await parts.application.execute(
        tenant.code, ProvisionTenant(tenant=stream), actor=actor, idempotency_key="provision"
    )
    for module in sorted(modules):
        await parts.application.execute(
            tenant.code,
            EnableModule(tenant=stream, module=module, effective_on=_today(parts, tenant)),
            actor=actor,
            idempotency_key=f"enable/{module}",
        )


def _today(parts: Parts, tenant: Tenant) -> date:
    now = parts.application.clock.now(tenant.code)
    return territory().collectivite(tenant.code).day(now)
