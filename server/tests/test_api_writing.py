"""Commands over HTTP: what is answered, and what is answered again under the same key."""

import asyncio
from typing import Any

from core.access.journal import reads_of
from server.tests.house import Api

MARTIN = {"family_name": "Martin", "given_name": "Jeanne", "birth_date": "1950-02-03"}


async def facts_of(api: Api, stream: str) -> list[dict[str, Any]]:
    items, after = [], 0
    while after is not None:
        page = (await api.get("facts", after=after, limit=50)).json()
        items += [fact for fact in page["items"] if fact["stream"] == stream]
        after = page["next"]
    return items


async def test_what_is_written_says_where_it_is(api: Api) -> None:
    answer = await api.post("carnet/notebooks", {"topics": ["jardin"]})
    assert answer.status_code == 201
    written = answer.json()
    assert answer.headers["jalon-position"] == str(written["position"])
    stored = await facts_of(api, written["id"])
    assert [fact["id"] for fact in stored] == written["facts"]
    assert stored[0]["actor"] == "animatrice"
    assert stored[0]["correlation"] == answer.headers["x-request-id"]


async def test_the_same_request_under_the_same_key_writes_once(api: Api) -> None:
    first = await api.post("carnet/notebooks", {"topics": ["jardin"]}, key="envoi-1")
    again = await api.post("carnet/notebooks", {"topics": ["jardin"]}, key="envoi-1")
    assert first.status_code == again.status_code == 201
    assert not first.json()["repeated"]
    assert again.json() == first.json() | {"repeated": True}
    assert len(await facts_of(api, first.json()["id"])) == 1


async def test_the_same_request_sent_twice_at_once_writes_once(api: Api) -> None:
    sent = [api.post("carnet/notebooks", {"topics": ["a"]}, key="ensemble") for _ in range(8)]
    answers = [answer.json() for answer in await asyncio.gather(*sent)]
    assert len({answer["id"] for answer in answers}) == 1
    assert sorted(answer["repeated"] for answer in answers) == [False] + [True] * 7
    assert len(await facts_of(api, answers[0]["id"])) == 1


async def test_without_a_key_the_same_request_is_another(api: Api) -> None:
    assert await api.notebook("jardin") != await api.notebook("jardin")


async def test_a_key_is_its_senders_own(api: Api) -> None:
    other = api.as_actor("collegue", {"05D": ["essais.tout"]})
    mine = await api.post("carnet/notebooks", {"topics": ["a"]}, key="la-cle")
    theirs = await api.post("carnet/notebooks", {"topics": ["b"]}, key="la-cle", headers=other)
    assert theirs.status_code == 201
    assert mine.json()["id"] != theirs.json()["id"]


async def test_a_free_text_is_sealed_before_it_is_a_fact(api: Api) -> None:
    notebook = await api.notebook("jardin")
    body = {"topic": "jardin", "text": "Les tomates de Mme Martin"}
    assert (await api.post(f"carnet/notebooks/{notebook}/notes", body)).status_code == 201
    note = (await facts_of(api, notebook))[-1]
    assert note["body"]["text"].startswith(f"jalon1.{notebook}.")
    tenant = api.parts.tenants.find("05D")
    opened = await api.parts.vault.open(tenant, "text", note["body"]["text"])
    assert opened == body["text"]


async def test_a_note_sent_again_under_its_key_is_written_once(api: Api) -> None:
    """Though the text is sealed again, into another token."""
    notebook = await api.notebook("jardin")
    body = {"topic": "jardin", "text": "Semis"}
    answers = [
        await api.post(f"carnet/notebooks/{notebook}/notes", body, key="note-1") for _ in range(2)
    ]
    assert [answer.json()["repeated"] for answer in answers] == [False, True]
    assert len(await facts_of(api, notebook)) == 2


async def test_a_person_registered_twice_under_one_key_is_one_person(api: Api) -> None:
    first = await api.post("people", MARTIN, key="import-1")
    again = await api.post("people", MARTIN, key="import-1")
    assert first.status_code == again.status_code == 201, again.text
    assert first.json()["person"] == again.json()["person"]
    found = await api.post("people/search", {k: MARTIN[k] for k in ("family_name", "birth_date")})
    assert [each["person"] for each in found.json()["items"]] == [first.json()["person"]]


