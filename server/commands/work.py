"""`jalon work`: the worker, apart from the server."""

import signal
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from core.clock import Clock
from core.settings import Settings
from core.workers.broker import Queue, open_queue
from server.assembly import assembled
from server.commands.progress import CONSOLE
from server.site import Site, attached
from server.worker import Worker


def register(commands: Any) -> None:
    words = commands.add_parser(
        "work",
        help="suivre les faits : vues et politiques",
        description="Tient les vues à jour et applique les politiques jusqu'à Ctrl-C.",
    )
    words.set_defaults(run=run)


def run(_words: Namespace, settings: Settings) -> None:
    site = attached(settings)
    # Blocked before any thread starts, so that every thread leaves them to `sigwait`.
    signals = {signal.SIGINT, signal.SIGTERM}
    before = signal.pthread_sigmask(signal.SIG_BLOCK, signals)
    try:
        with worker_beside(site):
            CONSOLE.print("Jalon suit les faits (Ctrl-C pour arrêter).")
            signal.sigwait(signals)
            # Asked a second time, it ends without waiting.
            signal.pthread_sigmask(signal.SIG_UNBLOCK, signals)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def queue_of(site: Site) -> Queue:
    """The queue of an installation, as the worker's login."""
    url = None if site.settings.broker_url is None else site.settings.broker_url.value
    return open_queue(url, site.conninfo("project"), site.names)


@contextmanager
def worker_beside(site: Site, clock: Clock | None = None) -> Iterator[Worker]:
    """A worker that runs while the context does, on threads and connections of its own."""
    queue = queue_of(site)
    worker = Worker(queue, lambda: assembled(site, broker=queue.broker, clock=clock))
    worker.start()
    try:
        yield worker
    finally:
        worker.stop()
