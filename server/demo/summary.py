"""What a demonstration amounts to: figures over read models, and counts of facts."""

from collections.abc import Iterable
from typing import Any

import msgspec
from psycopg import sql

from core.database.pool import Database
from core.indicator import Figure, Indicator, Period
from core.tenancy import Tenant
from projections.engine import Engine


class Summary(msgspec.Struct, kw_only=True):
    """The JSON of `--summary`. `seconds` is by step; `invented` by what each source leaves out."""

    seed: int
    years: int
    facts: int
    facts_by_tenant: dict[str, int]
    facts_by_name: dict[str, int]
    indicators: list[Figure]
    seconds: dict[str, float]
    invented: dict[str, list[str]]


class Counted(msgspec.Struct, kw_only=True):
    """Facts of a set of tenants, counted in SQL from the facts themselves."""

    facts: int
    facts_by_tenant: dict[str, int]
    facts_by_name: dict[str, int]
    indicators: list[Figure]


async def count_facts(database: Database, tenant: Tenant) -> dict[str, int]:
    """How many facts of each stored name a tenant has recorded, corrections included."""
    query = sql.SQL("select name, count(*) from {} group by name order by name").format(
        sql.Identifier(tenant.facts_schema, "facts")
    )
    async with database.serving(tenant) as connection:
        return dict[str, int](await (await connection.execute(query)).fetchall())


async def figures(
    engine: Engine,
    tenants: Iterable[Tenant],
    indicators: Iterable[Indicator],
    period: Period,
    *,
    recounted: bool = False,
) -> list[Figure]:
    """Every indicator for every tenant: over read models, or recounted in SQL from the facts."""
    ask: Any = engine.recount if recounted else engine.figure
    asked = list(indicators)
    return [
        figure
        for tenant in tenants
        for indicator in asked
        for figure in await ask(tenant, indicator, period)
    ]


async def recount(
    engine: Engine,
    databases: dict[str, Database],
    tenants: list[Tenant],
    indicators: Iterable[Indicator],
    period: Period,
) -> Counted:
    """What `jalon facts count` says."""
    by_tenant, by_name = await facts_of(databases, tenants)
    return Counted(
        facts=sum(by_tenant.values()),
        facts_by_tenant=by_tenant,
        facts_by_name=by_name,
        indicators=await figures(engine, tenants, indicators, period, recounted=True),
    )


async def facts_of(
    databases: dict[str, Database], tenants: Iterable[Tenant]
) -> tuple[dict[str, int], dict[str, int]]:
    """Counts by tenant and by stored name."""
    by_tenant: dict[str, int] = {}
    by_name: dict[str, int] = {}
    for tenant in tenants:
        counts = await count_facts(databases[tenant.placement], tenant)
        by_tenant[tenant.code] = sum(counts.values())
        for name, facts in counts.items():
            by_name[name] = by_name.get(name, 0) + facts
    return by_tenant, dict(sorted(by_name.items()))
