"""Reading over HTTP: what was just written, page by page, and figures with their stamp."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from projections import reading
from server.tests.house import EVERYTHING, Api

DAY = datetime(2026, 3, 2, 9, tzinfo=UTC)


async def opened(api: Api, tenant: str, count: int) -> list[str]:
    headers = api.as_actor("animatrice", {tenant: [EVERYTHING]})
    ids = []
    for number in range(count):
        at = DAY + timedelta(hours=number // 2)
        answer = await api.post(
            f"/api/v1/tenants/{tenant}/carnet/notebooks",
            {"topics": ["jardin"], "occurred_at": at.isoformat()},
            headers=headers,
        )
        assert answer.status_code == 201, answer.text
        ids.append(answer.json()["id"])
    return ids


async def test_pages_follow_each_other_without_a_gap_or_a_repeat(api: Api) -> None:
    made = set(await opened(api, "69D", 7))
    headers = api.as_actor("animatrice", {"69D": [EVERYTHING]})
    await api.follow("69D")
    seen, after = [], None
    while True:
        query: dict[str, Any] = {"limit": 2} if after is None else {"limit": 2, "after": after}
        answer = await api.get("/api/v1/tenants/69D/carnet/notebooks", headers=headers, **query)
        page = answer.json()
        assert len(page["items"]) <= 2
        seen += page["items"]
        after = page["next"]
        if after is None:
            break
    assert made <= {line["notebook"] for line in seen}
    assert len(seen) == len({line["notebook"] for line in seen})
    assert [line["opened_at"] for line in seen] == sorted(line["opened_at"] for line in seen)


async def test_a_cursor_of_another_list_is_malformed(api: Api) -> None:
    await api.follow()
    answer = await api.get("carnet/notebooks", after="W10")
    assert answer.json()["errors"][0] == {
        "rule": "cursor",
        "message": "Ce curseur ne vient pas de cette liste.",
        "field": "after",
    }


async def test_a_read_waits_for_what_was_just_written(api: Api) -> None:
    await api.follow()
    written = await api.post("carnet/notebooks", {"topics": ["jardin"]})
    position = int(written.headers["jalon-position"])
    path = f"carnet/notebooks/{written.json()['id']}"
    assert (await api.get(path)).status_code == 404
    waiting = asyncio.create_task(api.get(path, at_least=position))
    await api.follow()
    answer = await waiting
    assert answer.status_code == 200
    assert answer.json()["notebook"] == written.json()["id"]
    assert int(answer.headers["jalon-position"]) >= position


async def test_a_read_that_waits_in_vain_says_when_to_try_again(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "PATIENCE", 0.05)
    await api.follow()
    answer = await api.get("carnet/notebooks", at_least=10**9)
    assert (answer.status_code, answer.json()["code"]) == (503, "behind")
    assert answer.headers["retry-after"] == "1"


async def test_a_figure_comes_with_its_sentence_and_its_stamp(api: Api) -> None:
    await opened(api, "05D", 2)
    await api.follow()
    query: dict[str, Any] = {"from": "2026-03-02", "to": "2026-03-03"}
    content = (await api.get("indicators/carnet.notebooks_opened", **query)).json()
    assert content["sentence"] == "Nombre de carnets ouverts pendant la période."
    (figure,) = content["figures"]
    assert figure["value"] == 2
    assert figure["stamp"]["indicator"] == "carnet.notebooks_opened"
    assert figure["stamp"]["version"] == 1
    assert figure["stamp"]["position"] > 0
    assert figure["stamp"]["territory_vintage"].startswith("cog-")


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"from": "2026-03-02"}, "to"),
        ({"from": "2026-03-02", "to": "2026-03-02"}, "to"),
        ({"from": "lundi", "to": "2026-03-03"}, "from"),
        ({"from": "2026-03-02", "to": "2026-03-03", "by": "age"}, "by"),
    ],
    ids=["no-end", "no-day", "no-date", "no-such-dimension"],
)
async def test_a_figure_asked_wrongly_is_malformed(
    api: Api, query: dict[str, Any], field: str
) -> None:
    await api.follow()
    answer = await api.get("indicators/carnet.notebooks_opened", **query)
    assert answer.status_code == 400
    assert answer.json()["errors"][0].get("field") == field


async def test_an_unknown_indicator_is_not_found(api: Api) -> None:
    query: dict[str, Any] = {"from": "2026-03-02", "to": "2026-03-03"}
    assert (await api.get("indicators/carnet.inconnu", **query)).status_code == 404


async def test_a_tenant_shows_its_modules_and_settings(api: Api) -> None:
    content = (await api.get("")).json()
    assert content["name"] == "Hautes-Alpes"
    assert "carnet" in content["modules"]
    assert content["settings"]["carnet.pages"] == 200


async def test_facts_are_given_as_they_are_stored(api: Api) -> None:
    notebook = await api.notebook("jardin")
    content = (await api.get("facts", limit=1)).json()
    assert [fact["position"] for fact in content["items"]] == [1]
    assert content["next"] == 1
    after, last = 0, None
    while after is not None:
        page = (await api.get("facts", after=after, limit=500)).json()
        last, after = page["items"][-1], page["next"]
    assert last is not None
    assert (last["stream"], last["body"]) == (notebook, {"topics": ["jardin"]})
