"""Entity tags: nothing is sent twice for nothing, nothing is written over what was not seen."""

import asyncio

import httpx
import pytest

from server.tests.house import EVERYTHING, Api

NOTE = {"topic": "jardin", "text": "Semis"}


async def read(api: Api, notebook: str, **headers: str) -> httpx.Response:
    await api.follow()
    sent = asking(api, **headers)
    return await api.get(f"carnet/notebooks/{notebook}", headers=sent)


async def write(api: Api, notebook: str, match: str, key: str | None = None) -> httpx.Response:
    path = f"carnet/notebooks/{notebook}/notes"
    return await api.post(path, NOTE, headers=asking(api, **{"If-Match": match}), key=key)


def asking(api: Api, **headers: str) -> dict[str, str]:
    return {**api.as_actor("animatrice", {"05D": [EVERYTHING]}), **headers}


async def test_a_record_that_has_not_changed_is_not_sent_again(api: Api) -> None:
    notebook = await api.notebook()
    first = await read(api, notebook)
    again = await read(api, notebook, **{"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert again.headers["jalon-position"] == first.headers["jalon-position"]
    assert "content-type" not in again.headers
    assert "content-length" not in again.headers
    assert first.headers["cache-control"] == "private, no-cache"


@pytest.mark.parametrize("known", ["*", '"autre", W/{etag}'], ids=["any", "weakened"])
async def test_a_tag_is_known_among_others(api: Api, known: str) -> None:
    notebook = await api.notebook()
    etag = (await read(api, notebook)).headers["etag"]
    answer = await read(api, notebook, **{"If-None-Match": known.format(etag=etag)})
    assert answer.status_code == 304


async def test_a_record_that_has_changed_is_sent_with_another_tag(api: Api) -> None:
    notebook = await api.notebook()
    etag = (await read(api, notebook)).headers["etag"]
    await api.post(f"carnet/notebooks/{notebook}/notes", NOTE)
    answer = await read(api, notebook, **{"If-None-Match": etag})
    assert answer.status_code == 200
    assert answer.json()["notes"] == 1
    assert answer.headers["etag"] != etag


async def test_a_list_has_a_tag_too(api: Api) -> None:
    await api.notebook()
    await api.follow()
    etag = (await api.get("carnet/notebooks")).headers["etag"]
    same = await api.get("carnet/notebooks", headers=asking(api, **{"If-None-Match": etag}))
    assert same.status_code == 304


async def test_a_problem_has_no_tag(api: Api) -> None:
    answer = await read(api, "0198c0de-0000-7000-8000-00000000dead")
    assert answer.status_code == 404
    assert "etag" not in answer.headers


async def test_what_was_seen_can_be_written_against_and_writes_chain(api: Api) -> None:
    notebook = await api.notebook()
    first = await write(api, notebook, (await read(api, notebook)).headers["etag"])
    assert first.status_code == 201, first.text
    second = await write(api, notebook, first.headers["etag"])
    assert second.status_code == 201, second.text


async def test_nothing_is_written_over_what_was_not_seen(api: Api) -> None:
    notebook = await api.notebook()
    etag = (await read(api, notebook)).headers["etag"]
    assert (await write(api, notebook, etag)).status_code == 201
    answer = await write(api, notebook, etag)
    assert (answer.status_code, answer.json()["code"]) == (412, "stale")
    assert "relisez-le" in answer.json()["detail"]
    assert (await read(api, notebook)).json()["notes"] == 1


async def test_of_those_who_write_at_once_against_one_version_one_does(api: Api) -> None:
    notebook = await api.notebook()
    etag = (await read(api, notebook)).headers["etag"]
    answers = await asyncio.gather(*(write(api, notebook, etag) for _ in range(6)))
    assert sorted(answer.status_code for answer in answers) == [201] + [412] * 5


async def test_the_tag_of_another_record_is_stale(api: Api) -> None:
    notebook, other = await api.notebook(), await api.notebook()
    etag = (await read(api, other)).headers["etag"]
    assert (await write(api, notebook, etag)).status_code == 412


@pytest.mark.parametrize("match", ['"autre"', 'W/"1.AAAAAAAAAAA"'])
async def test_a_tag_that_is_not_ours_is_stale(api: Api, match: str) -> None:
    assert (await write(api, await api.notebook(), match)).status_code == 412


@pytest.mark.parametrize("match", ["1", "", '"1', '"1.a", "2.b"'])
async def test_what_is_no_tag_is_malformed(api: Api, match: str) -> None:
    answer = await write(api, await api.notebook(), match)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "If-Match"


async def test_a_star_asks_only_that_the_thing_exists(api: Api) -> None:
    assert (await write(api, await api.notebook(), "*")).status_code == 201
    new = {"If-Match": "*"}
    answer = await api.post("carnet/notebooks", {"topics": ["a"]}, headers=asking(api, **new))
    assert answer.status_code == 412


async def test_a_repeated_write_is_answered_as_before_though_its_tag_is_stale(api: Api) -> None:
    notebook = await api.notebook()
    etag = (await read(api, notebook)).headers["etag"]
    first = await write(api, notebook, etag, key="condition-1")
    again = await write(api, notebook, etag, key="condition-1")
    assert again.json() == first.json() | {"repeated": True}
    assert again.headers["etag"] == first.headers["etag"]


async def test_a_read_model_that_lags_gives_the_version_that_it_shows(api: Api) -> None:
    notebook = await api.notebook()
    await api.follow()
    await api.post(f"carnet/notebooks/{notebook}/notes", NOTE)
    behind = await api.get(f"carnet/notebooks/{notebook}")
    assert behind.json()["notes"] == 0
    assert (await write(api, notebook, behind.headers["etag"])).status_code == 412
