"""Every operation that reads, as schemathesis asks it; then many in a row."""

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.api.asking import (
    SETTINGS,
    SOUND,
    ask,
    asked_by,
    asked_too_little,
    id_of,
    never_accepted,
    schema_of,
)
from tests.api.conftest import LEFT_OUT, Ground

_ROWS, _STEPS = 30, 6


@pytest.fixture(scope="module")
def schema(ground: Ground) -> Any:
    return schema_of(ground, edges="all")


reads = schemathesis.pytest.from_fixture("schema").include(method="GET")


@reads.parametrize()
@SETTINGS
def test_every_read_keeps_to_its_document(case: Any, ground: Ground) -> None:
    ask(case, ground)


def test_every_read_was_accepted_once_and_asked_often(ground: Ground) -> None:
    assert never_accepted(ground, "GET") == {}
    assert asked_too_little(ground, "GET") == {}


def test_operations_keep_to_their_document_in_a_row(schema: Any, ground: Ground) -> None:
    """What one answers is what the next is about."""

    class Machine(schema.as_state_machine()):  # type: ignore[misc]
        def get_call_kwargs(self, case: Any) -> dict[str, Any]:
            return {"headers": asked_by(case, ground)}

        def validate_response(self, response: Any, case: Any, **kwargs: Any) -> None:
            ground.answers[id_of(case.operation)][response.status_code] += 1
            super().validate_response(response, case, **kwargs)

    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=_ROWS,
            stateful_step_count=_STEPS,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.parametrize("name", LEFT_OUT["checks"])
def test_a_check_that_is_loosened_is_one_there_is_and_has_a_reason(name: str) -> None:
    assert name in SOUND
    assert LEFT_OUT["checks"][name]["reason"].strip()
