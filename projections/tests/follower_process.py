"""A follower in a process of its own, to be killed: `python -m … <conninfo> <tenant as JSON>`."""

import asyncio
import sys

import msgspec

from core.catalogue import Catalogue
from core.database.pool import Database
from core.tenancy import Tenant
from projections.engine import Engine
from projections.tests.walks import WALKS


async def run(conninfo: str, tenant: Tenant) -> None:
    async def enabled(_tenant: Tenant) -> set[str]:
        return {WALKS.name}

    async with Database(conninfo, size=2) as database:
        engine = Engine({tenant.placement: database}, Catalogue([WALKS]), enabled)
        await engine.follow(tenant, batch=2)


if __name__ == "__main__":
    asyncio.run(run(sys.argv[1], msgspec.json.decode(sys.argv[2], type=Tenant)))
