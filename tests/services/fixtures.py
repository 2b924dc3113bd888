"""The servers as fixtures, started by the first test that asks and stopped with the session.

Under pytest-xdist each worker has its own: roles belong to a whole PostgreSQL server, so two
workers on one would trip over each other's.
"""

from collections.abc import Iterator
from typing import Protocol, cast

import pytest

from server import embedded
from tests.services import debian, processes
from tests.services import postgres15 as debian_postgres15
from tests.services import rabbitmq as debian_rabbitmq

_UNAVAILABLE = (debian.NotInstalledError, processes.NotStartedError)
_POSTGRES = {"postgres", "postgres15", "postgres18", "postgres_server"}


class PostgresServer(Protocol):
    """What a test may ask of a PostgreSQL server, whichever it is."""

    def conninfo(self, login: str = "postgres", database: str = "postgres") -> str:
        """A libpq connection string, password included."""
        ...

    def password(self, login: str) -> str:
        """The password that CREATE ROLE must set for `login`."""
        ...


@pytest.hookimpl(tryfirst=True)  # before -m chooses by mark
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks a test by the servers it asks for, so that nobody has to remember to."""
    for item in items:
        names = set(getattr(item, "fixturenames", ()))
        if names & _POSTGRES:
            item.add_marker(pytest.mark.postgres)
        if "rabbitmq" in names:
            item.add_marker(pytest.mark.rabbitmq)


@pytest.fixture(scope="session")
def postgres15() -> Iterator[PostgresServer]:
    """Debian's PostgreSQL 15: the oldest that Jalon supports."""
    try:
        server = debian_postgres15.start()
    except _UNAVAILABLE as reason:
        pytest.skip(str(reason))
    yield server
    server.stop()


@pytest.fixture(scope="session")
def postgres18(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgresServer]:
    """The embedded PostgreSQL 18, as `jalon demo` starts it, in a home of its own."""
    with embedded.start(tmp_path_factory.mktemp("embedded")) as server:
        yield server


@pytest.fixture(scope="session", params=["embedded-18", "debian-15"])
def postgres(request: pytest.FixtureRequest) -> PostgresServer:
    """Each supported end in turn: for the store, whose SQL must hold on both."""
    name = {"embedded-18": "postgres18", "debian-15": "postgres15"}[request.param]
    return cast("PostgresServer", request.getfixturevalue(name))


@pytest.fixture(scope="session")
def postgres_server(postgres18: PostgresServer) -> PostgresServer:
    """A PostgreSQL server, for the tests that do not care which."""
    return postgres18


@pytest.fixture(scope="session")
def rabbitmq() -> Iterator[str]:
    """The AMQP URL of a broker: its queues outlive a test, which should name its own."""
    try:
        broker = debian_rabbitmq.start()
    except _UNAVAILABLE as reason:
        pytest.skip(str(reason))
    yield broker.url
    broker.stop()
