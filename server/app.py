"""The HTTP server of an installation: the API over assembled parts, run by uvicorn."""

import asyncio
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import uvicorn
from litestar import Litestar

from core.access.tokens import (
    DEVELOPMENT_ISSUER,
    BadKeys,
    Issuer,
    TokenReader,
    development_issuer,
    public_keys,
)
from core.catalogue import Catalogue
from core.event_store.stored import StoreUnavailable
from core.http.api import api
from core.http.house import House
from core.http.long_reads import LongReads
from core.http.rate import Allowance
from core.settings import BadSettings, Settings
from core.workers.news import News
from projections.api import ROUTES
from projections.deadlines.routes import ROUTES as DEADLINES
from server.assembly import Parts

READY_WITHIN = 2.0
"""Seconds the database has to answer before the process says that it cannot serve."""

STOP_WITHIN = 10
"""Seconds that requests under way have to end once the server is told to stop."""


def application(parts: Parts) -> Litestar:
    """The Litestar application over parts that are open; raises `BadSettings`."""

    async def ready() -> None:
        try:
            async with (
                asyncio.timeout(READY_WITHIN),
                parts.home.scope(parts.site.names.registry) as connection,
            ):
                await connection.execute("select 1")
        except TimeoutError as error:
            raise StoreUnavailable from error

    house = House(
        application=parts.application,
        tokens=tokens(parts.site.settings, parts.catalogue),
        vault=parts.vault,
        people=parts.people,
        outbound=parts.outbound,
        attachments=parts.attachments,
        public_url=parts.site.settings.address,
        ready=ready,
        news=parts.news,
        allowance=Allowance(parts.site.settings.requests_per_minute),
        long_reads=LongReads(
            facts=parts.site.settings.replay_facts, seconds=parts.site.settings.replay_seconds
        ),
    )
    return api(house, (*ROUTES, *DEADLINES))


def tokens(settings: Settings, catalogue: Catalogue) -> TokenReader:
    """
    Who may come in: holders of the issuer's tokens, else of the home's, in development only.

    In production the development issuer is refused by its name too, for whoever would have copied
    its public key into the settings. Raises `BadSettings`.
    """
    roles = catalogue.roles
    try:
        return TokenReader([_issuer(settings)], lambda role: roles.get(role, frozenset()))
    except BadKeys as error:
        raise BadSettings([f"JALON_TOKEN_KEYS : {error}"]) from error


def _issuer(settings: Settings) -> Issuer:
    keys, name, audience = settings.token_keys, settings.token_issuer, settings.token_audience
    given = keys is not None and name is not None and audience is not None
    if settings.production and (not given or name == DEVELOPMENT_ISSUER):
        raise BadSettings(
            ["JALON_TOKEN_ISSUER : l'émetteur de développement est refusé en production."]
        )
    if keys is None or name is None or audience is None:
        return development_issuer(settings.home)
    return Issuer(name=name, audience=audience, keys=public_keys(keys))


class Server(uvicorn.Server):
    """
    uvicorn, stopped gracefully: SIGINT and SIGTERM end `serve`, and nothing else.

    uvicorn raises the signal again once it has stopped, which would end the process before the
    parts it serves are closed. A second SIGINT does not wait for requests under way.
    """

    def __init__(self, config: uvicorn.Config, news: News) -> None:
        super().__init__(config)
        self._news = news

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Lets streams end first: requests under way are waited for, and they have no end."""
        self._news.close()
        await super().shutdown(sockets)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        del frame
        self.force_exit = self.should_exit and sig == signal.SIGINT
        self.should_exit = True


class AddressRefused(Exception):
    """The address cannot be listened on; a French sentence."""


@contextmanager
def listening(host: str, port: int) -> Iterator[socket.socket]:
    """A socket that already takes connections; port 0 takes one that is free."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        raise AddressRefused(
            f"L'adresse {host}, port {port}, ne peut pas être écoutée ({error.strerror}). "
            "Choisissez-en une autre avec --port ou JALON_PORT."
        ) from error
    with listener:
        yield listener


def url_of(listener: socket.socket) -> str:
    """Where a listening socket is reached."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def server(parts: Parts) -> Server:
    """
    What answers on sockets that are given to it, by its `serve(sockets=[…])`.

    It finishes what it has accepted when it is told to stop.
    """
    config = uvicorn.Config(
        application(parts),
        log_config=None,
        access_log=False,
        lifespan="on",
        timeout_graceful_shutdown=STOP_WITHIN,
        server_header=False,
        # Addresses of clients are personal data, and nothing here rests on them.
        proxy_headers=False,
    )
    return Server(config, parts.news)
