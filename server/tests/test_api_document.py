"""The OpenAPI document says what the routes do, and its page loads nothing."""

import re
from typing import Any

import msgspec
import pytest

from server.tests.house import Api


@pytest.fixture
async def document(api: Api) -> dict[str, Any]:
    content: dict[str, Any] = (await api.get("/api/openapi.json", headers={})).json()
    return content


def operations(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        f"{method} {path}": operation
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    }


PUBLIC = (
    "get /healthz",
    "get /readyz",
    "get /api/v1/tenants/{code}/deadlines.ics",
    "get /api/v1/tenants/{code}/ravie/attestations/check/{number}/{check_code}",
)


async def test_it_is_openapi_3_1(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1")


async def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    references = set(
        re.findall(r'"#/components/(\w+)/([^"]+)"', msgspec.json.encode(document).decode())
    )
    assert references
    assert all(name in document["components"][kind] for kind, name in references)


async def test_every_operation_names_its_permission(document: dict[str, Any]) -> None:
    for name, operation in operations(document).items():
        public = name in PUBLIC
        assert operation["security"] == ([] if public else [{"jeton": []}]), name
        assert ("x-permission" in operation) is not public, name


async def test_writes_may_be_sent_twice_under_one_key(document: dict[str, Any]) -> None:
    for name, operation in operations(document).items():
        headers = [each["name"] for each in operation["parameters"] if each["in"] == "header"]
        public = name in PUBLIC
        writes = not name.startswith("get")
        assert ("Idempotency-Key" in headers) is writes, name
        assert ("If-Match" in headers) is writes, name
        assert ("If-None-Match" in headers) is (name.startswith("get") and not public), name


async def test_an_id_in_an_address_is_described(document: dict[str, Any]) -> None:
    operation = document["paths"]["/api/v1/tenants/{code}/carnet/notebooks/{notebook}"]["get"]
    described = {each["name"]: each for each in operation["parameters"]}
    assert "pattern" in described["notebook"]["schema"]
    assert described["code"]["description"] == "Code de la collectivité."
    assert described["at_least"]["required"] is False


async def test_the_page_loads_nothing_from_anywhere(api: Api) -> None:
    answer = await api.get("/api/docs", headers={})
    assert answer.status_code == 200
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert "Ouvrir un carnet" in answer.text
    assert not re.search(r"""<(script|link|img)|(src|href)=['"]?(https?:)?//""", answer.text)
    assert (await api.get("/api", headers={})).status_code == 200
