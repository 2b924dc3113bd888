"""Evaluations, waves, departures and a participant's way, over HTTP."""

from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from core.access.journal import reads_of
from core.clock import SimulatedClock
from core.testing.scenario import an_id
from plugins.ravie.effects.instruments import INSTRUMENTS
from plugins.ravie.tests.test_api import ANIMATRICE, Ravie
from server.opening import open_tenants
from server.tests.house import served
from tests.installation import Installation

pytestmark = pytest.mark.postgres

INSTRUMENT = INSTRUMENTS.find("ravie.effets", 1)
CAREER = {"situation": "meme_emploi", "rester": 4, "usage": 5}


@pytest.fixture
async def ravie(installation: Installation, tmp_path: Path) -> AsyncIterator[Ravie]:
    clock = SimulatedClock(datetime(2026, 3, 1, tzinfo=UTC))
    async with served(installation, tmp_path, clock) as api:
        await open_tenants(api.parts, installation.tenants.values(), modules=["ravie"])
        yield Ravie(api)


def points(value: int) -> dict[str, int]:
    assert INSTRUMENT is not None
    return {item.code: 6 - value if item.reversed else value for item in INSTRUMENT.items}


async def group(ravie: Ravie, *names: str) -> tuple[str, list[str]]:
    """A cycle of the animatrice and its participants."""
    cycle = await ravie.cycle(sessions=1, capacity_max=9)
    people = [await ravie.person(name) for name in names]
    for person in people:
        body = {"person": person, "role": "assistant_de_vie"}
        await ravie.done(f"cycles/{cycle}/participants", body)
    return cycle, people


async def closed(ravie: Ravie, cycle: str) -> None:
    await ravie.done(f"cycles/{cycle}/productions", {"kind": "booklet", "title": "Nos nuits"})
    await ravie.done(f"cycles/{cycle}/closing")


async def read(ravie: Ravie, path: str, by: Mapping[str, str] | None = None) -> Any:
    answer = await ravie.read(path, by=by)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def sign(ravie: Ravie, cycle: str, minutes: Mapping[str, int]) -> None:
    (session,) = await ravie.sessions(cycle)
    real = {"started_at": "2026-01-08T14:00:00+01:00", "ended_at": "2026-01-08T17:00:00+01:00"}
    await ravie.done(f"sessions/{session}/holding", real)
    for person, signed in minutes.items():
        body = {"person": person, "minutes": signed}
        await ravie.done(f"sessions/{session}/signatures", body)


def refused(answer: httpx.Response, code: str) -> None:
    assert (answer.status_code, answer.json()["code"]) == (422, code)


async def test_what_a_cycle_changed_is_told_of_the_group_and_of_nobody(ravie: Ravie) -> None:
    cycle, people = await group(ravie, "Un", "Deux", "Trois", "Quatre", "Cinq")
    for number, person in enumerate(people):
        before = {"person": person, "moment": "before", "answers": points(2)}
        after = {"person": person, "moment": "after", "answers": points(4)}
        await ravie.done(f"cycles/{cycle}/evaluations", before)
        if number:
            await ravie.done(f"cycles/{cycle}/evaluations", after)
    effects = await read(ravie, f"cycles/{cycle}/effects", ravie.animatrice)
    total = next(each for each in effects["scales"] if each["scale"] == "total")
    assert (effects["before"], effects["after"], total["pairs"]) == (5, 4, 4)
    assert (total["withheld"], total["mean"]) == (True, None)
    await ravie.done(
        f"cycles/{cycle}/evaluations",
        {"person": people[0], "moment": "after", "answers": points(4)},
    )
    answer = await ravie.read(f"cycles/{cycle}/effects")
    total = next(each for each in answer.json()["scales"] if each["scale"] == "total")
    assert (total["before_mean"], total["mean"], total["difference"]) == (2.0, 4.0, 2.0)
    assert not any(person in answer.text for person in people)
    again = {"person": people[0], "moment": "after", "answers": points(5)}
    refused(await ravie.post(f"cycles/{cycle}/evaluations", again), "effects_already_measured")


