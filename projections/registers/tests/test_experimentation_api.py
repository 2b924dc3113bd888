"""The lieu ressources over HTTP, as the source tells it."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from core.access.actor import KnownAs
from core.access.journal import reads_of
from core.clock import SimulatedClock
from core.testing.scenario import an_id
from server.tests.house import Api, served
from tests.installation import Installation

pytestmark = pytest.mark.postgres


class Experiments:
    """Who keeps the registers of a tenant."""

    def __init__(self, api: Api) -> None:
        self.api = api
        self.keeper = api.as_actor(an_id(0xC1), {"05D": ["registres.gestion", "accueil"]})

    async def post(self, path: str, body: Any, by: dict[str, str] | None = None) -> httpx.Response:
        return await self.api.post(path, body, headers=by or self.keeper)

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

    async def structure(self, name: str) -> str:
        return await self.done("structures", {"kinds": ["partenaire"], "name": name})


@pytest.fixture
async def experiments(installation: Installation, tmp_path: Path) -> AsyncIterator[Experiments]:
    clock = SimulatedClock(datetime(2026, 3, 1, 11, tzinfo=UTC))
    async with served(installation, tmp_path, clock) as api:
        yield Experiments(api)


def opening(structure: str) -> dict[str, Any]:
    return {
        "scheme": "lieu_ressources",
        "title": "Un lieu pour les particuliers employeurs et les assistants de vie",
        "structure": structure,
        "territories": ["05"],
        "starts_on": "2019-09-01",
        "ends_on": "2020-12-31",
        "review_due_on": "2020-10-31",
        "criteria": [
            {
                "code": "frequentation",
                "sentence": "Taux de fréquentation",
                "figure": "visits",
                "target": 200,
            },
            {"code": "isolement", "sentence": "Sentiment d'isolement", "figure": "isolation"},
        ],
    }


async def test_an_experimentation_goes_from_its_cahier_des_charges_to_what_spreads(
    experiments: Experiments,
) -> None:
    ergologic = await experiments.structure("Ergologic")
    council = await experiments.structure("Conseil départemental")
    lieu = await experiments.done("experimentations", opening(ergologic))
    at = f"experimentations/{lieu}"
    early = {"on": "2022-01-20", "outcome": "continued", "spreading": "yes"}
    refused = await experiments.post(f"{at}/conclusion", early)
    assert (refused.status_code, refused.json()["code"]) == (422, "criteria_are_not_reviewed")

    member = {"member": council, "kind": "structure", "role": "partenaire", "since": "2019-09-01"}
    await experiments.done(f"{at}/members", member)
    met = {"on": "2019-10-03", "present": [council], "volunteers": 4, "decisions": ["Ouvrir à Gap"]}
    await experiments.done(f"{at}/meetings", met)
    await experiments.done(
        f"{at}/communications",
        {"kind": "inauguration", "on": "2019-11-14", "title": "Inauguration du Locommun"},
    )
    reviewed = {"stage": "interim", "on": "2020-10-15"}
    await experiments.done(
        f"{at}/reviews",
        {
            **reviewed,
            "criterion": "frequentation",
            "assessment": "met",
            "value": 212,
            "note": "Bien au-dessus",
        },
    )
    row = await experiments.read(at)
    assert row["due"] == [
        {"what": "interim_review", "on": "2020-10-31"},
        {"what": "end", "on": "2020-12-31"},
    ]
    await experiments.done(
        f"{at}/extension", {"to_on": "2021-12-31", "reason": "covid_19", "note": "Confinements"}
    )
    await experiments.done(
        f"{at}/reviews",
        {
            **reviewed,
            "criterion": "isolement",
            "assessment": "not_assessed",
            "reason": "covid_19",
        },
    )
    await experiments.done(
        f"{at}/members/{council}/departure", {"on": "2021-06-30", "reason": "elections"}
    )
    await experiments.done(
        f"{at}/kits", {"version": "v1", "audience": "animateurs", "on": "2021-10-01"}
    )
    concluded = {**early, "spreading": "with_conditions", "conditions": "Un financement pérenne"}
    await experiments.done(f"{at}/conclusion", concluded)
    await experiments.done(f"{at}/kits/v1/deliveries", {"structure": council, "on": "2022-02-01"})
    await experiments.done(f"{at}/spreading", {"territory": "04", "on": "2022-02-10"})

    row = await experiments.read(at)
    assert (row["state"], row["ends_on"], row["outcome"]) == (
        "concluded",
        "2021-12-31",
        "continued",
    )
    [extension] = row["extensions"]
    assert (extension["from_on"], extension["to_on"]) == ("2020-12-31", "2021-12-31")
    [partner] = row["members"]
    assert (partner["meetings"], partner["present"], partner["until"]) == (1, 1, "2021-06-30")
    assert row["kits"][0]["handed"] == [{"structure": council, "on": "2022-02-01"}]
    assert [one["territory"] for one in row["spread"]] == ["04"]
    assert row["due"] == []

    texts = await experiments.read(f"{at}/texts")
    assert texts["title"].startswith("Un lieu pour")
    assert texts["sentences"][0] == {"of": "frequentation", "text": "Taux de fréquentation"}
    assert texts["reviews"] == [{"of": "frequentation", "text": "Bien au-dessus"}]
    assert [one["text"] for one in texts["decisions"]] == ["Ouvrir à Gap"]
    assert [one["text"] for one in texts["actions"]] == ["Inauguration du Locommun"]
    assert texts["extensions"] == [{"of": "2021-12-31", "text": "Confinements"}]
    assert [one["text"] for one in texts["conditions"]] == ["Un financement pérenne"]


async def test_experimentations_are_listed_by_what_became_of_them(
    experiments: Experiments,
) -> None:
    lieu = await experiments.done("experimentations", opening(await experiments.structure("A")))
    for state, found in (("open", [lieu]), ("concluded", [])):
        listed = await experiments.read("experimentations", state=state)
        assert [row["experimentation"] for row in listed["items"]] == found
    named = await experiments.read("experimentations", scheme="apv")
    assert named["items"] == []


async def test_a_structure_opens_and_sees_its_own_experimentations_only(
    experiments: Experiments,
) -> None:
    ours, theirs = await experiments.structure("A"), await experiments.structure("B")
    us = experiments.api.as_actor(
        an_id(0xC2),
        {"05D": ["registres.structure"]},
        known_as={"05D": KnownAs(structures=frozenset({ours}))},
    )
    not_ours = await experiments.done("experimentations", opening(theirs))
    answer = await experiments.post("experimentations", opening(ours), by=us)
    assert answer.status_code == 201, answer.text
    assert (await experiments.post("experimentations", opening(theirs), by=us)).status_code == 403
    await experiments.api.follow()
    listed = (await experiments.api.get("experimentations", headers=us)).json()["items"]
    assert [row["experimentation"] for row in listed] == [answer.json()["id"]]
    for path in (f"experimentations/{not_ours}", f"experimentations/{not_ours}/texts"):
        assert (await experiments.api.get(path, headers=us)).status_code == 403


async def test_reading_the_texts_of_an_experimentation_is_written_in_the_journal(
    experiments: Experiments,
) -> None:
    lieu = await experiments.done("experimentations", opening(await experiments.structure("A")))
    await experiments.read(f"experimentations/{lieu}/texts")
    parts = experiments.api.parts
    tenant = parts.tenants.find("05D")
    async with parts.serving[tenant.placement].serving(tenant) as connection:
        [read] = await reads_of(connection, tenant, lieu)
    assert read.reading.permission == "registers.read_experimentations"


async def test_an_experimentation_that_is_not_there_is_not_found(
    experiments: Experiments,
) -> None:
    await experiments.api.follow()
    for path in (f"experimentations/{an_id(77)}", f"experimentations/{an_id(77)}/texts"):
        answer = await experiments.api.get(path, headers=experiments.keeper)
        assert answer.status_code == 404
    extension = {"to_on": "2021-12-31", "reason": "covid_19"}
    refused = await experiments.post(f"experimentations/{an_id(77)}/extension", extension)
    assert refused.status_code == 404
