"""An installation with a queue and, when a test asks, workers: in this process, or in their own."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import AbstractContextManager, asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import msgspec
import pika
import psycopg
import pytest
from dramatiq.brokers.rabbitmq import RabbitmqBroker

from core.access.actor import Actor
from core.application import Done
from core.domain.event import Subject
from core.settings import Secret
from core.workers.broker import Queue, open_queue
from core.workers.messages import FOLLOW
from plugins.ravie.cycle.commands import OpenCycle
from plugins.ravie.projections.cycle_register import CYCLE_REGISTER
from server.assembly import Parts, assembled
from server.commands.work import queue_of
from server.opening import open_tenants
from server.site import Site
from server.tests.house import site
from server.worker import Worker
from tests.installation import Installation

_QUEUES = (FOLLOW, f"{FOLLOW}.DQ")
"""Where messages wait: at once, and for their next try."""


REGISTER = f"read_05d.{CYCLE_REGISTER.table}"


async def eventually(condition: Callable[[], Awaitable[bool]], within: float = 30.0) -> None:
    """For what happens on another loop or in another process: it can only be looked at."""
    async with asyncio.timeout(within):
        while not await condition():  # noqa: ASYNC110
            await asyncio.sleep(0.02)


class Stand:
    """An installation and its queue, looked at from outside with the rights of an administrator."""

    def __init__(self, installation: Installation, site: Site) -> None:
        self.installation = installation
        self.site = site
        self._url = site.settings.broker_url

    def queue(self, login: str = "serve") -> Queue:
        url = None if self._url is None else self._url.value
        return open_queue(url, self.site.conninfo(login), self.site.names)

    @asynccontextmanager
    async def parts(self) -> AsyncIterator[Parts]:
        """What a serving process has: its commands wake workers. The tenants' modules are on."""
        queue = self.queue()
        try:
            async with assembled(self.site, broker=queue.broker, connections=4) as parts:
                await open_tenants(parts, self.installation.tenants.values(), modules=["ravie"])
                yield parts
        finally:
            queue.close()

    @contextmanager
    def worker(self, *, sweep_every: float = 3600.0, lost_after: float = 30.0) -> Iterator[Worker]:
        """A worker in this process, which by default sweeps only as it starts."""
        queue = queue_of(self.site)
        worker = Worker(
            queue,
            lambda: assembled(self.site, broker=queue.broker, connections=4),
            threads=2,
            sweep_every=sweep_every,
            lost_after=lost_after,
        )
        worker.start()
        try:
            yield worker
        finally:
            worker.stop()

    def jalon(self, *words: str) -> AbstractContextManager["subprocess.Popen[str]"]:
        """A command of this installation, in a process of its own."""
        return jalon(self._environment(), *words)

    def admin(self) -> psycopg.Connection[Any]:
        return psycopg.connect(self.installation.conninfo("admin"), autocommit=True)

    def do(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """A statement as the administrator; its rows, if it gives any."""
        with self.admin() as connection:
            cursor = connection.execute(statement.encode(), values)
            return cursor.fetchall() if cursor.description else []

    @contextmanager
    def held_up(self) -> Iterator[None]:
        """A read model is locked: whoever follows waits in the midst of a batch."""
        with self.admin() as connection, connection.transaction():
            connection.execute(f"lock table {REGISTER} in access exclusive mode".encode())
            yield

    def marks(self) -> list[tuple[str, int]]:
        return self.do("select tenant, position from queue.wakeups order by tenant")

    def connections(self) -> set[int]:
        """The backends of those that the logins of the installation hold."""
        logins = [self.site.names.project, self.site.names.serve]
        query = "select pid from pg_stat_activity where usename = any(%s)"
        return {pid for (pid,) in self.do(query, logins)}

    def outstanding(self) -> int:
        """Messages that nobody has done with, those that wait for another try included."""
        if self._url is None:
            return int(self.do("select count(*) from queue.queue")[0][0])
        with self._channel() as channel:
            declared = [channel.queue_declare(name, passive=True) for name in _QUEUES]
            return sum(each.method.message_count for each in declared)

    def stored(self) -> list[dict[str, Any]]:
        """The messages as the broker keeps them."""
        if self._url is None:
            return [message for (message,) in self.do("select message from queue.queue")]
        with self._channel() as channel:
            found = [channel.basic_get(name) for name in _QUEUES for _ in range(self.outstanding())]
            return [msgspec.json.decode(body) for _, _, body in found if body is not None]

    def purge(self) -> None:
        """The broker loses its messages."""
        if self._url is None:
            self.do("delete from queue.queue")
            return
        with self._channel() as channel:
            for name in _QUEUES:
                channel.queue_purge(name)

    def new_queues(self) -> None:
        """A broker outlives a test: what another one left there is not this one's."""
        if self._url is not None:
            with self._channel() as channel:
                for name in (*_QUEUES, f"{FOLLOW}.XQ"):
                    channel.queue_delete(name)
            broker = RabbitmqBroker(url=self._url.value, middleware=[])
            broker.declare_queue(FOLLOW, ensure=True)
            broker.close()

    @contextmanager
    def _channel(self) -> Iterator[Any]:
        assert self._url is not None
        connection = pika.BlockingConnection(pika.URLParameters(self._url.value))
        try:
            yield connection.channel()
        finally:
            connection.close()

    def _environment(self) -> dict[str, str]:
        settings = self.site.settings
        url = {} if self._url is None else {"JALON_BROKER_URL": self._url.value}
        return {
            "PATH": os.environ["PATH"],
            "JALON_ENV": settings.environment,
            "JALON_HOME": str(settings.home),
            "JALON_DATABASE_URL": str(settings.database_url),
            **{
                f"JALON_{login.upper()}_PASSWORD": password.value
                for login, password in settings.database_passwords.items()
            },
            **url,
        }


def _stand(installation: Installation, home: Path, broker_url: str | None) -> Iterator[Stand]:
    described = site(installation, home)
    url = None if broker_url is None else Secret(broker_url)
    settings = msgspec.structs.replace(described.settings, broker_url=url)
    stand = Stand(installation, msgspec.structs.replace(described, settings=settings))
    stand.new_queues()
    yield stand


@pytest.fixture(params=["postgresql", pytest.param("rabbitmq", marks=pytest.mark.rabbitmq)])
def stand(
    request: pytest.FixtureRequest, installation: Installation, tmp_path: Path
) -> Iterator[Stand]:
    """An installation with each broker in turn."""
    url = request.getfixturevalue("rabbitmq") if request.param == "rabbitmq" else None
    yield from _stand(installation, tmp_path, url)


@pytest.fixture
def own_stand(installation: Installation, tmp_path: Path) -> Iterator[Stand]:
    """An installation that has no broker but its PostgreSQL, for what no broker changes."""
    yield from _stand(installation, tmp_path, None)


@contextmanager
def jalon(environment: Mapping[str, str], *words: str) -> Iterator["subprocess.Popen[str]"]:
    """A command in a process of its own, killed at the end if it still runs."""
    process = subprocess.Popen(
        [sys.executable, "-c", "from server.cli import main; main()", *words],
        env=dict(environment),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


async def open_cycle(parts: Parts, tenant: str = "05D") -> Done:
    """Records a fact that a read model shows."""
    command = OpenCycle(cycle=Subject(parts.application.new_id()), theme="sommeil")
    return await parts.application.execute(tenant, command, actor=Actor.policy("essai"))


async def caught_up(parts: Parts, *tenants: str) -> None:
    """Waits until read models and policies of these tenants have come to the last fact."""

    async def done() -> bool:
        for code in tenants or ("05D",):
            tenant = parts.tenants.find(code)
            if (await parts.engine.lag(tenant)).positions:
                return False
        return True

    await eventually(done)


async def cycles(parts: Parts, tenant: str = "05D") -> int:
    """How many cycles a tenant's register shows."""
    found = parts.tenants.find(tenant)
    async with parts.projecting[found.placement].projecting(found) as connection:
        cursor = await connection.execute(
            f'select count(*) from "{found.read_schema}".{CYCLE_REGISTER.table}'.encode()
        )
        row = await cursor.fetchone()
    assert row is not None
    return int(row[0])


def end(process: "subprocess.Popen[str]", sig: signal.Signals = signal.SIGTERM) -> int:
    """Tells a process to stop; its exit code."""
    process.send_signal(sig)
    return process.wait(timeout=30)
