"""Asking operations as schemathesis does: by their examples, at their edges, at random."""

from collections.abc import Mapping
from typing import Any, Literal, TypeAlias

import schemathesis
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from schemathesis.config import SchemathesisConfig
from schemathesis.generation.modes import GenerationMode

from tests.api.conftest import CODE, LEFT_OUT, Ground
from tests.api.play import operations_of

EXAMPLES = 50
"""Of each operation, at random, beside its own examples and its edges."""

SOUND = {
    "positive_data_acceptance": ("2xx", "3xx", "401", "403", "404", "409", "429", "5xx"),
    "not_a_server_error": ("2xx", "3xx", "4xx"),
}
"""The answers that these checks of schemathesis take for sound by themselves."""

Edges: TypeAlias = Literal["all", "positive"]

SETTINGS = settings(deadline=None, suppress_health_check=list(HealthCheck))

_LOOKED_AT = 12
"""Examples of a read, over all that it may be about."""

_ENDLESS = "stream_facts"


def schema_of(ground: Ground, *, edges: Edges) -> Any:
    """
    The document as schemathesis reads it, with requests about what there is.

    `edges` says on which side of its edges it is asked.
    """
    config = _configuration(ground, edges)
    loaded = schemathesis.openapi.from_dict(ground.document, config=config)

    @loaded.hook
    def before_add_examples(context: Any, examples: list[Any]) -> None:
        """A request that is accepted, about what no other request knows of; else what there is."""
        operation = context.operation
        request = ground.accepted.get(id_of(operation))
        if request is None:
            named = [each.name for each in operation.path_parameters if each.name != "code"]
            records = ground.known.records(named) if named else []
            for record in records[:: max(1, len(records) // _LOOKED_AT)]:
                if record.keys() == set(named):
                    where = {"code": CODE, **record}
                    examples.append(operation.Case(path_parameters=where))
        else:
            given: dict[str, Any] = {} if request.body is None else {"body": request.body}
            examples.append(
                operation.Case(
                    path_parameters=dict(request.path_parameters),
                    query=dict(request.query),
                    media_type=request.media_type,
                    **given,
                )
            )

    @loaded.hook
    def flatmap_case(context: Any, case: Any) -> Any:
        """Three sound requests in four are about things that there are, and that go together."""
        del context
        records = ground.known.records(_names(case))
        if not records or case.meta is None or case.meta.generation.mode != GenerationMode.POSITIVE:
            return st.just(case)
        chosen = st.one_of(st.none(), *[st.sampled_from(records)] * 3)
        return chosen.map(lambda record: _about(case, record or {}))

    return loaded


def ask(case: Any, ground: Ground) -> None:
    """Sends the request, and holds the answer against the document."""
    headers = asked_by(case, ground)
    response = case.call(headers=headers, session=ground.session)
    ground.answers[id_of(case.operation)][response.status_code] += 1
    case.validate_response(response, transport_kwargs={"headers": headers})


def asked_by(case: Any, ground: Ground) -> dict[str, str]:
    """Who asks; and nothing is waited for, neither a position to be reached nor facts to come."""
    query = case.query or {}
    asked = str(query.get("at_least", ""))
    if asked.isascii() and asked.isdecimal() and 1 < int(asked[:20]) <= 2**53:
        query["at_least"] = 1
    if id_of(case.operation) == _ENDLESS:
        case.query = {**(case.query or {}), "after": 0, "limit": 1}
        for name in ("name", "stream"):
            case.query.pop(name, None)
    return {"Authorization": f"Bearer {ground.token}"}


def never_accepted(ground: Ground, method: str) -> Mapping[str, Any]:
    """The operations of a method that refused everything, with what they answered."""
    return {
        name: dict(ground.answers[name])
        for name, (by, _, _) in operations_of(ground.document)
        if (by == "GET") == (method == "GET")
        and not any(200 <= status < 300 for status in ground.answers[name])
    }


def asked_too_little(ground: Ground, method: str) -> Mapping[str, int]:
    """The operations of a method that were asked fewer than `EXAMPLES` times, and how often."""
    return {
        name: ground.answers[name].total()
        for name, (by, _, operation) in operations_of(ground.document)
        if (by == "GET") == (method == "GET")
        and operation["parameters"]
        and ground.answers[name].total() < EXAMPLES
    }


def id_of(operation: Any) -> str:
    """The id of an operation as schemathesis holds it."""
    found: str = operation.definition.raw["operationId"]
    return found


def _configuration(ground: Ground, edges: Edges) -> SchemathesisConfig:
    """Deterministic: the same seed and the same document give the same requests."""
    checks = {
        name: {"expected-statuses": [*SOUND[name], *said["statuses"]]}
        for name, said in LEFT_OUT["checks"].items()
    }
    return SchemathesisConfig.from_dict(
        {
            "base-url": ground.url,
            "seed": 1,
            "checks": checks,
            "generation": {"max-examples": EXAMPLES, "deterministic": True, "database": "none"},
            "phases": {
                "coverage": {
                    "unexpected-methods": LEFT_OUT["methods"]["asked"],
                    "generation": {"mode": edges},
                }
            },
        }
    )


def _names(case: Any) -> list[str]:
    body = case.body if isinstance(case.body, dict) else {}
    return [*(case.path_parameters or {}), *body]


def _about(case: Any, record: Mapping[str, str]) -> Any:
    for name, value in record.items():
        if name in (case.path_parameters or {}):
            case.path_parameters[name] = value
        else:
            case.body[name] = value
    return case
