"""What is refused before any rule is asked: what is misspelt, too much, or in another form."""

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

from core.http.rate import Allowance, TooMany
from server import assembly
from server.app import application
from server.assembly import assembled
from server.tests.house import EVERYTHING, Api, served, site
from server.tests.test_api_problems import problem
from tests.installation import Installation


async def test_a_misspelt_parameter_is_refused_with_the_nearest_one(api: Api) -> None:
    answer = await api.get("carnet/notebooks", limits=2)
    assert problem(answer, 400, "malformed")["errors"] == [
        {
            "rule": "unknown_parameter",
            "message": "Paramètre inconnu ; vouliez-vous dire « limit » ?",
            "field": "limits",
        }
    ]


async def test_what_looks_like_no_parameter_does_not_come_back(api: Api) -> None:
    query: dict[str, Any] = {"Jeanne Martin": 1950}
    answer = await api.get("facts", **query)
    (error,) = problem(answer, 400, "malformed")["errors"]
    assert error["message"] == "Paramètre inconnu ; paramètres admis : after, limit, name, stream."
    assert "Jeanne" not in answer.text


async def test_a_parameter_is_refused_on_writes_and_in_public_too(api: Api) -> None:
    answer = await api.post("carnet/notebooks?dry_run=true", {"topics": ["a"]})
    problem(answer, 400, "malformed")
    problem(await api.get("/healthz", headers={}, x=1), 400, "malformed")


async def test_who_may_not_come_in_learns_no_parameter(api: Api) -> None:
    problem(await api.get("facts", headers={}, x=1), 401, "no_token")


@pytest.mark.parametrize("sent", ["text/plain", "application/x-www-form-urlencoded", "a"])
async def test_a_body_of_another_media_type_is_refused(api: Api, sent: str) -> None:
    headers = api.as_actor("animatrice", {"05D": [EVERYTHING]}) | {"Content-Type": sent}
    body = msgspec.json.encode({"topics": ["a"]})
    answer = await api.client.post(
        "/api/v1/tenants/05D/carnet/notebooks", headers=headers, content=body
    )
    problem(answer, 415, "unsupported_media_type")


async def test_a_body_too_large_is_refused_with_the_limit(api: Api) -> None:
    answer = await api.post("carnet/notebooks", b" " * 2_097_153)
    assert "2097152 octets" in problem(answer, 413, "too_large")["detail"]


async def test_another_method_is_refused_with_every_method_there_is(api: Api) -> None:
    client = api.client
    for method, path, allowed in (
        ("OPTIONS", "carnet/notebooks", "GET, POST"),
        ("DELETE", "carnet/notebooks", "GET, POST"),
        ("HEAD", "facts", "GET"),
    ):
        answer = await client.request(method, f"/api/v1/tenants/05D/{path}")
        assert answer.status_code == 405
        assert answer.headers["allow"] == allowed
        assert answer.headers["content-type"] == "application/problem+json"


async def test_an_account_that_sends_too_much_is_told_when_to_come_back(
    shared_installation: Installation, home: Path
) -> None:
    settings = site(shared_installation, home)
    few = msgspec.structs.replace(
        settings, settings=msgspec.structs.replace(settings.settings, requests_per_minute=3)
    )
    async with AsyncExitStack() as stack:
        parts = await stack.enter_async_context(assembled(few))
        transport = httpx.ASGITransport(application(parts))  # type: ignore[arg-type]
        client = await stack.enter_async_context(
            httpx.AsyncClient(transport=transport, base_url="http://jalon")
        )
        api = Api(parts, client)
        hers = api.as_actor("animatrice", {"05D": ["auditeur"]})
        answers = [await api.get("facts", headers=hers) for _ in range(4)]
        assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
        problem(answers[-1], 429, "too_many_requests")
        assert 0 < int(answers[-1].headers["retry-after"]) <= 20
        others = api.as_actor("collegue", {"05D": ["auditeur"]})
        assert (await api.get("facts", headers=others)).status_code == 200
        assert (await api.get("/healthz", headers={})).status_code == 200


def test_an_allowance_comes_back_evenly() -> None:
    clock = [1000.0]
    allowance = Allowance(60, now=lambda: clock[0])
    for _ in range(60):
        allowance.spend("a")
    with pytest.raises(TooMany) as refused:
        allowance.spend("a")
    assert refused.value.wait == pytest.approx(1.0)
    clock[0] += 2.0
    allowance.spend("a")
    allowance.spend("a")
    with pytest.raises(TooMany):
        allowance.spend("a")
    clock[0] += 600.0
    for _ in range(60):
        allowance.spend("a")


async def test_a_pool_with_nothing_free_answers_soon(
    shared_installation: Installation, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assembly, "CONNECTION_PATIENCE", 0.2)
    async with served(shared_installation, home) as api, AsyncExitStack() as held:
        for _ in range(8):
            await held.enter_async_context(api.parts.home.bare())
        async with asyncio.timeout(5):
            answer = await api.get("facts")
        problem(answer, 503, "unavailable")
        assert answer.headers["retry-after"] == "5"
