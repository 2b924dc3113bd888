"""What the OpenAPI document says of every module's routes: a client can be written from it."""

import re
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from litestar import Litestar

from core.http.guard import handlers_of
from core.http.schema import body_of
from server.app import application
from server.tests.house import Api

_ENGLISH = re.compile(r"\b(the|of|and|which|is)\b")


@pytest.fixture
def app(api: Api) -> Litestar:
    return application(api.parts)


@pytest.fixture
async def document(api: Api) -> dict[str, Any]:
    content: dict[str, Any] = (await api.get("/api/openapi.json", headers={})).json()
    return content


def operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield f"{method} {path}", operation


async def test_every_operation_is_called_and_told_in_french(document: dict[str, Any]) -> None:
    for name, operation in operations(document):
        assert operation.get("summary"), name
        assert operation.get("tags"), name
        words = f"{operation['summary']} {operation.get('description', '')}"
        assert not _ENGLISH.search(words), f"{name}: {words}"


async def test_operations_have_short_names_of_their_own(document: dict[str, Any]) -> None:
    names = [operation["operationId"] for _, operation in operations(document)]
    assert len(names) == len(set(names))
    assert [name for name in names if not re.fullmatch("[a-z][a-z0-9_]{2,50}", name)] == []


async def test_schemas_have_readable_names(document: dict[str, Any]) -> None:
    names = document["components"]["schemas"]
    assert [name for name in names if not re.fullmatch("[A-Z][A-Za-z0-9]{2,50}", name)] == []


async def test_every_parameter_is_described_in_french(document: dict[str, Any]) -> None:
    for name, operation in operations(document):
        for parameter in operation["parameters"]:
            told = parameter.get("description", "")
            assert told, f"{name}: {parameter['name']}"
            assert not _ENGLISH.search(told), f"{name}: {told}"
            if parameter["in"] == "path":
                assert parameter["example"], f"{name}: {parameter['name']}"


async def test_what_is_said_of_a_schema_is_french(document: dict[str, Any]) -> None:
    for name, schema in document["components"]["schemas"].items():
        assert not _ENGLISH.search(schema.get("description", "")), name


async def test_every_body_has_an_example_that_its_route_takes(
    app: Litestar, document: dict[str, Any]
) -> None:
    seen = 0
    for path, handler in handlers_of(app.routes):
        body = body_of(handler)
        operation = document["paths"].get(re.sub(r":\w+}", "}", path), {})
        for method in handler.http_methods:
            content = operation.get(method.lower(), {}).get("requestBody", {}).get("content", {})
            if body is None or "application/json" not in content:
                continue
            example = content["application/json"]["example"]
            msgspec.convert(example, body, strict=False)
            seen += 1
    assert seen > 10


async def test_every_body_refuses_unknown_fields_and_says_so(document: dict[str, Any]) -> None:
    for name, operation in operations(document):
        content = operation.get("requestBody", {}).get("content", {})
        if "application/json" in content:
            reference = content["application/json"]["schema"]["$ref"].rpartition("/")[2]
            schema = document["components"]["schemas"][reference]
            assert schema["additionalProperties"] is False, name


async def test_every_operation_lists_its_answers_and_its_problems(
    document: dict[str, Any],
) -> None:
    for name, operation in operations(document):
        responses = operation["responses"]
        assert "default" not in responses, name
        expected = {"400", "500"}
        if operation["security"]:
            expected |= {"401", "403", "404", "422", "429", "503"}
            if not name.startswith("get"):
                expected |= {"409", "412"}
        assert expected <= responses.keys(), name
        for status, response in responses.items():
            if status.startswith("2"):
                for media_type, content in response.get("content", {}).items():
                    assert "schema" in content, name
                    if media_type == "application/json":
                        assert "example" in content, name
            elif status != "304":
                assert response == {"$ref": f"#/components/responses/Problem{status}"}, name


async def test_problems_are_problem_details_with_their_headers(document: dict[str, Any]) -> None:
    for name, response in document["components"]["responses"].items():
        content = response["content"]["application/problem+json"]
        assert content["schema"] == {"$ref": "#/components/schemas/Problem"}
        for code, example in content["examples"].items():
            assert example["value"]["code"] == code
            assert example["value"]["status"] == int(name.removeprefix("Problem"))
        told = "Retry-After" in response.get("headers", {})
        assert told is (name in ("Problem429", "Problem503"))
