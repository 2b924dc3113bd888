"""
Keys as they are stored, made and held: one line per tenant, one per person or stream.

A key is used only once the transaction that stored it is committed: a token under a key that was
rolled back could never be opened.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Collection, Mapping
from typing import Literal

import msgspec
from psycopg import sql

from core.database.pool import Connection, Database
from core.directory.refusals import refusal
from core.keys.hierarchy import DataKey, TenantKey
from core.keys.wrapper import KeyWrapper, UnwrapRefused
from core.tenancy import Tenant

CACHED_KEYS = 20_000
"""Data keys held per process: some 10 MB."""


class WrongMasterKey(UnwrapRefused):
    """The tenant's key was wrapped by another master key than the one configured."""


class HeldKey(msgspec.Struct, frozen=True):
    """A data key in memory, and whether it is a person's or a stream's."""

    kind: Literal["person", "stream"]
    key: DataKey


class Keyring:
    """The unwrapped keys of every tenant of a process, the least recently used forgotten first."""

    def __init__(
        self,
        database: Callable[[Tenant], Database],
        wrapper: KeyWrapper,
        *,
        size: int = CACHED_KEYS,
    ) -> None:
        self.database = database
        self._wrapper = wrapper
        self._size = size
        self._tenants: dict[str, TenantKey] = {}
        self._loading: dict[str, asyncio.Lock] = {}
        self._held: OrderedDict[tuple[str, str], HeldKey] = OrderedDict()

    def __len__(self) -> int:
        """How many data keys are at hand."""
        return len(self._held)

    async def tenant_key(self, tenant: Tenant) -> TenantKey:
        """
        The tenant's key, made at its first use.

        Opens transactions of its own: call it before yours. Raises `WrongMasterKey`, or
        `UnwrapRefused` when the stored line was altered.
        """
        if tenant.code not in self._tenants:
            async with self._loading.setdefault(tenant.code, asyncio.Lock()):
                if tenant.code not in self._tenants:
                    self._tenants[tenant.code] = await self._load_tenant_key(tenant)
        return self._tenants[tenant.code]

    async def find(
        self, tenant: Tenant, subjects: Collection[str], connection: Connection | None = None
    ) -> dict[str, HeldKey]:
        """
        The keys that exist, by subject: one query at most, whatever their number.

        Those never made, or destroyed, are left out. With a `connection`, its transaction is used
        (after `tenant_key`).
        """
        found = {}
        missing = []
        for subject in dict.fromkeys(subjects):
            if held := self._held.get((tenant.code, subject)):
                self._held.move_to_end((tenant.code, subject))
                found[subject] = held
            else:
                missing.append(subject)
        if not missing:
            return found
        tenant_key = await self.tenant_key(tenant)
        if connection is not None:
            lines = await _stored(connection, tenant, missing)
        else:
            async with self.database(tenant).serving(tenant) as own:
                lines = await _stored(own, tenant, missing)
        read = {
            subject: HeldKey(kind, tenant_key.unwrap_data_key(subject, wrapped))
            for subject, kind, wrapped in lines
            if wrapped is not None
        }
        self.hold(tenant, read)
        return found | read

    async def make_for_streams(
        self, tenant: Tenant, streams: Collection[str]
    ) -> dict[str, HeldKey]:
        """
        The keys of streams, made where there is none; another process may make them meanwhile.

        Refused as `key_is_destroyed` when one was destroyed: it never gets another.
        """
        tenant_key = await self.tenant_key(tenant)
        # In order, so that two of us who make the same keys cannot wait for each other.
        wrapped = {stream: tenant_key.new_data_key(stream)[1] for stream in sorted(streams)}
        insert = sql.SQL(
            """insert into {} (subject, kind, wrapped)
               select subject, 'stream', wrapped
                 from unnest(%s::uuid[], %s::bytea[]) as made (subject, wrapped)
               on conflict (subject) do nothing"""
        ).format(_table(tenant, "data_keys"))
        async with self.database(tenant).serving(tenant) as connection:
            await connection.execute(insert, (list(wrapped), list(wrapped.values())))
        found = await self.find(tenant, streams)
        if len(found) < len(wrapped):
            raise refusal("key_is_destroyed")
        return found

    def hold(self, tenant: Tenant, keys: Mapping[str, HeldKey]) -> None:
        """Keeps keys at hand whose lines are committed."""
        for subject, held in keys.items():
            self._held[tenant.code, subject] = held
        while len(self._held) > self._size:
            self._held.popitem(last=False)

    async def _load_tenant_key(self, tenant: Tenant) -> TenantKey:
        async with self.database(tenant).serving(tenant) as connection:
            line = await _tenant_line(connection, tenant)
        if line is None:
            made = await asyncio.to_thread(TenantKey.create, tenant.code, self._wrapper)
            insert = sql.SQL(
                "insert into {} (wrapper, wrapped) values (%s, %s) on conflict do nothing"
            ).format(_table(tenant, "tenant_key"))
            async with self.database(tenant).serving(tenant) as connection:
                await connection.execute(insert, (self._wrapper.id, made))
                # Whoever came first, this reads what is committed: the same key for all.
                line = await _tenant_line(connection, tenant)
        assert line is not None  # noqa: S101 - the line is never deleted
        wrapper, wrapped = line
        if wrapper != self._wrapper.id:
            message = (
                f"la clé de la collectivité {tenant.code} est sous la clé maîtresse « {wrapper} », "
                f"pas sous « {self._wrapper.id} » : indiquez le bon fichier de clé"
            )
            raise WrongMasterKey(message)
        return await asyncio.to_thread(TenantKey.unwrap, tenant.code, wrapped, self._wrapper)


async def _tenant_line(connection: Connection, tenant: Tenant) -> tuple[str, bytes] | None:
    query = sql.SQL("select wrapper, wrapped from {}").format(_table(tenant, "tenant_key"))
    row = await (await connection.execute(query)).fetchone()
    return None if row is None else (row[0], row[1])


async def _stored(
    connection: Connection, tenant: Tenant, subjects: list[str]
) -> list[tuple[str, Literal["person", "stream"], bytes | None]]:
    query = sql.SQL(
        "select subject::text, kind, wrapped from {} where subject = any(%s::uuid[])"
    ).format(_table(tenant, "data_keys"))
    cursor = await connection.execute(query, (subjects,), binary=True)
    return [(subject, kind, wrapped) for subject, kind, wrapped in await cursor.fetchall()]


def _table(tenant: Tenant, name: str) -> sql.Identifier:
    return sql.Identifier(tenant.facts_schema, name)