async def test_a_key_used_for_another_person_is_refused(api: Api) -> None:
    assert (await api.post("people", MARTIN, key="import-2")).status_code == 201
    other = await api.post("people", MARTIN | {"given_name": "Paul"}, key="import-2")
    assert other.status_code == 422
    assert other.json()["code"] == "person_is_another"


async def test_a_person_is_registered_found_and_read_and_each_read_is_told(api: Api) -> None:
    durand = {"family_name": "Durand-Lefèvre", "given_name": "Luc", "birth_date": "1961-01-01"}
    person = (await api.post("people", durand)).json()["person"]
    sought = {"family_name": "durand lefevre", "birth_date": "1961-01-01", "given_name": "LUC"}
    found = (await api.post("people/search", sought)).json()["items"]
    assert [(each["person"], each["match"]) for each in found] == [(person, "identity")]
    read = (await api.get(f"people/{person}")).json()
    assert read["identity"]["family_name"] == "Durand-Lefèvre"
    assert [line.reading.route for line in await _reads_of(api, person)] == [
        "GET /api/v1/tenants/{code}/people/{person}",
        "POST /api/v1/tenants/{code}/people/search",
    ]


async def test_someone_who_may_be_known_is_told_at_registration(api: Api) -> None:
    first = (await api.post("people", MARTIN | {"family_name": "Roux"})).json()["person"]
    second = await api.post("people", MARTIN | {"family_name": "ROUX"})
    assert second.json()["duplicates"] == [{"person": first, "match": "identity"}]


async def test_an_annulled_note_stays_in_the_history_and_counts_no_more(api: Api) -> None:
    notebook = await api.notebook("jardin")
    note = {"topic": "jardin", "text": "Semis"}
    fact = (await api.post(f"carnet/notebooks/{notebook}/notes", note)).json()["facts"][0]
    body = {"stream": notebook, "fact": fact, "reason": "duplicate", "note": "Saisie deux fois"}
    answer = await api.post("corrections/annul", body)
    assert answer.status_code == 200, answer.text
    await api.follow()
    assert (await api.get(f"carnet/notebooks/{notebook}")).json()["notes"] == 0
    stored = await facts_of(api, notebook)
    assert [fact["name"] for fact in stored] == [
        "carnet.notebook_opened.v1",
        "carnet.note_written.v1",
        "core.fact_annulled.v1",
    ]
    assert stored[-1]["body"]["note"].startswith("jalon1.")


async def test_a_corrected_text_is_sealed_and_an_unchanged_one_is_kept(api: Api) -> None:
    notebook = await api.notebook("jardin", "cuisine")
    note = {"topic": "jardin", "text": "Recette"}
    fact = (await api.post(f"carnet/notebooks/{notebook}/notes", note)).json()["facts"][0]
    token = (await facts_of(api, notebook))[-1]["body"]["text"]
    correction = {"stream": notebook, "fact": fact, "reason": "typing_error"}

    async def replaced_by(replacement: dict[str, Any]) -> str:
        answer = await api.post("corrections/correct", correction | {"replacement": replacement})
        assert answer.status_code == 200, answer.text
        text: str = (await facts_of(api, notebook))[-1]["body"]["replacement"]["text"]
        return text

    assert await replaced_by({"topic": "cuisine", "text": token}) == token
    sealed = await replaced_by({"topic": "cuisine", "text": "Recette de soupe"})
    tenant = api.parts.tenants.find("05D")
    assert await api.parts.vault.open(tenant, "text", sealed) == "Recette de soupe"  # type: ignore[arg-type]


async def test_a_correction_of_another_shape_is_refused(api: Api) -> None:
    notebook = await api.notebook("jardin")
    note = {"topic": "jardin", "text": "Semis"}
    fact = (await api.post(f"carnet/notebooks/{notebook}/notes", note)).json()["facts"][0]
    body = {"stream": notebook, "fact": fact, "reason": "typing_error", "replacement": {"a": 1}}
    answer = await api.post("corrections/correct", body)
    assert (answer.status_code, answer.json()["code"]) == (422, "replacement_is_malformed")


async def _reads_of(api: Api, person: str) -> list[Any]:
    tenant = api.parts.tenants.find("05D")
    async with api.parts.store.database(tenant).serving(tenant) as connection:
        return await reads_of(connection, tenant, person)
