"""The dramatiq broker: RabbitMQ when there is one, else the PostgreSQL that is there anyway."""

from dramatiq.broker import Broker
from dramatiq.brokers.rabbitmq import RabbitmqBroker
from dramatiq.middleware import AsyncIO, Middleware, Retries, ShutdownNotifications
from dramatiq_postgres import PostgresBroker
from dramatiq_postgres.schema import generate_init_sql

from core.database.names import Names
from core.database.pool import queue_pool

QUEUE_SCHEMA = "queue"
MAX_BACKOFF = 60_000
"""Milliseconds; a worker that keeps failing is tried again at least this often."""


def queue_tables() -> str:
    """The broker's own tables as SQL, for a migration run as the queue's role."""
    statements: str = generate_init_sql(QUEUE_SCHEMA)
    return statements.replace("CREATE SCHEMA IF NOT EXISTS", "-- the schema exists:")


def _middleware() -> list[Middleware]:
    # Not the library's Prometheus middleware: it starts servers of its own and does not go with a
    # worker inside the serving process. No time limit: `follow` bounds its own work.
    return [
        AsyncIO(),
        ShutdownNotifications(),
        Retries(min_backoff=100, max_backoff=MAX_BACKOFF, max_retries=1_000_000),
    ]


class PostgresQueue:
    """A broker over PostgreSQL with the pool it lends; close it to give the connections back."""

    def __init__(self, conninfo: str, names: Names) -> None:
        self._pool = queue_pool(conninfo, names)
        self.broker: Broker = PostgresBroker(
            pool=self._pool,
            schema=QUEUE_SCHEMA,
            results=False,
            heartbeat_interval=5.0,
            heartbeat_ttl=20.0,
            middleware=_middleware(),
        )

    def close(self) -> None:
        self.broker.close()
        self._pool.close()


class RabbitQueue:
    """A broker over RabbitMQ; `url` is `amqp://user:password@host:port/vhost`."""

    def __init__(self, url: str) -> None:
        self.broker: Broker = RabbitmqBroker(
            url=url, confirm_delivery=True, middleware=_middleware()
        )

    def close(self) -> None:
        self.broker.close()


Queue = PostgresQueue | RabbitQueue


def open_queue(broker_url: str | None, conninfo: str, names: Names) -> Queue:
    """The queue of an installation: RabbitMQ at `broker_url` when given, else its PostgreSQL."""
    return RabbitQueue(broker_url) if broker_url else PostgresQueue(conninfo, names)
