from collections.abc import Callable
from pathlib import Path

import pytest

from core.database.pool import Database
from core.directory.keyring import Keyring
from core.directory.people import People
from core.directory.vault import Vault
from core.keys.local import LocalWrapper
from core.tenancy import Tenant
from tests.installation import Installation


@pytest.fixture
def tenant(installation: Installation) -> Tenant:
    return installation.tenant("05D")


@pytest.fixture
def wrapper(tmp_path: Path) -> LocalWrapper:
    return LocalWrapper.create(tmp_path / "master.key")


@pytest.fixture
def another_process(serve_database: Database, wrapper: LocalWrapper) -> Callable[[], Keyring]:
    """A keyring that holds nothing yet, as a process that just started has."""
    return lambda: Keyring(lambda _tenant: serve_database, wrapper)


@pytest.fixture
def keyring(another_process: Callable[[], Keyring]) -> Keyring:
    return another_process()


@pytest.fixture
def vault(keyring: Keyring) -> Vault:
    return Vault(keyring)


@pytest.fixture
def people(keyring: Keyring) -> People:
    return People(keyring)