async def test_an_evaluation_is_read_corrected_and_annulled_by_who_may(ravie: Ravie) -> None:
    cycle, (person,) = await group(ravie, "Martin")
    body = {"person": person, "moment": "before", "answers": {"isolement_1": 2}}
    answer = await ravie.post(f"cycles/{cycle}/evaluations", body, by=ravie.animatrice)
    assert answer.status_code == 201, answer.text
    evaluation = answer.json()["id"]
    seen = await read(ravie, f"evaluations/{evaluation}", ravie.animatrice)
    assert seen["answers"][:2] == [
        {"item": "isolement_1", "points": 2, "choice": None},
        {"item": "isolement_2", "points": None, "choice": None},
    ]
    assert (seen["person"], seen["moment"], seen["texts"]) == (person, "before", None)
    path = f"evaluations/{evaluation}"
    assert (await ravie.read(path, by=ravie.colleague)).status_code == 403
    mend = {"answers": {"isolement_1": 3}, "reason": "typing_error", "note": "Lu à l'envers."}
    assert (await ravie.post(f"{path}/correction", mend, by=ravie.colleague)).status_code == 403
    await ravie.done(f"{path}/correction", mend)
    assert (await read(ravie, path))["answers"][0]["points"] == 3
    await ravie.done(f"{path}/annulment", {"reason": "wrong_person", "note": "Une homonyme."})
    assert (await ravie.read(path)).status_code == 404
    assert (await read(ravie, f"cycles/{cycle}/effects"))["before"] == 0
    tenant = ravie.api.parts.tenants.find("05D")
    async with ravie.api.parts.store.database(tenant).serving(tenant) as connection:
        reads = await reads_of(connection, tenant, person)
    told = {each.reading.actor for each in reads if "evaluations" in each.reading.route}
    assert told == {"coordination", ANIMATRICE}


async def test_what_a_person_says_in_words_is_sealed_under_their_key(ravie: Ravie) -> None:
    cycle, (person,) = await group(ravie, "Martin")
    body = {
        "person": person,
        "moment": "before",
        "answers": {"isolement_1": 2},
        "texts": {"precisions": "Je me sens moins seule."},
    }
    answer = await ravie.post(f"cycles/{cycle}/evaluations", body)
    refused(answer, "instrument_has_no_sealed_item")
    body["texts"] = {"isolement_1": "beaucoup"}
    refused(await ravie.post(f"cycles/{cycle}/evaluations", body), "answer_to_unknown_item")
    await closed(ravie, cycle)
    wave = await ravie.done("waves", {"cycles": [cycle], "months": 6, "due_on": "2026-09-01"})
    await ravie.done(f"waves/{wave}/people")
    said = {"answers": CAREER, "texts": {"precisions": "J'ai trouvé deux contrats."}}
    evaluation = await ravie.done(f"waves/{wave}/people/{person}/answers", said)
    seen = await read(ravie, f"evaluations/{evaluation}")
    assert seen["texts"] == {"precisions": "J'ai trouvé deux contrats."}
    facts = await ravie.api.get("facts", headers=ravie.coordination, limit=500)
    assert "deux contrats" not in facts.text


async def test_a_wave_is_run_from_its_opening_to_its_closing(ravie: Ravie) -> None:
    cycle, people = await group(ravie, "Un", "Deux", "Trois")
    refused(
        await ravie.post("waves", {"cycles": [cycle], "months": 6, "due_on": "2026-09-01"}),
        "followed_cycle_is_still_open",
    )
    await closed(ravie, cycle)
    await ravie.api.follow()
    period = {"closed_from": "2026-03-01", "closed_to": "2026-04-01"}
    wave = await ravie.done(
        "waves", {**period, "months": 6, "due_on": "2026-09-01", "assigned": ANIMATRICE}
    )
    for path, body in (
        ("people", {"channel": "phone"}),
        (f"people/{people[1]}/reminders", {"channel": "email"}),
        (f"people/{people[0]}/answers", {"answers": CAREER}),
        (f"people/{people[1]}/no-answer", {"reason": "declined"}),
        ("closing", {}),
    ):
        answer = await ravie.post(f"waves/{wave}/{path}", body, by=ravie.animatrice)
        assert answer.status_code in (200, 201), answer.text
    row = await read(ravie, f"waves/{wave}", ravie.animatrice)
    assert (row["asked"], row["answered"], row["declined"], row["reminders"]) == (3, 1, 1, 1)
    assert (row["state"], row["cycles"]) == ("closed", [cycle])
    assert (await ravie.read(f"waves/{wave}", by=ravie.colleague)).status_code == 403
    assert [each["wave"] for each in (await read(ravie, "waves"))["items"]] == [wave]


async def test_a_wave_names_its_cycles_or_a_period(ravie: Ravie) -> None:
    usual = {"months": 6, "due_on": "2026-09-01"}
    period = {"closed_from": "2026-03-01", "closed_to": "2026-04-01"}
    for body, rule in (
        (usual, "cycles_or_period"),
        ({**usual, **period, "cycles": [an_id(1)]}, "cycles_or_period"),
        ({**usual, "closed_from": "2026-03-01"}, "cycles_or_period"),
        ({**usual, **period}, "cycles_of_period"),
    ):
        await ravie.api.follow()
        answer = await ravie.post("waves", body)
        assert (answer.status_code, answer.json()["errors"][0]["rule"]) == (400, rule)


