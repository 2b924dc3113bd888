"""Every test of the contract that takes `one` runs for each module."""

import pytest

from server.tests.house import api, home
from tests.module_contract.installed import installed, name_of

__all__ = ["api", "home"]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "one" in metafunc.fixturenames:
        metafunc.parametrize("one", installed(), ids=name_of)
