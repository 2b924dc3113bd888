"""The walls between roles hold on every PostgreSQL that Jalon supports."""

import pytest

from tests.services.fixtures import PostgresServer


@pytest.fixture(scope="session")
def postgres_server(postgres: PostgresServer) -> PostgresServer:
    return postgres
