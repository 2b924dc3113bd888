"""Every operation that writes, as schemathesis asks it."""

from typing import Any

import pytest
import schemathesis

from tests.api.asking import SETTINGS, ask, asked_too_little, never_accepted, schema_of
from tests.api.conftest import LEFT_OUT, Ground


@pytest.fixture(scope="module")
def schema(ground: Ground) -> Any:
    return schema_of(ground, edges=LEFT_OUT["edges"]["asked"])


writes = schemathesis.pytest.from_fixture("schema").exclude(method="GET")


@writes.parametrize()
@SETTINGS
def test_every_write_keeps_to_its_document(case: Any, ground: Ground) -> None:
    ask(case, ground)


def test_every_write_was_accepted_once_and_asked_often(ground: Ground) -> None:
    assert never_accepted(ground, "POST") == {}
    assert asked_too_little(ground, "POST") == {}
