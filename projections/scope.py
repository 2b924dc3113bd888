"""One transaction of the engine: one tenant, some of its read models, and where their rows are."""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
from psycopg import sql

from core.database.pool import Connection
from core.domain.event import FactRegistry, Recorded
from core.event_store.stored import StoredFact
from core.projection import Projection
from core.tenancy import Tenant
from projections.decoding import read
from projections.subjects import INDEX
from projections.tables import Table


class Scope(msgspec.Struct, frozen=True, kw_only=True):
    """
    Valid as long as its transaction, which has the tenant's projector role; or its serving role,
    where nothing but temporary tables is written.
    """

    connection: Connection
    tenant: Tenant
    registry: FactRegistry
    tables: Sequence[Table]
    index: sql.Identifier
    own_schema: str
    """Where faults are kept; `pg_temp` in a replay."""

    @classmethod
    def live(
        cls,
        connection: Connection,
        tenant: Tenant,
        registry: FactRegistry,
        projections: Iterable[Projection[Any]] = (),
    ) -> "Scope":
        """The tables that readers read."""
        return cls(
            connection=connection,
            tenant=tenant,
            registry=registry,
            tables=[Table.live(projection, tenant.read_schema) for projection in projections],
            index=sql.Identifier(tenant.read_schema, INDEX),
            own_schema=tenant.read_schema,
        )

    @classmethod
    def temporary(
        cls,
        connection: Connection,
        tenant: Tenant,
        registry: FactRegistry,
        projections: Iterable[Projection[Any]],
    ) -> "Scope":
        """Tables of this session alone, over the same facts and the same subject index."""
        return cls(
            connection=connection,
            tenant=tenant,
            registry=registry,
            tables=[Table.temporary(projection) for projection in projections],
            index=sql.Identifier(tenant.read_schema, INDEX),
            own_schema="pg_temp",
        )

    @property
    def projections(self) -> tuple[Projection[Any], ...]:
        return tuple(table.projection for table in self.tables)

    def read(self, stored: Iterable[StoredFact]) -> list[Recorded[Any]]:
        """Facts as the engine meets them; see `projections.decoding`."""
        return [read(self.tenant.code, line, self.registry) for line in stored]

    def own(self, table: str) -> sql.Identifier:
        """One of the engine's own tables; see schema.sql."""
        return sql.Identifier(self.own_schema, table)
