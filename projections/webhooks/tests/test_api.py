"""Webhooks through the API, without a worker that sends."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from core.webhooks.tests.receiver import receiving
from server.tests.house import Api, served
from tests.installation import Installation

pytestmark = pytest.mark.postgres

BODY = {"names": ["carnet.*"], "url": "http://127.0.0.1:9/jalon"}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One home for the tests of this file: what one sealed, the next can open."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture
async def api(shared_installation: Installation, home: Path) -> AsyncIterator[Api]:
    """The API of an installation that may send to this machine."""
    async with served(shared_installation, home, reach="loopback") as made:
        yield made


def administrator(api: Api) -> dict[str, str]:
    return api.as_actor("dsi", {"05D": ["administrateur"]})


async def post(api: Api, path: str, body: Any, key: str | None = None) -> Any:
    return await api.post(path, body, headers=administrator(api), key=key)


async def test_the_secret_is_shown_when_it_is_made_and_never_again(api: Api) -> None:
    made = await post(api, "webhooks", BODY, "abonner")
    assert made.status_code == 201
    assert made.json()["secret"].startswith("whsec_")
    again = await post(api, "webhooks", BODY, "abonner")
    assert again.json() == made.json() | {"repeated": True}
    await api.follow()
    webhook = made.json()["id"]
    one = await api.get(f"webhooks/{webhook}", headers=administrator(api))
    every = await api.get("webhooks", headers=administrator(api))
    assert one.json()["url"] == BODY["url"]
    assert webhook in every.text
    for read in (one, every):
        assert "whsec_" not in read.text
        assert "jalon1." not in read.text


async def test_neither_address_nor_secret_is_in_the_facts(api: Api) -> None:
    made = (await post(api, "webhooks", BODY)).json()
    auditor = api.as_actor("audit", {"05D": ["auditeur"]})
    facts = (await api.get("facts", headers=auditor, after=made["position"] - 1)).text
    assert "webhooks.webhook_subscribed.v1" in facts
    assert made["secret"] not in facts
    assert "127.0.0.1" not in facts


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://93.184.215.14/", "target_is_not_https"),
        ("https://10.0.0.1/", "target_is_not_public"),
        ("https://169.254.169.254/latest", "target_is_not_public"),
        ("https://compte:secret@127.0.0.1/", "target_is_malformed"),
        ("https://serveur.invalid/", "target_is_not_resolved"),
    ],
)
async def test_an_address_that_may_not_be_sent_to_is_refused(api: Api, url: str, code: str) -> None:
    answer = await post(api, "webhooks", BODY | {"url": url})
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert url not in answer.text


async def test_facts_that_no_module_knows_are_refused(api: Api) -> None:
    for names in (["inconnu.*"], ["carnet.*", "carnet.rien.v1"]):
        answer = await post(api, "webhooks", BODY | {"names": names})
        assert (answer.status_code, answer.json()["code"]) == (422, "facts_are_unknown")


async def test_only_those_who_manage_webhooks_subscribe(api: Api) -> None:
    auditor = api.as_actor("audit", {"05D": ["auditeur"]})
    assert (await api.post("webhooks", BODY, headers=auditor)).status_code == 403
    assert (await api.get("webhooks", headers=auditor)).status_code == 403
    elsewhere = api.as_actor("dsi", {"69D": ["administrateur"]})
    assert (await api.post("webhooks", BODY, headers=elsewhere)).status_code == 403


async def test_a_ping_says_what_the_receiver_answers(api: Api) -> None:
    async with receiving() as receiver:
        made = (await post(api, "webhooks", BODY | {"url": receiver.url})).json()
        await api.follow()
        answer = await post(api, f"webhooks/{made['id']}/ping", {})
        assert answer.json() == {"delivered": True, "code": "http_204"}
        (ping,) = receiver.received
        assert ping.event["type"] == "jalon.ping"
        assert ping.is_signed_with(made["secret"])
        receiver.answer = lambda _received: "500 Oops"
        answer = await post(api, f"webhooks/{made['id']}/ping", {})
        assert answer.json() == {"delivered": False, "code": "http_500"}


async def test_a_webhook_that_is_not_there_is_not_found(api: Api) -> None:
    await api.follow()
    nobody = "01890000-0000-7000-8000-000000000000"
    for action in ("ping", "deliveries/retry", "pause", "removal"):
        answer = await post(api, f"webhooks/{nobody}/{action}", {})
        assert answer.status_code in (404, 422), action
    assert (await api.get(f"webhooks/{nobody}", headers=administrator(api))).status_code == 404
    deliveries = await api.get(f"webhooks/{nobody}/deliveries", headers=administrator(api))
    assert deliveries.status_code == 404
