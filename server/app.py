"""The HTTP server of an installation: the API over assembled parts, run by uvicorn."""

import uvicorn
from litestar import Litestar

from core.access.tokens import (
    DEVELOPMENT_AUDIENCE,
    DEVELOPMENT_ISSUER,
    NoTokens,
    TokenReader,
    development_keys,
    public_keys,
)
from core.catalogue import Catalogue
from core.http.api import api
from core.http.house import House, Tokens
from core.settings import Settings
from server.assembly import Parts


def application(parts: Parts) -> Litestar:
    """The Litestar application over parts that are open; raises `BadKeys`."""

    async def ready() -> None:
        async with parts.home.scope(parts.site.names.registry) as connection:
            await connection.execute("select 1")

    return api(
        House(
            application=parts.application,
            tokens=tokens(parts.site.settings, parts.catalogue),
            vault=parts.vault,
            people=parts.people,
            ready=ready,
        )
    )


def tokens(settings: Settings, catalogue: Catalogue) -> Tokens:
    """Who may come in: holders of the issuer's tokens, of development ones outside production."""
    roles = catalogue.roles

    def grants_of(role: str) -> frozenset[str]:
        return roles.get(role, frozenset())

    if settings.token_keys is not None:
        return TokenReader(
            public_keys(settings.token_keys),
            issuer=settings.token_issuer or "",
            audience=settings.token_audience or "",
            grants_of=grants_of,
        )
    if settings.production:
        return NoTokens()
    return TokenReader(
        development_keys(settings.home),
        issuer=DEVELOPMENT_ISSUER,
        audience=DEVELOPMENT_AUDIENCE,
        grants_of=grants_of,
    )


def server(parts: Parts, *, host: str, port: int) -> uvicorn.Server:
    """A server ready to run; stops on SIGINT and SIGTERM, and finishes what it has accepted."""
    config = uvicorn.Config(
        application(parts),
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        lifespan="on",
        timeout_graceful_shutdown=10,
        server_header=False,
    )
    return uvicorn.Server(config)
