"""
The engine: everything that runs read models, for every tenant of an installation.

A worker calls `work` when it is woken; the rest is asked by hand.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Any

from core.catalogue import Catalogue
from core.database.pool import Database
from core.event_store import reader
from core.indicator import Figure, Indicator, Period
from core.module import Module, Policy
from core.projection import Projection
from core.tenancy import Tenant
from projections import comparison, deliveries, figures, follower, rebuild, replay, retry
from projections import lag as lags
from projections import policies as delivery
from projections.scope import Scope
from projections.tables import Table, check

ModulesOf = Callable[[Tenant], Awaitable[Collection[str]]]
"""The names of the modules a tenant has enabled; those always on need not be among them."""


PACE = 0.25
"""Seconds between two strides of a worker behind a tenant that keeps recording.

A stride costs some thirty statements, however few facts it takes along.
"""


class NoSuchReadModel(LookupError):
    """No installed module has a read model of this name, or the tenant has not enabled it."""


class Engine:
    """
    Runs the read models of the tenants' modules, and delivers to their policies.

    `databases` are those of the projecting login, by placement. `execute` is
    `Application.execute`; without it nothing can be delivered. Raises `ValueError` or `TypeError`
    when no table can be made of an installed read model.
    """

    def __init__(
        self,
        databases: Mapping[str, Database],
        catalogue: Catalogue,
        modules_of: ModulesOf,
        *,
        execute: delivery.Execute | None = None,
        territory_vintage: str = "",
    ) -> None:
        for projection in catalogue.projections:
            check(projection)
        self._databases = databases
        self._catalogue = catalogue
        self._modules_of = modules_of
        self._execute = execute
        self._territory_vintage = territory_vintage
        self._ensured: dict[str, frozenset[tuple[str, int]]] = {}
        """The read models whose tables are known to be there, by tenant code."""

    async def projections(
        self, tenant: Tenant, names: Collection[str] | None = None
    ) -> list[Projection[Any]]:
        """The read models a tenant has, or those of them that are named; `NoSuchReadModel`."""
        found = [each for module in await self._modules(tenant) for each in module.projections]
        if names is None:
            return found
        if missing := set(names) - {each.name for each in found}:
            raise NoSuchReadModel(f"{tenant.code} : pas de vue « {', '.join(sorted(missing))} »")
        return [each for each in found if each.name in names]

    async def policies(self, tenant: Tenant) -> list[Policy]:
        """The policies of the modules a tenant has."""
        return [each for module in await self._modules(tenant) for each in module.policies]

    async def ensure_tables(self, tenant: Tenant) -> list[str]:
        """Builds the read models that the tenant lacks or has in an older version; their names."""
        return await self._ensure(tenant, await self.projections(tenant))

    async def work(self, tenant: Tenant) -> tuple[int, int]:
        """
        What a worker does when it is woken: follows, then delivers; how many of each.

        Raises what `projections.policies.deliver` raises: the wake-up is then to be sent again.
        """
        followed = delivered = 0
        async for until, modules in self._presents(tenant, pace=PACE):
            projections = [each for module in modules for each in module.projections]
            versions = frozenset((each.name, each.version) for each in projections)
            if self._ensured.get(tenant.code) != versions:
                await self._ensure(tenant, projections)
                self._ensured[tenant.code] = versions
            followed += await follower.follow(
                self._database(tenant), tenant, self._catalogue.registry, projections, until=until
            )
            delivered += await self._deliver(tenant, modules, until)
        return followed, delivered

    async def follow(self, tenant: Tenant, *, batch: int = follower.BATCH) -> int:
        """Brings a tenant's read models up to date; see `projections.follower.follow`."""
        await self.ensure_tables(tenant)
        return await follower.follow(
            self._database(tenant),
            tenant,
            self._catalogue.registry,
            await self.projections(tenant),
            batch=batch,
        )

    async def deliver(self, tenant: Tenant, *, batch: int = delivery.BATCH) -> int:
        """Delivers to a tenant's policies what they have not had; see `projections.policies`."""
        passed = 0
        async for until, modules in self._presents(tenant):
            passed += await self._deliver(tenant, modules, until, batch)
        return passed

    async def delivered(self, tenant: Tenant) -> int:
        """The position up to which every policy of a tenant has had its facts."""
        async with self._database(tenant).projecting(tenant) as connection:
            return await deliveries.position(
                Scope.live(connection, tenant, self._catalogue.registry)
            )

    async def redeliver(self, tenant: Tenant) -> int:
        """Delivers again what policies could not have done; gives how much is left."""
        return await delivery.redeliver(self._courier(tenant), tenant, await self.policies(tenant))

    async def rebuild(
        self, tenant: Tenant, names: Collection[str] | None = None, *, strict: bool = True
    ) -> int:
        """Makes read models again from the facts, by default all of them and the subject index."""
        return await rebuild.rebuild(
            self._database(tenant),
            tenant,
            self._catalogue.registry,
            await self.projections(tenant, names),
            index=names is None,
            strict=strict,
        )

    async def retry_faults(self, tenant: Tenant) -> int:
        """Tries again what was set aside; gives how much still is."""
        return await retry.retry_faults(
            self._database(tenant),
            tenant,
            self._catalogue.registry,
            await self.projections(tenant),
        )

    async def differences(self, tenant: Tenant) -> dict[str, int]:
        """Whether followed rows are what the facts say; see `projections.comparison`."""
        return await comparison.differences(
            self._database(tenant),
            tenant,
            self._catalogue.registry,
            await self.projections(tenant),
        )

    async def replay(
        self,
        tenant: Tenant,
        names: Collection[str] | None = None,
        *,
        position: int | None = None,
        known_at: datetime | None = None,
        as_of: datetime | None = None,
        strict: bool = True,
    ) -> AbstractAsyncContextManager[replay.Replayed]:
        """Read models as they were, for as long as the context lasts; see `projections.replay`."""
        return replay.replay(
            self._database(tenant),
            tenant,
            self._catalogue.registry,
            await self.projections(tenant, names),
            position=position,
            known_at=known_at,
            as_of=as_of,
            strict=strict,
        )

    async def figure(
        self,
        tenant: Tenant,
        indicator: Indicator,
        period: Period,
        *,
        dimensions: Sequence[str] = (),
    ) -> list[Figure]:
        """An indicator over the followed read models; see `projections.figures.compute`."""
        names = figures.read_models_of(indicator)
        tables = {
            each.name: Table.live(each, tenant.read_schema).identifier
            for each in await self.projections(tenant, names)
        }
        async with self._database(tenant).projecting(tenant) as connection:
            return await figures.compute(
                connection,
                tenant,
                indicator,
                period,
                tables,
                dimensions=dimensions,
                territory_vintage=self._territory_vintage,
            )

    async def recount(
        self,
        tenant: Tenant,
        indicator: Indicator,
        period: Period,
        *,
        dimensions: Sequence[str] = (),
    ) -> list[Figure]:
        """The same from the facts, without read models; see `projections.figures.recount`."""
        async with self._database(tenant).projecting(tenant) as connection:
            return await figures.recount(
                connection,
                tenant,
                indicator,
                period,
                dimensions=dimensions,
                territory_vintage=self._territory_vintage,
            )

    async def lag(self, tenant: Tenant) -> lags.Lag:
        """How far behind a tenant is, and what was set aside."""
        return await lags.lag(
            self._database(tenant),
            tenant,
            self._catalogue.registry,
            await self.projections(tenant),
        )

    async def _presents(
        self, tenant: Tenant, *, pace: float = 0.0
    ) -> AsyncIterator[tuple[int, list[Module]]]:
        """
        The last position, and the modules that the tenant had at it or has since; again as long as
        something was recorded meanwhile.

        In this order: no fact up to there is of a module whose policies are not among them. And
        once more at the end: who was woken meanwhile may have stepped aside.
        """
        before = None
        while (until := await self._head(tenant)) != before:
            if before is not None and pace:
                await asyncio.sleep(pace)
                until = await self._head(tenant)
            yield until, await self._modules(tenant)
            before = until

    async def _head(self, tenant: Tenant) -> int:
        async with self._database(tenant).projecting(tenant) as connection:
            return await reader.head(connection, tenant)

    async def _deliver(
        self,
        tenant: Tenant,
        modules: Sequence[Module],
        until: int,
        batch: int = delivery.BATCH,
    ) -> int:
        policies = [each for module in modules for each in module.policies]
        return await delivery.deliver(
            self._courier(tenant), tenant, policies, until=until, batch=batch
        )

    async def _modules(self, tenant: Tenant) -> list[Module]:
        enabled = await self._modules_of(tenant)
        return [
            module
            for module in self._catalogue.modules
            if module.always_on or module.name in enabled
        ]

    async def _ensure(self, tenant: Tenant, projections: Sequence[Projection[Any]]) -> list[str]:
        return await rebuild.ensure_tables(
            self._database(tenant), tenant, self._catalogue.registry, projections
        )

    def _database(self, tenant: Tenant) -> Database:
        return self._databases[tenant.placement]

    def _courier(self, tenant: Tenant) -> delivery.Courier:
        if self._execute is None:
            raise RuntimeError("nothing to execute commands with")
        return delivery.Courier(
            database=self._database(tenant),
            registry=self._catalogue.registry,
            execute=self._execute,
        )
