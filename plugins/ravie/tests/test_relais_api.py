"""Relais, themes, models and animateurs over HTTP."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from core.clock import SimulatedClock
from core.testing.scenario import an_id
from plugins.ravie.tests.test_api import ANIMATRICE, Ravie
from server.opening import open_tenants
from server.tests.house import served
from tests.installation import Installation

pytestmark = pytest.mark.postgres

NEXT = an_id(0xB4)
REAL = {"started_at": "2026-01-08T14:00:00+01:00", "ended_at": "2026-01-08T17:00:00+01:00"}


@pytest.fixture
async def ravie(installation: Installation, tmp_path: Path) -> AsyncIterator[Ravie]:
    clock = SimulatedClock(datetime(2026, 1, 20, tzinfo=UTC))
    async with served(installation, tmp_path, clock) as api:
        await open_tenants(api.parts, installation.tenants.values(), modules=["ravie"])
        yield Ravie(api)


async def a_structure(ravie: Ravie, name: str) -> str:
    keeper = ravie.api.as_actor("registres", {"05D": ["registres.gestion"]})
    body = {"kinds": ["partner"], "name": name}
    answer = await ravie.api.post("structures", body, headers=keeper)
    assert answer.status_code == 201, answer.text
    made: str = answer.json()["id"]
    return made


async def a_relais(ravie: Ravie, **changes: Any) -> str:
    body = {"name": "Relais de Gap", "commune": "05061", **changes}
    return await ravie.done("relais", body)


async def items(ravie: Ravie, path: str, **query: str) -> list[dict[str, Any]]:
    await ravie.api.follow()
    answer = await ravie.api.get(f"ravie/{path}", headers=ravie.coordination, **query)
    assert answer.status_code == 200, answer.text
    rows: list[dict[str, Any]] = answer.json()["items"]
    return rows


async def test_a_relais_is_run_with_its_partners_from_its_opening_to_its_closing(
    ravie: Ravie,
) -> None:
    relais = await a_relais(ravie, address="05061_0320_00069")
    town, club = await a_structure(ravie, "Ville de Gap"), await a_structure(ravie, "Un club")
    host = {"structure": town, "role": "host", "convention": an_id(0xC1)}
    await ravie.done(f"relais/{relais}/partners", host)
    await ravie.done(f"relais/{relais}/partners", {"structure": club, "role": "expertise"})
    left = {"role": "expertise", "reason": "moved"}
    await ravie.done(f"relais/{relais}/partners/{club}/departure", left)
    await ravie.done(f"relais/{relais}/suspension", {"reason": "works"})
    refused = await ravie.post("cycles", {"theme": "fin_de_vie", "relais": relais})
    assert (refused.status_code, refused.json()["code"]) == (422, "relais_is_suspended")
    await ravie.done(f"relais/{relais}/resumption")

    row = (await ravie.read(f"relais/{relais}")).json()
    assert (row["name"], row["state"], row["partners"]) == ("Relais de Gap", "open", 1)
    assert [(part["role"], part["until"]) for part in row["parts"]] == [
        ("host", None),
        ("expertise", "2026-01-20"),
    ]
    await ravie.done(f"relais/{relais}/closing", {"reason": "funding_ended"})
    before = await ravie.api.get(
        f"ravie/relais/{relais}", headers=ravie.coordination, as_of="2026-01-19"
    )
    assert before.status_code == 404
    assert await items(ravie, "relais", state="open") == []
    assert [one["relais"] for one in await items(ravie, "relais", state="closed")] == [relais]


async def test_the_dashboard_tells_a_relais_and_what_its_cycles_came_to(ravie: Ravie) -> None:
    relais, empty = await a_relais(ravie), await a_relais(ravie, name="Relais d'Embrun")
    cycle = await ravie.cycle(relais=relais, sessions=3)
    person = await ravie.person("Martin")
    body = {"person": person, "role": "assistant_de_vie"}
    await ravie.done(f"cycles/{cycle}/participants", body)
    first, *_ = await ravie.sessions(cycle)
    await ravie.done(f"sessions/{first}/holding", REAL)
    await ravie.done(f"sessions/{first}/signatures", {"person": person, "minutes": 150})
    await ravie.done(f"cycles/{cycle}/productions", {"kind": "film", "title": "Une nuit"})
    project = await ravie.cycle(relais=relais, kind="project", theme="lieu_ressources")
    town = await a_structure(ravie, "Ville de Gap")
    await ravie.done(f"relais/{relais}/partners", {"structure": town, "role": "host"})

    gap, embrun = await items(ravie, "relais-dashboard")
    assert (gap["relais"], embrun["relais"]) == (relais, empty)
    told = ("cycles_open", "cycles_closed", "project_cycles", "minutes", "participants")
    assert [gap[name] for name in told] == [1, 0, 1, 150, 1]
    assert (gap["productions"], gap["partners"], gap["flags"]) == (1, 1, [])
    # The second session, of 15 January, is past and was not recorded: the next is the third.
    assert gap["next_session"] == "2026-01-22T13:00:00Z"
    assert gap["last_activity_on"] == "2026-01-20"
    assert [embrun[name] for name in told] == [0, 0, 0, 0, 0]
    assert (embrun["next_session"], embrun["last_activity_on"]) == (None, "2026-01-20")

    await ravie.done(f"relais/{relais}/closing", {"reason": "moved"})
    (gap,) = await items(ravie, "relais-dashboard", state="closed")
    assert gap["flags"] == ["open_cycles_in_a_closed_relais"]
    assert [one["cycle"] for one in await items(ravie, "cycles", kind="project")] == [project]


async def test_the_register_of_cycles_is_read_by_kind_relais_format_and_model(
    ravie: Ravie,
) -> None:
    structure = await a_structure(ravie, "Organisme de formation")
    relais = await a_relais(ravie, structure=structure)
    here = await ravie.cycle(relais=relais, modality="remote", capacity_min=7)
    project = await ravie.cycle(kind="project", theme="lieu_ressources")
    await ravie.done("models/adoption", {"model": "national-5x3", "version": 1})
    under = await ravie.cycle(capacity_min=7)
    for asked, found in (
        ({"kind": "professional"}, [here, under]),
        ({"kind": "project"}, [project]),
        ({"relais": relais}, [here]),
        ({"format": "remote"}, [here]),
        ({"model": "national-5x3"}, [under]),
        ({"theme": "lieu_ressources", "state": "open"}, [project]),
        ({"state": "closed"}, []),
    ):
        rows = await items(ravie, "cycles", **asked)
        assert [one["cycle"] for one in rows] == found, asked
    row = (await ravie.read(f"cycles/{here}")).json()
    assert (row["structure"], row["referentiel"], row["format"]) == (
        structure,
        "assistants-de-vie",
        "remote",
    )


async def test_themes_are_offered_declared_and_retired(ravie: Ravie) -> None:
    declared = {
        "theme": "hiver_en_montagne",
        "title": "Travailler l'hiver en montagne",
        "referentiel": "assistants-de-vie",
        "referentiel_version": 1,
        "competences": ["c1.3", "c4.1"],
    }
    await ravie.done("themes", declared)
    await ravie.done("themes/numerique/retirement", {"reason": "no_demand"})
    themes = {one["theme"]: one for one in (await ravie.read("themes")).json()}
    assert themes["hiver_en_montagne"]["competences"] == ["c1.3", "c4.1"]
    assert (themes["fin_de_vie"]["declared"], themes["fin_de_vie"]["usable"]) == (False, True)
    assert themes["numerique"]["usable"] is False
    refused = await ravie.post("cycles", {"theme": "hiver_montagne"})
    assert (refused.status_code, refused.json()["code"]) == (422, "unknown_theme")
    assert "hiver_en_montagne" in refused.json()["detail"]
    (referentiel,) = (await ravie.read("referentiels", by=ravie.animatrice)).json()
    assert (referentiel["version"], referentiel["proposal"]) == (1, True)
    forbidden = await ravie.post("themes", declared, by=ravie.animatrice)
    assert forbidden.status_code == 403


async def test_a_model_is_adopted_with_its_deviations_then_left(ravie: Ravie) -> None:
    larger = {"setting": "capacity_max", "value": 12, "reason": "waiting_lists"}
    body = {"model": "national-5x3", "version": 1, "deviations": [larger]}
    await ravie.done("models/adoption", body)
    (model,) = (await ravie.read("models", by=ravie.animatrice)).json()
    assert (model["adopted"], model["deviations"]) == (True, [larger])
    assert model["published"]["shape"]["sessions"] == 5
    refused = await ravie.post("cycles", {"theme": "fin_de_vie", "sessions": 4})
    assert (refused.status_code, refused.json()["code"]) == (422, "shape_deviates_from_model")
    assert "« sessions »" in refused.json()["detail"]
    cycle = await ravie.done("cycles", {"theme": "fin_de_vie"})
    row = (await ravie.read(f"cycles/{cycle}")).json()
    assert (row["model"], row["model_version"]) == ("national-5x3", 1)
    assert (row["capacity_max"], row["deviates_on"]) == (12, ["capacity_max"])
    await ravie.done("models/leaving", {"reason": "own_model"})
    (model,) = (await ravie.read("models")).json()
    assert (model["adopted"], model["deviations"]) == (False, [])


async def test_another_animateur_takes_over_and_the_former_no_longer_sees_the_cycle(
    ravie: Ravie,
) -> None:
    cycle = await ravie.cycle(sessions=2)
    await ravie.done(f"cycles/{cycle}/plan", {"first_on": "2026-02-05", "at": "14:00"})
    await ravie.done(f"cycles/{cycle}/animateur", {"animateur": NEXT, "reason": "leave"})
    row = (await ravie.read(f"cycles/{cycle}")).json()
    assert (row["animateur"], row["animateurs"]) == (NEXT, sorted([ANIMATRICE, NEXT]))
    successor = ravie.api.as_actor(NEXT, {"05D": ["ravie.animateur"]})
    session = row["calendar"][0]["session"]
    assert (await ravie.read(f"sessions/{session}", by=successor)).json()["animateur"] == NEXT
    for path in (f"cycles/{cycle}", f"sessions/{session}"):
        assert (await ravie.read(path, by=ravie.animatrice)).status_code == 403
    await ravie.done(f"cycles/{cycle}/animateur/end", {"reason": "resigned"})
    assert (await ravie.read(f"cycles/{cycle}")).json()["animateur"] is None


async def test_the_training_of_an_animateur_is_read_from_the_register(ravie: Ravie) -> None:
    person = await ravie.person("Faure")
    keeper = ravie.api.as_actor("registres", {"05D": ["registres.gestion"]})
    registered = await ravie.api.post("professionals", {"person": person}, headers=keeper)
    assert registered.status_code == 201, registered.text
    animateur = registered.json()["id"]
    cycle = await ravie.cycle(sessions=1, animateur=animateur)
    (session,) = await ravie.sessions(cycle)
    await ravie.done(f"sessions/{session}/holding", REAL)
    (line,) = (await ravie.read(f"cycles/{cycle}/animateurs")).json()
    assert (line["sessions"], line["flags"]) == (1, ["untrained_animateur"])
    assert len(await items(ravie, "animateurs", trained="false")) == 1

    followed = {"training": "animation_ravie", "occurred_at": "2026-01-05T09:00:00+01:00"}
    answer = await ravie.api.post(f"professionals/{animateur}/trainings", followed, headers=keeper)
    assert answer.status_code == 201, answer.text
    (line,) = (await ravie.read(f"cycles/{cycle}/animateurs")).json()
    assert (line["trained_on"], line["flags"]) == ("2026-01-05", [])
    (row,) = await items(ravie, "animateurs", trained="true")
    assert (row["animateur"], row["cycles"]) == (animateur, 1)
    assert (await ravie.read(f"cycles/{an_id(77)}/animateurs")).status_code == 404


async def test_each_session_has_its_own_modality_and_the_format_follows(ravie: Ravie) -> None:
    cycle = await ravie.cycle(sessions=2)
    plan = {
        "first_on": "2026-01-08",
        "at": "14:00",
        "modalities": ["in_person", "remote"],
    }
    await ravie.done(f"cycles/{cycle}/plan", plan)
    row = (await ravie.read(f"cycles/{cycle}")).json()
    assert [slot["modality"] for slot in row["calendar"]] == ["in_person", "remote"]
    first, second = (slot["session"] for slot in row["calendar"])
    await ravie.done(f"sessions/{first}/holding", {**REAL, "modality": "remote"})
    move = {"starts_at": "2026-01-16T14:00:00+01:00", "reason": "snow", "modality": "in_person"}
    await ravie.done(f"sessions/{second}/move", move)
    row = (await ravie.read(f"cycles/{cycle}")).json()
    assert (row["modality"], row["format"]) == ("in_person", "remote")
    later = {"started_at": "2026-01-16T14:00:00+01:00", "ended_at": "2026-01-16T17:00:00+01:00"}
    await ravie.done(f"sessions/{second}/holding", later)
    assert (await ravie.read(f"cycles/{cycle}")).json()["format"] == "mixed"


async def test_a_code_that_is_not_one_is_malformed(ravie: Ravie) -> None:
    for path, body in (
        ("relais", {"name": "G"}),
        ("relais", {"name": "Gap", "commune": "Gap"}),
        (f"relais/{an_id(1)}/partners", {"structure": an_id(2), "role": "voisin"}),
        ("models/adoption", {"model": "national-5x3", "version": 0}),
        ("themes", {"theme": "Hiver", "title": "L'hiver"}),
    ):
        answer = await ravie.post(path, body)
        assert answer.status_code == 400, path
        assert answer.json()["errors"]
