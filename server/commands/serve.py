"""`jalon serve`: the HTTP API; with `--all-in-one`, the worker too."""

import asyncio
from argparse import Namespace
from typing import Any

from core.settings import Settings
from core.workers.broker import open_queue
from server.app import listening, server, url_of
from server.assembly import assembled
from server.commands.progress import CONSOLE
from server.commands.words import port
from server.commands.work import worker_beside
from server.site import Site, ensure_installed, running


def register(commands: Any) -> None:
    words = commands.add_parser(
        "serve",
        help="servir l'API",
        description="Sert l'API jusqu'à Ctrl-C. Sans JALON_DATABASE_URL, démarre le PostgreSQL "
        "embarqué, que les autres commandes rejoignent.",
    )
    words.add_argument("--all-in-one", action="store_true", help="suivre les faits ici aussi")
    words.add_argument("--host", metavar="ADRESSE", help="défaut : JALON_HOST ou 127.0.0.1")
    words.add_argument("--port", type=port, metavar="N", help="défaut : JALON_PORT ou 8000")
    words.set_defaults(run=run)


def run(words: Namespace, settings: Settings) -> None:
    with running(settings) as site:
        asyncio.run(ensure_installed(site))
        if not words.all_in_one:
            asyncio.run(serve(site, words))
            return
        with worker_beside(site):
            asyncio.run(serve(site, words))


async def serve(site: Site, words: Namespace) -> None:
    """Serves until it is told to stop."""
    host = words.host or site.settings.host
    chosen = site.settings.port if words.port is None else words.port
    queue = open_queue(_broker(site), site.conninfo("serve"), site.names)
    try:
        with listening(host, chosen) as listener:
            async with assembled(site, broker=queue.broker) as parts:
                CONSOLE.print(f"Jalon écoute sur {url_of(listener)} (Ctrl-C pour arrêter).")
                await server(parts).serve(sockets=[listener])
    finally:
        queue.close()


def _broker(site: Site) -> str | None:
    return None if site.settings.broker_url is None else site.settings.broker_url.value
