"""The house, put together: from settings to what routes, the command line and the worker use."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from core.access.tokens import (
    DEVELOPMENT_ISSUER,
    Issuer,
    TokenReader,
    development_issuer,
    public_keys,
)
from core.application import Application
from core.catalogue import Catalogue
from core.clock import Clock
from core.database.pool import Database
from core.directory.keyring import Keyring
from core.directory.people import People
from core.directory.vault import Vault
from core.event_store.store import EventStore
from core.event_store.stored import StoreUnavailable
from core.http.house import House
from core.keys.local import LocalWrapper
from core.settings import BadSettings, Settings
from core.workers.broker import open_queue
from core.workers.messages import sender
from core.workers.wakeups import Wakeups
from server.discovery import find_modules
from server.place import Place
from tenants.placement import MAIN
from tenants.registry import TenantRegistry
from tenants.settings import settings_in

READY_WITHIN = 2.0
"""Seconds the database has to answer before the process says it cannot serve."""


@asynccontextmanager
async def opened(
    settings: Settings, place: Place, *, clock: Clock | None = None
) -> AsyncIterator[House]:
    """
    The house with its connections, for as long as the context lasts.

    Raises `BadSettings`, `BrokenModule`, `KeyFileRefused`, and what the database refuses.
    """
    catalogue = Catalogue(find_modules())
    tokens = TokenReader([_issuer(settings)], lambda role: catalogue.roles.get(role, frozenset()))
    wrapper = master_key(settings)
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(Database(place.conninfo("serve")))
        databases = {MAIN: database}
        registry = await stack.enter_async_context(TenantRegistry(databases))
        broker_url = None if settings.broker_url is None else settings.broker_url.value
        queue = await asyncio.to_thread(
            open_queue, broker_url, place.conninfo("serve"), place.names
        )
        stack.callback(queue.close)
        wakeups = await stack.enter_async_context(
            Wakeups(database, place.names.queue, sender(queue.broker))
        )
        store = await stack.enter_async_context(
            EventStore(databases, catalogue.registry, wakeups.signal)
        )
        keyring = Keyring(store.database, wrapper)
        vault = Vault(keyring)
        application = Application(
            store, catalogue, registry, settings_in(catalogue), vault, clock=clock
        )

        async def ready() -> None:
            try:
                async with (
                    asyncio.timeout(READY_WITHIN),
                    database.scope(place.names.registry) as connection,
                ):
                    await connection.execute("select 1")
            except TimeoutError as error:
                raise StoreUnavailable from error

        yield House(
            application=application,
            tokens=tokens,
            vault=vault,
            people=People(keyring),
            ready=ready,
        )


def master_key(settings: Settings) -> LocalWrapper:
    """
    The key that wraps the tenants' keys; made in development when there is none.

    In production a missing file is refused: another key would open nothing of what is there.
    """
    if not settings.production and not settings.master_key.exists():
        settings.master_key.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        return LocalWrapper.create(settings.master_key)
    return LocalWrapper.load(settings.master_key)


def _issuer(settings: Settings) -> Issuer:
    """
    Who may say who someone is: the given issuer, else the home itself, in development only.

    The development issuer is refused by name too, for whoever would copy its public key.
    """
    keys, name, audience = settings.token_keys, settings.token_issuer, settings.token_audience
    if keys is not None and name is not None and audience is not None:
        issuer = Issuer(name=name, audience=audience, keys=public_keys(keys))
    else:
        issuer = development_issuer(settings.home)
    if settings.production and issuer.name == DEVELOPMENT_ISSUER:
        raise BadSettings(
            ["JALON_TOKEN_ISSUER : l'émetteur de développement est refusé en production."]
        )
    return issuer
