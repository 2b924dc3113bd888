"""A tenant to walk in: a scenario tells a history, the ground records it and runs the engine."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import psycopg
from psycopg import sql

from core.catalogue import Catalogue
from core.database.pool import Database
from core.domain.event import Recorded, encode_fact
from core.event_store.store import EventStore
from core.event_store.stored import Append, NewFact
from core.module import Module
from core.projection import Projection
from core.tenancy import Tenant
from projections.engine import Engine
from projections.tables import Table, dump
from projections.tests.walks import WALKS
from tests.installation import Installation


class Ground:
    """One tenant, what was recorded in it, and an engine over one module."""

    def __init__(
        self, tenant: Tenant, store: EventStore, project: Database, module: Module
    ) -> None:
        self.tenant = tenant
        self.store = store
        self.project = project
        self.recorded = 0
        self.engine = self.engine_of(module)

    def engine_of(self, module: Module, **options: Any) -> Engine:
        """Another engine over the same tenant: another process, or another release."""

        async def enabled(_tenant: Tenant) -> set[str]:
            return {module.name}

        databases = {self.tenant.placement: self.project}
        return Engine(databases, Catalogue([module]), enabled, **options)

    async def record(self, history: Sequence[Recorded[Any]]) -> None:
        """Appends what the history has beyond what was recorded, each fact by its own command."""
        for fact in history[self.recorded :]:
            name, body = fact.fact.stored_name, encode_fact(fact.fact)
            await self.append(fact, name, body)

    async def append(self, fact: Recorded[Any], name: str, body: bytes) -> None:
        """Appends one fact under any name, with any body."""
        new = NewFact(
            id=fact.id,
            stream=fact.stream,
            version=fact.version,
            name=name,
            occurred_at=fact.occurred_at,
            person=fact.person,
            tags=b"",
            body=body,
        )
        appended = await self.store.append(
            self.tenant,
            Append(
                command=str(uuid4()),
                fingerprint=b"",
                now=fact.recorded_at,
                actor=fact.actor,
                correlation=fact.correlation,
                causation=None,
                expected={fact.stream: fact.version - 1},
                facts=[new],
            ),
        )
        assert appended.status == "recorded"
        assert appended.last == fact.position
        self.recorded = fact.position

    async def dump(self, projection: Projection[Any]) -> list[str]:
        """The followed rows, as text."""
        async with self.project.projecting(self.tenant) as connection:
            return await dump(connection, Table.live(projection, self.tenant.read_schema))

    async def dumps(self, module: Module = WALKS) -> dict[str, list[str]]:
        return {each.name: await self.dump(each) for each in module.projections}

    async def query(self, query: str) -> list[tuple[Any, ...]]:
        """A query as the projector; `{read}` and `{facts}` are the tenant's schemas."""
        async with self.project.projecting(self.tenant) as connection:
            cursor = await connection.execute(
                sql.SQL(query).format(
                    read=sql.Identifier(self.tenant.read_schema),
                    facts=sql.Identifier(self.tenant.facts_schema),
                )
            )
            return await cursor.fetchall()

    async def faults(self) -> list[tuple[Any, ...]]:
        return await self.query(
            "select projection, key, position, code, error from {read}.faults order by 1, 3, 2"
        )


@asynccontextmanager
async def ground(
    installation: Installation, module: Module = WALKS, code: str = "05D"
) -> AsyncIterator[Ground]:
    """Ready to walk; the tenant must have no history, see `wipe`."""
    tenant = installation.tenant(code)
    async with (
        installation.database("serve") as serve,
        installation.database("project") as project,
        EventStore({tenant.placement: serve}, Catalogue([module]).registry) as store,
    ):
        yield Ground(tenant, store, project, module)


def wipe(installation: Installation, code: str = "05D") -> None:
    """Makes a tenant as new, by means that only a superuser has: for examples by the hundred."""
    tenant = installation.tenant(code)
    facts, read = sql.Identifier(tenant.facts_schema), sql.Identifier(tenant.read_schema)
    with psycopg.connect(installation.conninfo("admin"), autocommit=True) as admin:
        for table in ("facts", "commands"):
            statement = sql.SQL(
                "alter table {0}.{1} disable trigger all; truncate {0}.{1};"
                "alter table {0}.{1} enable always trigger {2}"
            ).format(facts, sql.Identifier(table), sql.Identifier(f"{table}_are_kept"))
            admin.execute(statement)
        names = admin.execute(
            "select tablename from pg_tables where schemaname = %s", (tenant.read_schema,)
        ).fetchall()
        kept = {"followed", "subjects", "faults", "skips", "policies", "undelivered"}
        for (name,) in names:
            verb = sql.SQL("truncate" if name in kept else "drop table")
            admin.execute(sql.SQL("{} {}.{}").format(verb, read, sql.Identifier(name)))
