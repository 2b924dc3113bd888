"""Each problem as those who ask meet it: its status, its code, and a sentence in French."""

from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from litestar import post

from core.application import VersionConflict
from core.http.api import api as build
from core.http.guard import PUBLIC
from core.http.house import House
from server.app import application
from server.opening import open_tenants
from server.tests.house import EVERYTHING, WITHOUT_MODULE, Api, served
from tests.installation import Installation

NOWHERE = "00000000-0000-7000-8000-000000000000"


def problem(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    content: dict[str, Any] = answer.json()
    assert content["status"] == status
    assert content["code"] == code
    assert content["type"].startswith("urn:jalon:problem:")
    assert content["title"]
    assert content["detail"]
    assert content["instance"] == f"urn:uuid:{answer.headers['x-request-id']}"
    return content


async def test_what_is_wrong_with_a_body_is_told_field_by_field(api: Api) -> None:
    answer = await api.post("carnet/notebooks", {"topics": [], "occurred_at": "hier", "nom": "x"})
    content = problem(answer, 400, "malformed")
    assert {(error.get("field"), error["rule"]) for error in content["errors"]} == {
        ("topics", "too_few"),
        ("occurred_at", "datetime"),
        (None, "unknown_field"),
    }


@pytest.mark.parametrize(
    ("body", "rule"),
    [
        (b"{", "json"),
        (b"", "required"),
        (b'"a"', "type"),
        (b'{"topics":["\\u0000"]}', "nul"),
        (b"8\xb4(\x1c", "json"),
    ],
    ids=["truncated", "empty", "no-object", "nul", "no-object-then-no-json"],
)
async def test_a_body_that_is_no_object_is_malformed(api: Api, body: bytes, rule: str) -> None:
    content = problem(await api.post("carnet/notebooks", body), 400, "malformed")
    assert [error["rule"] for error in content["errors"]] == [rule]


async def test_types_are_not_guessed(api: Api) -> None:
    notebook = await api.notebook()
    answer = await api.post(f"carnet/notebooks/{notebook}/notes", {"topic": "jardin", "text": 5})
    assert problem(answer, 400, "malformed")["errors"] == [
        {"rule": "type", "message": "Type attendu : texte.", "field": "text"}
    ]


async def test_an_address_with_no_id_in_it_is_malformed(api: Api) -> None:
    answer = await api.get("carnet/notebooks/dix")
    assert problem(answer, 400, "malformed")["errors"][0]["field"] == "notebook"


@pytest.mark.parametrize("query", [{"limit": 0}, {"limit": "x"}, {"after": "zz"}, {"at_least": -1}])
async def test_a_parameter_out_of_bounds_is_malformed(api: Api, query: dict[str, Any]) -> None:
    await api.follow()
    answer = await api.get("carnet/notebooks", **query)
    assert problem(answer, 400, "malformed")["errors"][0]["field"] == next(iter(query))


async def test_what_does_not_exist_is_not_found(api: Api) -> None:
    await api.follow()
    problem(await api.get(f"carnet/notebooks/{NOWHERE}"), 404, "not_found")
    problem(await api.get(f"people/{NOWHERE}"), 404, "person_is_unknown")
    problem(await api.get("/api/v1/nulle/part"), 404, "not_found")
    problem(await api.get("/api/nulle-part"), 404, "not_found")
    note = {"topic": "jardin", "text": "a"}
    answer = await api.post(f"carnet/notebooks/{NOWHERE}/notes", note)
    problem(answer, 404, "not_found")


async def test_another_method_is_refused_with_those_there_are(api: Api) -> None:
    answer = await api.post("facts", {})
    problem(answer, 405, "method_not_allowed")
    assert "GET" in answer.headers["allow"]


async def test_a_rule_refuses_with_its_own_code_and_sentence(api: Api) -> None:
    notebook = await api.notebook("jardin")
    answer = await api.post(f"carnet/notebooks/{notebook}/notes", {"topic": "cuisine", "text": "a"})
    content = problem(answer, 422, "topic_is_not_of_notebook")
    assert content["detail"] == "Ce sujet n'est pas un de ceux du carnet."
    assert content["errors"][0]["field"] == "topic"


async def test_a_module_that_is_not_enabled_takes_no_command_and_shows_nothing(api: Api) -> None:
    headers = api.as_actor("animatrice", {WITHOUT_MODULE: [EVERYTHING]})
    address = f"/api/v1/tenants/{WITHOUT_MODULE}/carnet/notebooks"
    answer = await api.post(address, {"topics": ["a"]}, headers=headers)
    content = problem(answer, 422, "module_is_not_enabled")
    assert "Carnet" in content["detail"]
    problem(await api.get(address, headers=headers), 422, "module_is_not_enabled")


async def test_a_module_enabled_by_another_process_takes_commands_at_once(
    api: Api, shared_installation: Installation, home: Path
) -> None:
    headers = api.as_actor("animatrice", {WITHOUT_MODULE: [EVERYTHING]})
    address = f"/api/v1/tenants/{WITHOUT_MODULE}/carnet/notebooks"
    refused = await api.post(address, {"topics": ["a"]}, headers=headers)
    problem(refused, 422, "module_is_not_enabled")
    async with served(shared_installation, home) as other:
        await open_tenants(
            other.parts, [other.parts.tenants.find(WITHOUT_MODULE)], modules=["carnet"]
        )
    accepted = await api.post(address, {"topics": ["a"]}, headers=headers)
    assert accepted.status_code == 201


async def test_a_key_used_for_something_else_is_refused(api: Api) -> None:
    first = await api.post("carnet/notebooks", {"topics": ["a"]}, key="cle")
    assert first.status_code == 201
    other = await api.post("carnet/notebooks", {"topics": ["b"]}, key="cle")
    problem(other, 422, "idempotency_key_reused")


async def test_a_key_is_a_short_text(api: Api) -> None:
    answer = await api.post("carnet/notebooks", {"topics": ["a"]}, key="x" * 300)
    assert problem(answer, 400, "malformed")["errors"][0]["field"] == "Idempotency-Key"


async def test_too_large_a_body_is_refused(api: Api) -> None:
    answer = await api.post("carnet/notebooks", b" " * 3_000_000)
    problem(answer, 413, "too_large")


async def test_a_request_keeps_its_own_id_when_it_is_one(api: Api) -> None:
    mine = "01890000-0000-7000-8000-000000000001"
    assert (await api.get("/healthz", headers={"X-Request-ID": mine})).headers[
        "x-request-id"
    ] == mine
    answer = await api.get("/healthz", headers={"X-Request-ID": "Marie Dupont"})
    assert UUID(answer.headers["x-request-id"])


async def test_a_store_that_is_busy_says_when_to_try_again(api: Api) -> None:
    """A closed store takes nothing any more, as one whose queue is full."""
    await api.parts.store.__aexit__(None, None, None)
    answer = await api.post("carnet/notebooks", {"topics": ["a"]})
    problem(answer, 503, "busy")
    assert answer.headers["retry-after"] == "1"


async def test_a_database_that_is_away_is_not_ready(api: Api) -> None:
    assert (await api.get("/readyz")).status_code == 200
    await api.parts.home.__aexit__(None, None, None)
    answer = await api.get("/readyz")
    problem(answer, 503, "unavailable")
    assert answer.headers["retry-after"] == "5"
    assert (await api.get("/healthz")).status_code == 200


@post("/conflit", opt=PUBLIC, summary="Un conflit")
async def conflicts() -> None:
    """As a command whose streams moved since the version its sender had seen."""
    raise VersionConflict


async def test_what_changed_meanwhile_is_a_conflict(api: Api) -> None:
    app: Any = build(House.of(application(api.parts)), [conflicts])
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://jalon") as client:
        answer = await client.post("/api/v1/tenants/05D/conflit")
    problem(answer, 409, "version_conflict")
