"""
Sending facts to webhooks: in order for each webhook, at least once, under an id that stays.

A webhook is taken in hand by one worker at a time. It reads what comes next, lets go of the
database, sends, and writes down what became of it; so it goes on where it was, whoever dies. What
fails is tried again later and later, and nothing overtakes it; after the last try it is set aside,
and the next fact has its turn. What was set aside is sent again only when someone asks.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from secrets import SystemRandom
from typing import Any

import msgspec
import structlog

from core.access.actor import Actor
from core.database.pool import Database
from core.directory.vault import Vault
from core.domain.event import Subject
from core.domain.refusal import Refusal
from core.event_store import reader
from core.event_store.cloud_event import cloud_event, encoded
from core.event_store.stored import StoredFact
from core.ids import uuid7
from core.tenancy import Tenant
from core.webhooks.commands import PauseWebhook
from core.webhooks.sending import GONE, Message, Outbound, Outcome
from projections.webhooks import progress
from projections.webhooks.progress import Taken

log = structlog.get_logger()

BATCH = 20
"""Facts read at once; each may be a megabyte."""

_chance = SystemRandom()


class Patience(msgspec.Struct, frozen=True, kw_only=True):
    """
    How often a fact is tried, and how long after each failure it is tried again, in seconds.

    By default twelve times over some two days.
    """

    attempts: int = 12
    first: float = 5.0
    factor: float = 3.0
    longest: float = 6 * 3600.0

    def pause(self, failures: int) -> float:
        """Half as long or half as long again, so that receivers are not all called at once."""
        return min(self.first * self.factor ** (failures - 1), self.longest) * _chance.uniform(
            0.5, 1.5
        )


USUAL = Patience()


class Postman(msgspec.Struct, frozen=True, kw_only=True):
    """Sends for the tenants of an installation; `databases` are those of the projecting login."""

    databases: Mapping[str, Database]
    vault: Vault
    outbound: Outbound
    execute: Callable[..., Awaitable[Any]]
    patience: Patience = USUAL

    async def due(self, tenant: Tenant) -> list[str]:
        """The webhooks that have something to send now."""
        async with self.databases[tenant.placement].projecting(tenant) as connection:
            until = await progress.followed(connection, tenant)
            return [] if until is None else await progress.due(connection, tenant, until)

    async def deliver(self, tenant: Tenant) -> int:
        """Sends all that is due; how many facts were delivered. Webhooks do not wait for others."""
        sent = await asyncio.gather(
            *(self._deliver(tenant, webhook) for webhook in await self.due(tenant))
        )
        return sum(sent)

    async def _deliver(self, tenant: Tenant, webhook: str) -> int:
        round_ = _Round(postman=self, tenant=tenant, webhook=webhook, holder=uuid7())
        try:
            return await round_.run()
        finally:
            async with round_.database.projecting(tenant) as connection:
                await progress.let_go(connection, tenant, webhook, round_.holder)


class _Round(msgspec.Struct, kw_only=True):
    """One webhook in hand, until nothing is left or something fails."""

    postman: Postman
    tenant: Tenant
    webhook: str
    holder: str
    delivered: int = 0

    @property
    def database(self) -> Database:
        return self.postman.databases[self.tenant.placement]

    async def run(self) -> int:
        while True:
            async with self.database.projecting(self.tenant) as connection:
                taken = await progress.take(connection, self.tenant, self.webhook, self.holder)
                if taken is None:
                    return self.delivered
                again = await progress.asked_again(connection, self.tenant, self.webhook, BATCH)
                old = await reader.read_positions(connection, self.tenant, again)
                until = await progress.followed(connection, self.tenant) or 0
                facts = await reader.read_named(
                    connection,
                    self.tenant,
                    names=taken.names,
                    modules=taken.modules,
                    after=taken.position,
                    until=until if taken.due else 0,
                    limit=BATCH,
                )
            for fact in old:
                await self._again(taken, fact)
            if not old and not facts:
                if taken.due and until > taken.position:
                    async with self.database.projecting(self.tenant) as connection:
                        await progress.advance(
                            connection, self.tenant, self.webhook, self.holder, until
                        )
                return self.delivered
            attempts = taken.attempts
            for fact in facts:
                if not await self._next(taken, fact, attempts):
                    return self.delivered
                attempts = 0

    async def _again(self, taken: Taken, fact: StoredFact) -> None:
        """What was set aside is tried once more, out of its turn."""
        outcome = await self._send(taken, fact)
        state = "delivered" if outcome.delivered else "dead"
        async with self.database.projecting(self.tenant) as connection:
            await progress.tell(connection, self.tenant, self.webhook, fact, state, outcome.code)
        self.delivered += outcome.delivered

    async def _next(self, taken: Taken, fact: StoredFact, attempts: int) -> bool:
        """The next fact in order; whether the one after it may follow."""
        outcome = await self._send(taken, fact)
        patience = self.postman.patience
        dead = not outcome.delivered and attempts + 1 >= patience.attempts
        state = "delivered" if outcome.delivered else "dead" if dead else "failing"
        async with self.database.projecting(self.tenant) as connection:
            await progress.tell(connection, self.tenant, self.webhook, fact, state, outcome.code)
            if outcome.delivered or dead:
                goes_on = await progress.advance(
                    connection, self.tenant, self.webhook, self.holder, fact.position
                )
            else:
                goes_on = False
                pause = max(patience.pause(attempts + 1), outcome.retry_after)
                await progress.wait(connection, self.tenant, self.webhook, self.holder, pause)
        self.delivered += outcome.delivered
        if not outcome.delivered:
            log.warning(
                "webhook.not_delivered",
                tenant=self.tenant.code,
                stream=self.webhook,
                position=fact.position,
                attempt=attempts + 1,
                code=outcome.code,
            )
        if outcome.code == GONE:
            await self._pause(fact)
            return False
        return goes_on

    async def _send(self, taken: Taken, fact: StoredFact) -> Outcome:
        vault, tenant = self.postman.vault, self.tenant
        tokens = [("target", taken.target), ("secret", taken.secret)]
        if taken.former_secret and taken.former_until and taken.former_until > datetime.now(UTC):
            tokens.append(("secret", taken.former_secret))
        url, *keys = await vault.open_many(tenant, tokens)
        if url is None or None in keys:
            return Outcome(delivered=False, code="key_is_destroyed")
        message = Message(
            url=url,
            secrets=[key for key in keys if key is not None],
            id=fact.id,
            body=encoded(cloud_event(tenant, fact)),
        )
        return await self.postman.outbound.send(message)

    async def _pause(self, fact: StoredFact) -> None:
        """The receiver says that it wants nothing more (410): the webhook is paused."""
        try:
            await self.postman.execute(
                self.tenant.code,
                PauseWebhook(webhook=Subject(self.webhook), reason="receiver_is_gone"),
                actor=Actor.policy("webhooks"),
                idempotency_key=f"webhooks.gone:{self.webhook}:{fact.id}",
                correlation=fact.correlation,
                causation=fact.id,
            )
        except Refusal:
            log.warning("webhook.not_paused", tenant=self.tenant.code, stream=self.webhook)
