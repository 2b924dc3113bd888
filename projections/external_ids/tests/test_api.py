"""Another software pushes its records under its own ids, as often as it likes."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from server.opening import open_tenants
from server.tests.house import Api, served
from tests.installation import Installation

pytestmark = pytest.mark.postgres

PERSON = {
    "source": "paie",
    "external_id": "DUPONT-1971",
    "family_name": "Inventée",
    "given_name": "Zoé",
    "birth_date": "1971-03-12",
}
CYCLE = {"source": "paie", "external_id": "RAVIE-1", "theme": "sommeil", "sessions": 3}
STRUCTURE = {
    "source": "paie",
    "external_id": "S-1",
    "kinds": ["association"],
    "name": "Association des relais",
}
SEAT = {
    "source": "paie",
    "cycle": "RAVIE-1",
    "participant": "DUPONT-1971",
    "role": "assistant_de_vie",
}


class Payroll:
    """The other software, with an account of its own."""

    def __init__(self, api: Api, *roles: str) -> None:
        self.api = api
        self.headers = api.as_actor("paie", {"05D": ["logiciel", "essais.tout", *roles]})

    async def push(self, path: str, body: Any) -> Any:
        answer = await self.api.put(path, body, headers=self.headers)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def facts(self, after: int = 0) -> str:
        return (await self.api.get("facts", headers=self.headers, after=after, limit=500)).text


@pytest.fixture
async def payroll(installation: Installation, tmp_path: Path) -> AsyncIterator[Payroll]:
    async with served(installation, tmp_path) as api:
        await open_tenants(api.parts, [installation.tenant()], modules=["ravie"])
        yield Payroll(api, "ravie.coordination", "registres.gestion", "administrateur")


async def test_a_person_is_created_then_unchanged_then_changed(payroll: Payroll) -> None:
    first = await payroll.push("people", PERSON)
    assert first["outcome"] == "created"
    again = await payroll.push("people", PERSON)
    assert (again["outcome"], again["id"], again["facts"]) == ("unchanged", first["id"], [])
    changed = await payroll.push("people", PERSON | {"family_name": "Réinventée"})
    assert (changed["outcome"], changed["id"]) == ("changed", first["id"])
    read = await payroll.api.get(f"people/{first['id']}", headers=payroll.headers)
    assert read.json()["identity"]["family_name"] == "Réinventée"
    found = await payroll.api.post(
        "people/search",
        {"family_name": "reinventee", "birth_date": "1971-03-12"},
        headers=payroll.headers,
    )
    assert [each["person"] for each in found.json()["items"]] == [first["id"]]
    gone = await payroll.api.post(
        "people/search",
        {"family_name": "Inventée", "birth_date": "1971-03-12"},
        headers=payroll.headers,
    )
    assert gone.json()["items"] == [], "nobody is found under what was corrected"


async def test_an_external_id_is_nowhere_in_the_clear(payroll: Payroll) -> None:
    pushed = await payroll.push("people", PERSON)
    facts = await payroll.facts()
    assert "external_ids.external_id_linked.v1" in facts
    assert "DUPONT" not in facts
    assert "Inventée" not in facts
    assert "DUPONT" not in str(pushed)


async def test_the_way_back_gives_the_external_ids_of_a_thing(payroll: Payroll) -> None:
    person = (await payroll.push("people", PERSON))["id"]
    await payroll.api.follow()
    read = await payroll.api.get("external-ids", headers=payroll.headers, thing=person)
    assert read.json()["items"] == [
        {"kind": "person", "source": "paie", "external_id": "DUPONT-1971"}
    ]
    stranger = payroll.api.as_actor("autre", {"05D": ["essais.tout"]})
    refused = await payroll.api.get("external-ids", headers=stranger, thing=person)
    assert refused.status_code == 403


async def test_a_cycle_and_who_takes_part_are_pushed_and_corrected(payroll: Payroll) -> None:
    await payroll.push("people", PERSON)
    cycle = await payroll.push("ravie/cycles", CYCLE)
    assert cycle["outcome"] == "created"
    assert (await payroll.push("ravie/cycles", CYCLE))["outcome"] == "unchanged"
    other = await payroll.push("ravie/cycles", CYCLE | {"theme": "repos"})
    assert (other["outcome"], other["id"]) == ("changed", cycle["id"])
    outcomes = [
        (await payroll.push("ravie/participants", SEAT | more))["outcome"]
        for more in (
            {},
            {},
            {"role": "proche_aidant"},
            {"role": "proche_aidant"},
            {"role": "proche_aidant", "left": "new_job"},
            {"role": "proche_aidant", "left": "new_job"},
        )
    ]
    assert outcomes == ["created", "unchanged", "changed", "unchanged", "changed", "unchanged"]


async def test_a_structure_changes_only_in_what_differs(payroll: Payroll) -> None:
    made = await payroll.push("structures", STRUCTURE)
    assert made["outcome"] == "created"
    assert (await payroll.push("structures", STRUCTURE))["outcome"] == "unchanged"
    before = made["position"]
    changed = await payroll.push(
        "structures", STRUCTURE | {"name": "Relais réunis", "siren": "732829320"}
    )
    assert changed["outcome"] == "changed"
    page = await payroll.api.get("facts", headers=payroll.headers, after=before)
    assert [each["name"] for each in page.json()["items"]] == [
        "registers.structure_renamed.v1",
        "registers.structure_identifiers_changed.v1",
    ]
    assert (await payroll.push("structures", STRUCTURE | {"name": "Relais réunis"}))[
        "outcome"
    ] == "unchanged", "a number that is not told stays"


async def test_another_source_or_tenant_has_other_things(payroll: Payroll) -> None:
    first = await payroll.push("people", PERSON)
    other = await payroll.push("people", PERSON | {"source": "autre"})
    assert other["id"] != first["id"]
    lyon = payroll.api.as_actor("paie", {"69D": ["logiciel", "essais.tout"]})
    answer = await payroll.api.put("/api/v1/tenants/69D/people", PERSON, headers=lyon)
    assert answer.json()["id"] not in (first["id"], other["id"])


async def test_what_was_not_pushed_before_is_not_enrolled(payroll: Payroll) -> None:
    await payroll.push("people", PERSON)
    for body, code in (
        (SEAT, "not_found"),
        (SEAT | {"participant": "inconnue"}, "person_is_unknown"),
    ):
        if code == "person_is_unknown":
            await payroll.push("ravie/cycles", CYCLE)
        answer = await payroll.api.put("ravie/participants", body, headers=payroll.headers)
        assert answer.json()["code"] == code


async def test_only_software_that_may_links_its_ids(payroll: Payroll) -> None:
    before = await payroll.facts()
    person = payroll.api.as_actor("accueil", {"05D": ["essais.tout"]})
    answer = await payroll.api.put("people", PERSON, headers=person)
    assert answer.status_code == 403
    assert await payroll.facts() == before
    unknown = {name: value for name, value in PERSON.items() if name != "external_id"}
    answer = await payroll.api.put("people", unknown, headers=payroll.headers)
    assert answer.status_code == 400
    assert msgspec.json.decode(answer.content)["errors"][0]["field"] == "external_id"
