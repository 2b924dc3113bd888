"""Puts the parts of a process together: the one place that knows them all."""

from collections.abc import AsyncIterator, Collection
from contextlib import AsyncExitStack, asynccontextmanager

import msgspec
from dramatiq.broker import Broker

from core.application import Application
from core.attachments.attachments import Attachments
from core.catalogue import Catalogue
from core.clock import Clock, SystemClock
from core.database.pool import Database
from core.directory.keyring import Keyring
from core.directory.people import People
from core.directory.vault import Vault
from core.event_store.store import EventStore
from core.tenancy import Tenant
from core.webhooks.sending import Outbound
from core.workers.messages import sender
from core.workers.news import News
from core.workers.wakeups import Wakeups
from projections.engine import Engine, ModulesOf
from projections.webhooks.postman import USUAL, Patience, Postman
from server.discovery import find_modules
from server.site import Site
from tenants.placement import MAIN
from tenants.registry import TenantRegistry
from tenants.settings import settings_in
from tenants.territory.territory import territory

CONNECTION_PATIENCE = 5.0
"""Seconds a request waits for a connection before it is told to come back."""


class Parts(msgspec.Struct, frozen=True, kw_only=True):
    """Everything a process runs on; each event loop has its own."""

    site: Site
    catalogue: Catalogue
    serving: dict[str, Database]
    projecting: dict[str, Database]
    tenants: TenantRegistry
    store: EventStore
    vault: Vault
    people: People
    attachments: Attachments
    application: Application
    engine: Engine
    outbound: Outbound
    postman: Postman

    news: News

    @property
    def home(self) -> Database:
        """The server that holds the queue's tables, as the serving login."""
        return self.serving[MAIN]

    @property
    def queue_role(self) -> str:
        return self.site.names.queue


@asynccontextmanager
async def assembled(
    site: Site,
    *,
    broker: Broker | None = None,
    clock: Clock | None = None,
    catalogue: Catalogue | None = None,
    connections: int = 8,
    webhook_patience: Patience = USUAL,
) -> AsyncIterator[Parts]:
    """The parts, open. With a `broker`, what is recorded wakes a worker.

    `connections` is how many each of the two logins may hold, `webhook_patience` how
    often what a receiver does not take is tried.
    """
    catalogue = catalogue or Catalogue(find_modules())
    async with AsyncExitStack() as stack:
        serving, projecting = [
            {
                MAIN: await stack.enter_async_context(
                    Database(site.conninfo(login), size=connections, patience=patience)
                )
            }
            for login, patience in (("serve", CONNECTION_PATIENCE), ("project", 30.0))
        ]
        tenants = await stack.enter_async_context(TenantRegistry(serving))
        news = News(serving[MAIN])
        stack.callback(news.close)
        told = [news.tell]
        if broker is not None:
            wakeups = Wakeups(serving[MAIN], site.names.queue, sender(broker))
            await stack.enter_async_context(wakeups)
            told.append(wakeups.signal)

        def recorded(tenant: Tenant, position: int) -> None:
            for tell in told:
                tell(tenant, position)

        store = EventStore(serving, catalogue.registry, recorded)
        await stack.enter_async_context(store)
        keyring = Keyring(store.database, site.wrapper())
        vault = Vault(keyring)
        application = Application(
            store, catalogue, tenants, settings_in(catalogue), vault, clock=clock or SystemClock()
        )
        outbound = await stack.enter_async_context(Outbound(site.settings.webhook_reach))
        yield Parts(
            site=site,
            catalogue=catalogue,
            serving=serving,
            projecting=projecting,
            tenants=tenants,
            store=store,
            vault=vault,
            people=People(keyring),
            attachments=Attachments(keyring, site.settings.attachment_limit),
            application=application,
            engine=Engine(
                projecting,
                catalogue,
                _modules_of(application),
                execute=application.execute,
                territory_vintage=territory().vintage,
            ),
            outbound=outbound,
            postman=Postman(
                databases=projecting,
                vault=vault,
                outbound=outbound,
                execute=application.execute,
                patience=webhook_patience,
            ),
            news=news,
        )


def _modules_of(application: Application) -> ModulesOf:
    async def modules_of(tenant: Tenant) -> Collection[str]:
        now = application.clock.now(tenant.code)
        return (await application.settings(tenant, now, fresh=True)).modules

    return modules_of
