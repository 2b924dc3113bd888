"""The dramatiq broker: RabbitMQ when there is one, else the PostgreSQL that is there anyway."""

from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from dramatiq.broker import Broker
from dramatiq.brokers.rabbitmq import RabbitmqBroker
from dramatiq.middleware import AsyncIO, Middleware, Retries
from dramatiq_postgres import PostgresBroker
from dramatiq_postgres.schema import generate_init_sql

from core.database.names import Names
from core.database.pool import queue_pool

QUEUE_SCHEMA = "queue"
MAX_BACKOFF = 10_000
"""
Milliseconds; a worker that keeps failing is tried again at least this often.

Less than `server.worker.LOST_AFTER`: a message that waits for its next try is not lost.
"""

BLOCKED_FOR = 30
"""Seconds that RabbitMQ, short of memory or disk, may keep whoever publishes waiting."""

_NOTIFIER_LEAVES_WITHIN = 5.0


def queue_tables() -> str:
    """The broker's own tables as SQL, for a migration run as the queue's role."""
    statements: str = generate_init_sql(QUEUE_SCHEMA)
    return statements.replace("CREATE SCHEMA IF NOT EXISTS", "-- the schema exists:")


def _middleware() -> list[Middleware]:
    # Not the library's Prometheus middleware: it starts servers of its own and does not go with a
    # worker inside the serving process. No time limit: a tenant that keeps recording keeps its
    # follower, and whatever ends it, rows and checkpoint stay in step.
    return [
        AsyncIO(),
        Retries(min_backoff=100, max_backoff=MAX_BACKOFF, max_retries=1_000_000),
        _WithoutTraces(),
    ]


class _WithoutTraces(Middleware):
    """Takes the trace of what failed off a message that is tried again: it may quote data."""

    def before_enqueue(self, broker: Broker, message: Any, delay: int | None) -> None:
        del broker, delay
        message.options.pop("traceback", None)


class PostgresQueue:
    """A broker over PostgreSQL with the pool it lends; close it to give the connections back."""

    def __init__(self, conninfo: str, names: Names) -> None:
        self._pool = queue_pool(conninfo, names)
        broker = PostgresBroker(
            pool=self._pool,
            schema=QUEUE_SCHEMA,
            results=False,
            # What a killed worker had taken is given to another within some fifteen seconds.
            heartbeat_interval=2.0,
            heartbeat_ttl=10.0,
            maintenance_interval=3.0,
            middleware=_middleware(),
        )
        self._notifier = broker.notifier
        self.broker: Broker = broker

    def close(self) -> None:
        """Ends the broker's thread, which holds a connection, then the pool."""
        self.broker.close()
        if self._notifier is not None and self._notifier.is_alive():
            self._notifier.join(_NOTIFIER_LEAVES_WITHIN)
        self._pool.close()


class RabbitQueue:
    """A broker over RabbitMQ; `url` is `amqp://user:password@host:port/vhost`."""

    def __init__(self, url: str) -> None:
        self.broker: Broker = RabbitmqBroker(
            url=_patient(url), confirm_delivery=True, middleware=_middleware()
        )

    def close(self) -> None:
        """Closes every connection to RabbitMQ."""
        self.broker.close()


Queue = PostgresQueue | RabbitQueue


def open_queue(broker_url: str | None, conninfo: str, names: Names) -> Queue:
    """The queue of an installation: RabbitMQ at `broker_url` when given, else its PostgreSQL."""
    return RabbitQueue(broker_url) if broker_url else PostgresQueue(conninfo, names)


def _patient(url: str) -> str:
    """The address with a limit to waiting, which pika does not set; what it says itself stands."""
    parts = urlsplit(url)
    query = {"blocked_connection_timeout": str(BLOCKED_FOR)} | dict(parse_qsl(parts.query))
    return parts._replace(query=urlencode(query)).geturl()
