"""
Which tenants there are, and on which server each one is.

A server's own registry says which tenants it holds: being listed there is the placement, so that
nothing has to be kept in step between servers.
"""

import asyncio
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Self

import structlog

from core.database.pool import Database
from core.tenancy import Tenant, UnknownTenant

log = structlog.get_logger()

LOOKING = "tenants.looking"
"""Name of the task that looks for an unknown tenant."""


class TwicePlaced(RuntimeError):
    """Two servers hold the same tenant: writing to either would split its history."""

    def __init__(self, code: str, places: Sequence[str]) -> None:
        super().__init__(
            f"la collectivité {code} est sur deux serveurs ({', '.join(places)}) : "
            "retirez l'un des deux avant de démarrer"
        )


class TenantRegistry:
    """
    The tenants of an installation, in memory. Loads as it opens.

    An unknown code makes it look again, at most once every `pause` seconds: a tenant provisioned by
    another process is found without a restart, and made-up codes cost nothing.
    """

    def __init__(self, databases: Mapping[str, Database], *, pause: float = 2.0) -> None:
        self._databases = databases
        self._pause = pause
        self._tenants: dict[str, Tenant] = {}
        self._loaded_at = 0.0
        self._loading = asyncio.Lock()
        self._looking: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        await self.load()
        return self

    async def __aexit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        if self._looking is not None:
            self._looking.cancel()
            await asyncio.gather(self._looking, return_exceptions=True)

    def find(self, code: str) -> Tenant:
        """The tenant of a code; raises `UnknownTenant`, and looks for it in the background."""
        tenant = self._tenants.get(code)
        if tenant is None:
            self._look_again()
            raise UnknownTenant(code)
        return tenant

    async def look_up(self, code: str) -> Tenant:
        """The same, having looked again when that is allowed."""
        if code not in self._tenants and self._may_look():
            await self.load()
        return self.find(code)

    def all(self) -> Sequence[Tenant]:
        """Every provisioned tenant, by code."""
        return list(self._tenants.values())

    async def load(self) -> None:
        """Reads the registry of every server; raises `TwicePlaced`."""
        async with self._loading:
            found: dict[str, Tenant] = {}
            for placement, database in self._databases.items():
                for tenant in await _held(placement, database):
                    twin = found.setdefault(tenant.code, tenant)
                    if twin is not tenant:
                        raise TwicePlaced(tenant.code, (twin.placement, placement))
            self._tenants = dict(sorted(found.items()))
            self._loaded_at = asyncio.get_running_loop().time()

    def _may_look(self) -> bool:
        return asyncio.get_running_loop().time() - self._loaded_at >= self._pause

    def _look_again(self) -> None:
        if (self._looking is None or self._looking.done()) and self._may_look():
            self._looking = asyncio.create_task(self._look(), name=LOOKING)

    async def _look(self) -> None:
        try:
            await self.load()
        except Exception:
            # Whoever asked has their answer; the next unknown code tries again.
            log.exception("registry.not_loaded")


async def _held(placement: str, database: Database) -> list[Tenant]:
    async with database.scope(database.names.registry) as connection:
        cursor = await connection.execute(
            """select code, name, stream::text, facts_schema, read_schema, serving_role,
                      projector_role from registry.tenants order by code"""
        )
        return [
            Tenant(
                code=code,
                name=name,
                stream=stream,
                placement=placement,
                facts_schema=facts_schema,
                read_schema=read_schema,
                serving_role=serving_role,
                projector_role=projector_role,
            )
            async for (
                code,
                name,
                stream,
                facts_schema,
                read_schema,
                serving_role,
                projector_role,
            ) in cursor
        ]
