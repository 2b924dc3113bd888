"""A person's file and the duplicates over HTTP, as those who keep them reach them."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from core.access.journal import reads_of
from core.clock import SimulatedClock
from core.testing.scenario import an_id
from server.tests.house import Api, served
from tests.installation import Installation

pytestmark = pytest.mark.postgres

KEEPER = an_id(0xB1)


class Files:
    """Who keeps the files of a tenant, and an agent who only receives people."""

    def __init__(self, api: Api) -> None:
        self.api = api
        self.keeper = api.as_actor(KEEPER, {"05D": ["tenue_des_dossiers", "accueil"]})
        self.reception = api.as_actor(an_id(0xB2), {"05D": ["accueil"]})

    async def post(self, path: str, body: Any) -> httpx.Response:
        return await self.api.post(path, body, headers=self.keeper)

    async def done(self, path: str, body: Any) -> str:
        answer = await self.post(path, body)
        assert answer.status_code in (200, 201), answer.text
        made: str = answer.json()["id"]
        return made

    async def read(self, path: str, **query: Any) -> Any:
        await self.api.follow()
        answer = await self.api.get(path, headers=self.keeper, **query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def person(self, given: str, born: str = "2009-05-04", family: str = "Martin") -> str:
        identity = {"family_name": family, "given_name": given, "birth_date": born}
        answer = await self.post("people", identity)
        assert answer.status_code == 201, answer.text
        person: str = answer.json()["person"]
        return person

    async def pairs(self, **query: Any) -> list[tuple[str, str, str]]:
        page = await self.read("people/duplicates", **query)
        return [(one["first"], one["second"], one["found_by"]) for one in page["items"]]

    async def read_by(self, person: str) -> set[str]:
        """The routes by which a person was read about, below the tenant."""
        parts = self.api.parts
        tenant = parts.tenants.find("05D")
        async with parts.serving[tenant.placement].serving(tenant) as connection:
            reads = await reads_of(connection, tenant, person)
        return {read.reading.route.partition("{code}")[2] for read in reads}


@pytest.fixture
async def files(installation: Installation, tmp_path: Path) -> AsyncIterator[Files]:
    clock = SimulatedClock(datetime(2026, 3, 1, 11, tzinfo=UTC))
    async with served(installation, tmp_path, clock) as api:
        yield Files(api)


async def test_a_file_tells_who_represents_a_minor_and_when_they_come_of_age(
    files: Files,
) -> None:
    lea, mother = await files.person("Léa"), await files.person("Anne", "1980-01-02")
    appointed = {
        "kind": "parent",
        "representative": mother,
        "representing": "person",
        "since": "2009-05-04",
    }
    await files.done(f"people/{lea}/representatives", appointed)
    file = await files.read(f"people/{lea}/file")
    assert (file["majority_on"], file["is_minor"]) == ("2027-05-04", True)
    [parent] = file["representatives"]
    assert (parent["kind"], parent["representative"]) == ("parent", mother)
    ages = await files.read("people/majorities", until="2027-12-31")
    assert ages["items"] == [{"person": lea, "majority_on": "2027-05-04"}]
    assert (await files.read("people/majorities", until="2027-05-03"))["items"] == []

    end = {"on": "2026-02-01", "reason": "judgment"}
    await files.done(f"people/{lea}/representatives/{parent['representation']}/end", end)
    [parent] = (await files.read(f"people/{lea}/file"))["representatives"]
    assert (parent["ended"], parent["until"], parent["reason"]) == (True, "2026-02-01", "judgment")
    assert (await files.read("people/majorities", until="2027-12-31"))["items"] == []


async def test_a_file_tells_the_notices_given_and_the_oppositions_in_plain_words(
    files: Files,
) -> None:
    lea = await files.person("Léa")
    notice = {"version": "2026-1", "on": "2026-02-01", "means": "paper"}
    await files.done(f"people/{lea}/notices", notice)
    opposed = {"scope": "statistics", "on": "2026-02-02", "grounds": "Cela me regarde."}
    await files.done(f"people/{lea}/oppositions", opposed)
    await files.done(f"people/{lea}/oppositions", {"scope": "contact", "on": "2026-02-02"})
    file = await files.read(f"people/{lea}/file")
    assert file["notices"] == [notice]
    assert file["opposed"] == ["contact", "statistics"]
    assert [one["grounds"] for one in file["oppositions"]] == ["Cela me regarde.", None]
    withdrawal = {"scope": "statistics", "on": "2026-02-03"}
    await files.done(f"people/{lea}/oppositions/withdrawal", withdrawal)
    file = await files.read(f"people/{lea}/file")
    assert file["opposed"] == ["contact"]
    assert file["oppositions"][0]["withdrawn_on"] == "2026-02-03"


async def test_every_read_of_a_file_is_written_in_the_journal(files: Files) -> None:
    lea = await files.person("Léa")
    await files.read(f"people/{lea}/file")
    assert "/people/{person}/file" in await files.read_by(lea)
    await files.read(f"people/{lea}/households")
    assert "/people/{person}/households" in await files.read_by(lea)


async def test_a_household_is_read_from_each_of_those_who_ever_lived_there(files: Files) -> None:
    lea, anne = await files.person("Léa"), await files.person("Anne", "1980-01-02")
    noe = await files.person("Noé", "2012-06-07")
    members = [{"person": anne}, {"person": lea, "place": "child"}]
    home = await files.done("households", {"since": "2025-04-01", "members": members})
    joined = {"person": noe, "place": "child", "since": "2025-06-01"}
    await files.done(f"households/{home}/members", joined)
    left = {"on": "2025-09-01", "reason": "studies"}
    await files.done(f"households/{home}/members/{lea}/departure", left)
    [row] = (await files.read(f"people/{lea}/households"))["items"]
    assert row["household"] == home
    assert row["present"] == sorted((anne, noe))
    assert {one["person"]: one["until"] for one in row["members"]} == {
        anne: None,
        lea: "2025-09-01",
        noe: None,
    }
    await files.done(f"households/{home}/dissolution", {"on": "2026-01-01", "reason": "moved"})
    row = await files.read(f"households/{home}")
    assert (row["dissolved_on"], row["present"]) == ("2026-01-01", [])
    assert "/households/{household}" in await files.read_by(noe)


async def test_the_index_proposes_those_of_one_name_and_birth_date_by_ids(files: Files) -> None:
    one, other = await files.person("Léa"), await files.person("lea")
    await files.person("Zoé")
    first, second = sorted((one, other))
    assert await files.pairs() == [(first, second, "index")]
    assert "/people/duplicates" in await files.read_by(one)
    dismissed = {"person": one, "other": other, "reason": "twins"}
    await files.done("people/duplicates/dismissal", dismissed)
    assert await files.pairs() == []
    by_hand = {**dismissed, "reason": "same_phone", "note": "Même téléphone."}
    await files.done("people/duplicates", by_hand)
    # The index still finds them; that somebody says so by hand is told.
    [pair] = (await files.read("people/duplicates"))["items"]
    assert (pair["first"], pair["second"], pair["reason"]) == (first, second, "same_phone")


async def test_duplicates_come_in_pages(files: Files) -> None:
    for _ in range(3):
        await files.person("Léa")
    whole = await files.pairs()
    assert len(whole) == 3
    page = await files.read("people/duplicates", limit=2)
    rest = await files.pairs(after=page["next"])
    assert [(p["first"], p["second"], p["found_by"]) for p in page["items"]] + rest == whole


async def test_a_merged_person_is_read_as_the_one_that_was_kept(files: Files) -> None:
    kept, merged = await files.person("Léa"), await files.person("Lea")
    await files.done(f"people/{merged}/oppositions", {"scope": "sharing", "on": "2026-02-02"})
    await files.done("people/merges", {"kept": kept, "merged": merged, "reason": "entered_twice"})
    assert await files.pairs() == []
    found = await files.read(f"people/{merged}")
    assert (found["person"], found["identity"]["given_name"]) == (kept, "Léa")
    sought = {"family_name": "Martin", "birth_date": "2009-05-04"}
    answer = await files.post("people/search", sought)
    assert [one["person"] for one in answer.json()["items"]] == [kept]
    for asked in (kept, merged):
        file = await files.read(f"people/{asked}/file")
        assert (file["person"], file["merged"], file["opposed"]) == (kept, [merged], ["sharing"])
    [line] = (await files.read("people/merges"))["items"]
    assert (line["kept"], line["merged"]) == (kept, merged)
    again = await files.api.post(
        "people",
        {"family_name": "Martin", "given_name": "LÉA", "birth_date": "2009-05-04"},
        headers=files.keeper,
    )
    assert [one["person"] for one in again.json()["duplicates"]] == [kept]


async def test_an_unmerge_gives_each_their_own_again(files: Files) -> None:
    kept, merged = await files.person("Léa"), await files.person("Lea")
    merge = {"kept": kept, "merged": merged, "reason": "entered_twice"}
    await files.done("people/merges", merge)
    refused = await files.post(
        f"people/{merged}/notices", {"version": "1", "on": "2026-02-01", "means": "oral"}
    )
    assert (refused.status_code, refused.json()["code"]) == (422, "person_is_merged")
    assert kept in refused.json()["detail"]
    await files.done(f"people/merges/{merged}/undoing", {"reason": "two_people"})
    found = await files.read(f"people/{merged}")
    assert (found["person"], found["identity"]["given_name"]) == (merged, "Lea")
    assert (await files.read(f"people/{kept}/file"))["merged"] == []
    # They were judged: the index does not propose them again.
    assert await files.pairs() == []
    assert (await files.read("people/merges"))["items"] == []


async def test_whoever_only_receives_people_reads_no_file_and_merges_nobody(
    files: Files,
) -> None:
    lea = await files.person("Léa")
    for path in (f"people/{lea}/file", "people/duplicates", "people/merges"):
        answer = await files.api.get(path, headers=files.reception)
        assert answer.status_code == 403, path
    merge = {"kept": lea, "merged": an_id(1), "reason": "entered_twice"}
    answer = await files.api.post("people/merges", merge, headers=files.reception)
    assert answer.status_code == 403


async def test_no_file_is_read_of_someone_unknown(files: Files) -> None:
    await files.api.follow()
    answer = await files.api.get(f"people/{an_id(77)}/file", headers=files.keeper)
    assert answer.status_code == 404
    notice = {"version": "1", "on": "2026-02-01", "means": "oral"}
    assert (await files.post(f"people/{an_id(77)}/notices", notice)).status_code == 404
