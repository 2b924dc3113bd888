"""The store's contract holds on every PostgreSQL that Jalon supports."""

import pytest

from tests.installation import Installation
from tests.services.fixtures import PostgresServer


@pytest.fixture(scope="session")
def postgres_server(postgres: PostgresServer) -> PostgresServer:
    return postgres


@pytest.fixture
def installation(shared_installation: Installation) -> Installation:
    """One for the whole file: each test writes to streams of its own."""
    return shared_installation
