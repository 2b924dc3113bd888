"""The past over HTTP: what is asked wrongly, what costs too much, two definitions of one figure."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

from core.http.house import House
from core.http.long_reads import LongReads
from plugins._template.module import MODULE as TEMPLATE
from projections import reading
from server.app import application
from server.tests import house
from server.tests.house import Api, served
from tests.installation import Installation

PERIOD: dict[str, Any] = {"from": "2026-01-01", "to": "2027-01-01"}
FIGURE = "indicators/carnet.notebooks_opened"


async def opened(api: Api) -> httpx.Response:
    body = {"topics": ["jardin"], "occurred_at": "2026-03-02T09:00:00+01:00"}
    answer = await api.post("carnet/notebooks", body)
    assert answer.status_code == 201, answer.text
    return answer


@pytest.mark.parametrize(
    ("path", "query", "field"),
    [
        ("", {"known_at": "hier"}, "known_at"),
        ("", {"as_of": "2026-03-02T10:00:00"}, "as_of"),
        ("", {"known_at": "2026-03-02", "known_at_position": 3}, "known_at_position"),
        ("", {"version": 99}, "version"),
        ("/changes", {"known_from": "demain"}, "known_from"),
        ("/changes", {"known_from": "2026-03-02", "known_from_position": 0}, "known_from_position"),
        ("/changes", {"known_from_position": 2, "known_to_position": 1}, "known_to"),
        ("/changes", {"version_from": 99}, "version_from"),
        ("/changes", {"version_to": 99}, "version_to"),
        ("/changes", {"by": "age"}, "by"),
        ("/changes", {"to": "2026-01-01"}, "to"),
    ],
)
async def test_a_past_asked_wrongly_is_malformed(
    api: Api, path: str, query: dict[str, Any], field: str
) -> None:
    await opened(api)
    await api.follow()
    answer = await api.get(f"{FIGURE}{path}", **{**PERIOD, **query})
    assert answer.status_code == 400, answer.text
    assert answer.json()["errors"][0]["field"] == field


async def test_changes_of_an_unknown_indicator_are_not_found(api: Api) -> None:
    answer = await api.get("indicators/carnet.inconnu/changes", **PERIOD)
    assert answer.status_code == 404


async def test_a_past_figure_says_the_position_it_is_of(api: Api) -> None:
    position = int((await opened(api)).headers["jalon-position"])
    await opened(api)
    await api.follow()
    answer = await api.get(FIGURE, **PERIOD, known_at_position=position)
    assert answer.headers["jalon-position"] == str(position)
    assert answer.json()["figures"][0]["stamp"]["position"] == position
    now = await api.get(FIGURE, **PERIOD)
    assert now.json()["figures"][0]["value"] == answer.json()["figures"][0]["value"] + 1
    # A moment that has not come is now.
    later = await api.get(FIGURE, **PERIOD, known_at="9999-12-31")
    assert later.json() == now.json()


async def test_without_a_date_or_a_version_nothing_has_changed(api: Api) -> None:
    await opened(api)
    await api.follow()
    told = (await api.get(f"{FIGURE}/changes", **PERIOD)).json()
    assert told["before"] == told["after"]
    (difference,) = told["differences"]
    assert difference["change"] == {"value": 0}
    assert [part["count"] for part in told["parts"]] == [0] * 6


async def test_why_waits_for_the_read_models_and_says_when_to_try_again(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    await api.follow()
    position = int((await opened(api)).headers["jalon-position"])
    asked = {**PERIOD, "known_from_position": 0, "known_to_position": position}
    monkeypatch.setattr(reading, "PATIENCE", 0.05)
    answer = await api.get(f"{FIGURE}/changes", **asked)
    assert (answer.status_code, answer.json()["code"]) == (503, "behind")
    monkeypatch.undo()
    waiting = asyncio.create_task(api.get(f"{FIGURE}/changes", **asked))
    await api.follow()
    told = (await waiting).json()
    assert told["after"]["position"] == position
    facts = [fact["fact"]["position"] for fact in told["parts"][1]["facts"]]
    assert facts[-1] == position


async def test_who_may_not_read_indicators_does_not_learn_why(api: Api) -> None:
    headers = api.as_actor("autre", {"05D": [house.OWN_ONLY]})
    answer = await api.get(f"{FIGURE}/changes", headers=headers, **PERIOD)
    assert answer.status_code == 403


@asynccontextmanager
async def given(api: Api, reads: LongReads) -> AsyncIterator[Api]:
    """The same parts in a process whose long reads are given less."""
    app = application(api.parts)
    app.state.house = msgspec.structs.replace(House.of(app), long_reads=reads)
    asgi: Any = app
    transport = httpx.ASGITransport(asgi, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://jalon") as client:
        yield Api(api.parts, client)


async def test_a_history_beyond_the_limit_is_refused_with_what_to_do(api: Api) -> None:
    await opened(api)
    await api.follow()
    async with given(api, LongReads(facts=1)) as limited:
        for path in (FIGURE, f"{FIGURE}/changes"):
            past = {"as_of": "2026-12-31"} if path == FIGURE else {}
            answer = await limited.get(path, **{**PERIOD, **past})
            assert (answer.status_code, answer.json()["code"]) == (422, "history_is_too_long")
            assert "plus de 1 faits" in answer.json()["detail"]
            assert "jalon replay" in answer.json()["detail"]
        assert (await limited.get(FIGURE, **PERIOD)).status_code == 200


async def test_a_read_of_the_past_that_takes_too_long_is_stopped(api: Api) -> None:
    await opened(api)
    await api.follow()
    async with given(api, LongReads(seconds=0.001)) as limited:
        answer = await limited.get(FIGURE, **PERIOD, as_of="2026-12-31")
    assert (answer.status_code, answer.json()["code"]) == (503, "too_slow")
    assert answer.headers["retry-after"] == "30"
    assert (await api.get(FIGURE, **PERIOD, as_of="2026-12-31")).status_code == 200


async def test_the_indicators_are_those_of_the_tenants_modules(api: Api) -> None:
    told = {each["indicator"]: each for each in (await api.get("indicators")).json()}
    assert told["carnet.notebooks_opened"] == {
        "indicator": "carnet.notebooks_opened",
        "version": 1,
        "versions": [1],
        "sentence": "Nombre de carnets ouverts pendant la période.",
        "unit": "activity",
        "kind": "sum",
        "scale": "carnets",
        "dimensions": [],
    }
    headers = api.as_actor("animatrice", {house.WITHOUT_MODULE: [house.EVERYTHING]})
    address = f"/api/v1/tenants/{house.WITHOUT_MODULE}/indicators"
    elsewhere = (await api.get(address, headers=headers)).json()
    assert "carnet.notebooks_opened" not in {each["indicator"] for each in elsewhere}


async def test_two_versions_of_a_definition_stand_side_by_side(
    installation: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (first,) = TEMPLATE.indicators
    second = msgspec.structs.replace(
        first,
        version=first.version + 1,
        sentence="Nombre de carnets, deux fois.",
        base=first.base.replace("1 as measure", "2 as measure"),
    )
    assert second.base != first.base
    both = msgspec.structs.replace(TEMPLATE, indicators=(first, second))
    monkeypatch.setattr(house, "TEMPLATE", both)
    async with served(installation, tmp_path) as api:
        await opened(api)
        await api.follow()
        newest = (await api.get(FIGURE, **PERIOD)).json()
        assert (newest["version"], newest["sentence"]) == (2, "Nombre de carnets, deux fois.")
        assert newest["figures"][0]["value"] == 2
        older = (await api.get(FIGURE, **PERIOD, version=1)).json()
        assert (older["version"], older["figures"][0]["value"]) == (1, 1)
        told = (await api.get(f"{FIGURE}/changes", **PERIOD, version_from=1)).json()
        assert (told["before"]["version"], told["after"]["version"]) == (1, 2)
        rule = told["parts"][-1]
        assert (rule["category"], rule["label"]) == ("rule_change", "Changement de règle")
        assert (rule["changes"], rule["count"]) == ([{"value": 1}], 0)
