"""When webhooks are delivered: after the follower, beside it, one round of a tenant at a time."""

import asyncio

import structlog

from core.tenancy import Tenant
from projections.webhooks.postman import Postman

log = structlog.get_logger()

AT_ONCE = 16
"""Tenants whose webhooks are delivered at the same time."""


class Rounds:
    """
    The rounds under way of a worker. A slow receiver holds up no read model: nobody waits for one.

    Where each webhook stands is in the database: a round that is lost is made by the next sweep.
    """

    def __init__(self, postman: Postman) -> None:
        self._postman = postman
        self._asked: set[str] = set()
        self._under_way: dict[str, asyncio.Task[None]] = {}
        self._turns = asyncio.Semaphore(AT_ONCE)

    def begin(self, tenant: Tenant) -> None:
        """Makes a round of a tenant's webhooks, after the one under way if there is one."""
        self._asked.add(tenant.code)
        if tenant.code not in self._under_way:
            task = asyncio.create_task(self._make(tenant), name=f"webhooks {tenant.code}")
            self._under_way[tenant.code] = task

    async def aclose(self) -> None:
        """Stops where it is: what was sent and not written down is sent again."""
        tasks = list(self._under_way.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _make(self, tenant: Tenant) -> None:
        try:
            while tenant.code in self._asked:
                self._asked.discard(tenant.code)
                async with self._turns:
                    await self._postman.deliver(tenant)
        except Exception as error:
            # Whatever it is, the next sweep begins another round.
            log.warning("webhook.round_failed", tenant=tenant.code, error=type(error).__name__)
        finally:
            del self._under_way[tenant.code]