async def test_a_departure_counts_when_enrolled(ravie: Ravie) -> None:
    cycle, (person,) = await group(ravie, "Martin")
    body = {"person": person, "training": "adcf", "cycle": cycle}
    answer = await ravie.post("training-advice", body, by=ravie.animatrice)
    departure = answer.json()["id"]
    year = {"from": "2026-01-01", "to": "2027-01-01"}

    async def counted() -> Any:
        await ravie.api.follow()
        answer = await ravie.api.get(
            "indicators/ravie.departures_to_training", headers=ravie.coordination, **year
        )
        return answer.json()["figures"][0]["value"]

    assert await counted() == 0
    for step in ("enrolment", "start", "completion"):
        answer = await ravie.post(f"departures/{departure}/{step}", by=ravie.animatrice)
        assert answer.status_code == 200, answer.text
    assert await counted() == 1
    row = await read(ravie, f"departures/{departure}", ravie.animatrice)
    assert (row["state"], row["enrolled_on"]) == ("completed", "2026-03-01")
    refused(await ravie.post(f"departures/{departure}/start"), "departure_is_over")
    listed = await ravie.api.get("ravie/departures", headers=ravie.coordination, cycle=cycle)
    assert [each["departure"] for each in listed.json()["items"]] == [departure]


async def test_a_departure_from_outside_may_be_given_up(ravie: Ravie) -> None:
    person = await ravie.person("Martin")
    departure = await ravie.done("departures", {"person": person, "training": "deaes"})
    body = {"reason": "not_funded", "note": "Dossier refusé."}
    await ravie.done(f"departures/{departure}/abandonment", body)
    row = await read(ravie, f"departures/{departure}")
    assert (row["state"], row["cycle"], row["reason"]) == ("abandoned", None, "not_funded")


async def test_a_participant_is_one_row_that_names_nobody(ravie: Ravie) -> None:
    cycle, people = await group(ravie, "Martin", "Petit")
    person = people[0]
    await sign(ravie, cycle, {person: 180})
    body = {"person": person, "moment": "before", "answers": points(2)}
    await ravie.done(f"cycles/{cycle}/evaluations", body)
    await ravie.done("departures", {"person": person, "training": "adcf", "cycle": cycle})
    project = await ravie.cycle(kind="project", sessions=1)
    seat = {"person": person, "role": "assistant_de_vie"}
    await ravie.done(f"cycles/{project}/participants", seat)
    answer = await ravie.read(f"participants/{person}")
    seen = answer.json()
    assert (seen["minutes"], seen["first_signed_on"]) == (180, "2026-01-08")
    assert [(each["cycle"], each["project"], each["regular"]) for each in seen["cycles"]] == [
        (cycle, False, False),
        (project, True, None),
    ]
    assert [each["moment"] for each in seen["evaluations"]] == ["before"]
    assert [each["state"] for each in seen["departures"]] == ["enrolled"]
    assert "Martin" not in answer.text
    assert "Claire" not in answer.text
    denied = await ravie.read(f"participants/{person}", by=ravie.animatrice)
    assert denied.status_code == 403
    assert (await ravie.read(f"participants/{an_id(0x5)}")).status_code == 404
    tenant = ravie.api.parts.tenants.find("05D")
    async with ravie.api.parts.store.database(tenant).serving(tenant) as connection:
        reads = await reads_of(connection, tenant, person)
    assert [each.reading.permission for each in reads] == ["ravie.read_participants"]


async def test_a_cycle_tells_its_newcomers_from_its_regulars(ravie: Ravie) -> None:
    first, (one, two) = await group(ravie, "Un", "Deux")
    await sign(ravie, first, {one: 180, two: 180})
    second = await ravie.cycle(sessions=1, capacity_max=9)
    three = await ravie.person("Trois")
    for person in (one, two, three):
        seat = {"person": person, "role": "assistant_de_vie"}
        await ravie.done(f"cycles/{second}/participants", seat)
    plan = {"first_on": "2026-02-05", "at": "14:00"}
    await ravie.done(f"cycles/{second}/plan", plan)
    session = (await read(ravie, f"cycles/{second}"))["calendar"][0]["session"]
    real = {"started_at": "2026-02-05T14:00:00+01:00", "ended_at": "2026-02-05T17:00:00+01:00"}
    await ravie.done(f"sessions/{session}/holding", real)
    for person in (one, three):
        await ravie.done(f"sessions/{session}/signatures", {"person": person, "minutes": 180})
    counted = await read(ravie, f"cycles/{second}/newcomers", ravie.animatrice)
    assert counted == {"cycle": second, "new": 1, "regular": 1, "unsigned": 1}
    assert (await read(ravie, f"cycles/{first}/newcomers"))["new"] == 2
    assert (await ravie.read(f"cycles/{an_id(0x6)}/newcomers")).status_code == 404


async def test_the_instruments_are_shown_with_their_questions(ravie: Ravie) -> None:
    shown = await read(ravie, "instruments", ravie.animatrice)
    assert [(each["id"], each["version"]) for each in shown] == [
        ("ravie.effets", 1),
        ("ravie.suivi", 1),
    ]
    assert len(shown[0]["items"]) == 12
    assert shown[1]["items"][0]["choices"]["meme_emploi"].startswith("Je travaille")
