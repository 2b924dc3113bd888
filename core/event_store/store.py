"""The event store of an installation: the servers its tenants live on, and the way to each."""

from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any, Self, TypeAlias

from core.database.pool import Database
from core.domain.event import FactRegistry, Recorded
from core.event_store import reader
from core.event_store.appender import Appender
from core.event_store.mapper import to_recorded
from core.event_store.stored import Append, Appended
from core.tenancy import Tenant

Load: TypeAlias = Callable[[Collection[str]], Awaitable[dict[str, list[Recorded[Any]]]]]


class EventStore:
    """Appends and loads; `recorded` is told of every tenant that has something new."""

    def __init__(
        self,
        databases: Mapping[str, Database],
        registry: FactRegistry,
        recorded: Callable[[Tenant, int], None] = lambda _tenant, _position: None,
    ) -> None:
        self.registry = registry
        self._databases = databases
        self._appenders = {place: Appender(database) for place, database in databases.items()}
        self._recorded = recorded
        self._open = AsyncExitStack()

    async def __aenter__(self) -> Self:
        for appender in self._appenders.values():
            await self._open.enter_async_context(appender)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._open.aclose()

    def database(self, tenant: Tenant) -> Database:
        """The server a tenant lives on."""
        return self._databases[tenant.placement]

    async def append(self, tenant: Tenant, append: Append) -> Appended:
        """See `Appender.append`. The wake-up goes out after the commit, never inside it."""
        appended = await self._appenders[tenant.placement].append(tenant, append)
        if appended.status == "recorded":
            self._recorded(tenant, appended.last)
        return appended

    async def load(
        self, tenant: Tenant, streams: Collection[str]
    ) -> dict[str, list[Recorded[Any]]]:
        """The recorded facts of each stream, in order; an empty list for one without facts."""
        async with self.reading(tenant) as load:
            return await load(streams)

    @asynccontextmanager
    async def reading(self, tenant: Tenant) -> AsyncIterator[Load]:
        """Several loads in one transaction: each is as `load`."""
        async with self.database(tenant).serving(tenant) as connection:

            async def load(streams: Collection[str]) -> dict[str, list[Recorded[Any]]]:
                histories: dict[str, list[Recorded[Any]]] = {stream: [] for stream in streams}
                for stored in await reader.read_streams(connection, tenant, list(streams)):
                    recorded = to_recorded(tenant.code, stored, self.registry)
                    histories[stored.stream].append(recorded)
                return histories

            yield load

    async def written_by(
        self, tenant: Tenant, command: str
    ) -> tuple[bytes, list[Recorded[Any]]] | None:
        """The fingerprint of a command and what it wrote; None when it never did."""
        async with self.database(tenant).serving(tenant) as connection:
            found = await reader.read_command(connection, tenant, command)
        if found is None:
            return None
        mark, stored = found
        return mark, [to_recorded(tenant.code, line, self.registry) for line in stored]
