"""Attestations over HTTP: issued, printed, checked by whoever is shown one, replaced, withdrawn."""

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
import structlog
from psycopg import sql

from core.access.journal import reads_of
from core.clock import SimulatedClock
from core.testing.scenario import an_id
from plugins.ravie.tests.test_api import Ravie
from plugins.ravie.tests.test_papers_api import text_of
from server.opening import open_tenants
from server.tests.house import served
from tests.installation import Installation

pytestmark = pytest.mark.postgres

NAMES = ("Bérengère-Test", "Durand")
CHECK = re.compile(r"http\S+/attestations/check/\S+")


@pytest.fixture
async def ravie(installation: Installation, tmp_path: Path) -> AsyncIterator[Ravie]:
    clock = SimulatedClock(datetime(2026, 3, 1, tzinfo=UTC))
    async with served(installation, tmp_path, clock) as api:
        await open_tenants(api.parts, installation.tenants.values(), modules=["ravie"])
        yield Ravie(api)


async def a_cycle(ravie: Ravie, **shape: Any) -> tuple[str, list[str]]:
    """A closed cycle of one session of 3 h: one person signed all of it, the other 2 h 15."""
    cycle = await ravie.cycle(sessions=1, **shape)
    people = [await ravie.person(name) for name in NAMES]
    for person in people:
        body = {"person": person, "role": "assistant_de_vie"}
        await ravie.done(f"cycles/{cycle}/participants", body)
    (session,) = await ravie.sessions(cycle)
    times = {"started_at": "2026-01-08T14:00:00+01:00", "ended_at": "2026-01-08T17:00:00+01:00"}
    await ravie.done(f"sessions/{session}/holding", times)
    for person, minutes in zip(people, (180, 135), strict=True):
        signature = {"person": person, "minutes": minutes}
        await ravie.done(f"sessions/{session}/signatures", signature)
    await ravie.done(f"cycles/{cycle}/productions", {"kind": "booklet", "title": "Nos nuits"})
    await ravie.done(f"cycles/{cycle}/closing")
    return cycle, people


async def issue(ravie: Ravie, cycle: str, **body: Any) -> list[dict[str, Any]]:
    answer = await ravie.post(f"cycles/{cycle}/attestations", body)
    assert answer.status_code == 201, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def printed(ravie: Ravie, cycle: str, attestation: str) -> str:
    answer = await ravie.read(f"cycles/{cycle}/attestations/{attestation}/attestation.pdf")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["cache-control"] == "no-store"
    return text_of(answer.content)


async def checked(ravie: Ravie, text: str) -> httpx.Response:
    """What anyone is answered at the address that is printed, broken over lines as it may be."""
    start = text.index("http")
    url = text[start : text.index("Numéro", start)].replace(" ", "")
    assert CHECK.fullmatch(url), url
    return await ravie.api.client.get(url[url.index("/api") :])


async def correct_first_signature(ravie: Ravie, person: str) -> None:
    """The person had signed 150 minutes."""
    facts = (await ravie.api.get("facts", headers=ravie.coordination, limit=500)).json()["items"]
    fact = next(
        f for f in facts if f["name"].startswith("session.attendance") and f["person"] == person
    )
    body = {
        "stream": fact["stream"],
        "fact": fact["id"],
        "replacement": {**fact["body"], "minutes": 150},
        "reason": "typing_error",
    }
    answer = await ravie.api.post("corrections/correct", body, headers=ravie.coordination)
    assert answer.status_code == 200, answer.text


async def test_all_of_a_cycle_are_attested_in_one_request(ravie: Ravie) -> None:
    cycle, people = await a_cycle(ravie)
    items = await issue(ravie, cycle)
    assert [(one["number"], one["minutes"], one["complete"]) for one in items] == [
        ("2026-00001", 180, True),
        ("2026-00002", 135, False),
    ]
    assert {one["person"] for one in items} == set(people)
    rows = (await ravie.read(f"cycles/{cycle}/attestations")).json()["items"]
    assert [(row["number"], row["state"]) for row in rows] == [
        ("2026-00001", "valid"),
        ("2026-00002", "valid"),
    ]
    one = await ravie.read(f"cycles/{cycle}/attestations/{rows[0]['attestation']}")
    assert one.json() == rows[0]
    assert (await ravie.read("attestations")).json()["items"] == rows
    assert await issue(ravie, cycle) == []


async def test_one_person_is_attested_alone(ravie: Ravie) -> None:
    cycle, people = await a_cycle(ravie)
    (one,) = await issue(ravie, cycle, person=people[1])
    assert (one["person"], one["number"]) == (people[1], "2026-00001")
    again = await ravie.post(f"cycles/{cycle}/attestations", {"person": people[1]})
    assert (again.status_code, again.json()["code"]) == (422, "attestation_already_issued")
    assert "2026-00001" in again.json()["detail"]


async def test_the_paper_says_the_hours_and_to_whom_and_the_journal_who_printed_it(
    ravie: Ravie,
) -> None:
    cycle, people = await a_cycle(ravie)
    complete, partial = await issue(ravie, cycle)
    text = await printed(ravie, cycle, complete["attestation"])
    for said in (
        "Attestation de participation",
        "N° 2026-00001",
        "BÉRENGÈRE-TEST Claire, né ou née le 4 mai 1980,",
        "« Fin de vie »",
        "3 h 00",
        "Le cycle est complet",
        "jeudi 8 janvier 2026",
        "Délivrée le 1er mars 2026",
    ):
        assert said in text
    partly = await printed(ravie, cycle, partial["attestation"])
    assert "2 h 15" in partly
    assert "La participation est partielle" in partly
    tenant = ravie.api.parts.tenants.find("05D")
    async with ravie.api.parts.home.serving(tenant) as connection:
        (read,) = await reads_of(connection, tenant, people[0])
    assert read.reading.permission == "ravie.attest"


async def test_the_same_attestation_is_printed_with_the_same_bytes(ravie: Ravie) -> None:
    cycle, _ = await a_cycle(ravie)
    (one, _) = await issue(ravie, cycle)
    path = f"cycles/{cycle}/attestations/{one['attestation']}/attestation.pdf"
    assert (await ravie.read(path)).content == (await ravie.read(path)).content


async def test_anyone_checks_a_paper_at_the_address_on_it_and_reads_no_name(ravie: Ravie) -> None:
    cycle, people = await a_cycle(ravie)
    (_, one) = await issue(ravie, cycle)
    answer = await checked(ravie, await printed(ravie, cycle, one["attestation"]))
    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert answer.json() == {
        "number": "2026-00002",
        "status": "valid",
        "issuer": ravie.api.parts.tenants.find("05D").name,
        "structure": None,
        "theme": "fin_de_vie",
        "hours": "2\u00a0h\u00a015",
        "minutes": 135,
        "complete": False,
        "interrupted": False,
        "days": ["2026-01-08"],
        "issued_on": "2026-03-01",
        "ended_on": None,
        "replaced_by": None,
    }
    for hidden in (*NAMES, "Claire", "1980", *people):
        assert hidden not in answer.text


async def test_whatever_is_wrong_with_a_check_is_told_the_same(ravie: Ravie) -> None:
    cycle, _ = await a_cycle(ravie)
    first, second = await issue(ravie, cycle)
    texts = [await printed(ravie, cycle, one["attestation"]) for one in (first, second)]
    codes = [re.search(r"code de vérification ([0-9A-Z-]{19})", text) for text in texts]
    assert codes[0] is not None
    assert codes[1] is not None
    right, other = codes[0][1], codes[1][1]
    base = "/api/v1/tenants/{}/ravie/attestations/check/{}/{}"
    client = ravie.api.client
    await ravie.api.follow("69D")
    typed = right.lower().replace("-", "").replace("0", "o")
    assert (await client.get(base.format("05D", "2026-00001", typed))).status_code == 200
    problems = []
    for address in (
        base.format("05D", "2026-00001", other),
        base.format("05D", "2026-00001", "x"),
        base.format("05D", "2026-00099", right),
        base.format("05D", "n'importe quoi", right),
        base.format("69D", "2026-00001", right),
        base.format("99Z", "2026-00001", right),
    ):
        answer = await client.get(address)
        assert answer.status_code == 404, address
        problems.append({k: v for k, v in answer.json().items() if k != "instance"})
    assert [problem for problem in problems if problem != problems[0]] == []


async def test_a_correction_flags_the_attestation_and_another_one_replaces_it(ravie: Ravie) -> None:
    cycle, people = await a_cycle(ravie)
    (old, _) = await issue(ravie, cycle)
    assert (await ravie.read("attestations-to-reissue")).json()["items"] == []
    await correct_first_signature(ravie, people[0])
    (seat,) = (await ravie.read("attestations-to-reissue")).json()["items"]
    assert (seat["person"], seat["minutes"], seat["attested_minutes"]) == (people[0], 150, 180)
    (new,) = await issue(ravie, cycle)
    assert (new["minutes"], new["replaces"], new["number"]) == (
        150,
        old["attestation"],
        "2026-00003",
    )
    assert (await ravie.read("attestations-to-reissue")).json()["items"] == []
    text = await printed(ravie, cycle, old["attestation"])
    assert "a été remplacée le 1er mars 2026 par l’attestation n° 2026-00003" in text
    answer = (await checked(ravie, text)).json()
    assert (answer["status"], answer["replaced_by"]) == ("replaced", "2026-00003")


async def test_a_withdrawn_attestation_says_so_wherever_it_is_read(ravie: Ravie) -> None:
    cycle, _ = await a_cycle(ravie)
    (one, _) = await issue(ravie, cycle)
    path = f"cycles/{cycle}/attestations/{one['attestation']}"
    await ravie.done(f"{path}/withdrawal", {"reason": "given_by_mistake"})
    assert (await ravie.read(path)).json()["state"] == "withdrawn"
    text = await printed(ravie, cycle, one["attestation"])
    assert "Cette attestation a été retirée le 1er mars 2026" in text
    assert (await checked(ravie, text)).json()["status"] == "withdrawn"
    again = await ravie.post(f"{path}/withdrawal", {"reason": "given_by_mistake"})
    assert again.json()["code"] == "attestation_is_withdrawn"


async def test_only_who_runs_the_cycle_attests(ravie: Ravie) -> None:
    cycle, _ = await a_cycle(ravie)
    refused = await ravie.post(f"cycles/{cycle}/attestations", by=ravie.colleague)
    assert refused.status_code == 403
    done = await ravie.post(f"cycles/{cycle}/attestations", by=ravie.animatrice)
    assert done.status_code == 201
    one = done.json()["items"][0]["attestation"]
    path = f"cycles/{cycle}/attestations/{one}"
    for read in (path, f"{path}/attestation.pdf", f"cycles/{cycle}/attestations"):
        assert (await ravie.read(read, by=ravie.colleague)).status_code == 403
        assert (await ravie.read(read, by=ravie.animatrice)).status_code == 200


async def test_an_attestation_is_read_under_its_own_cycle_only(ravie: Ravie) -> None:
    cycle, _ = await a_cycle(ravie)
    (one, _) = await issue(ravie, cycle)
    other = await ravie.cycle()
    for path in ("", "/attestation.pdf"):
        wrong = await ravie.read(f"cycles/{other}/attestations/{one['attestation']}{path}")
        assert wrong.status_code == 404
    assert (await ravie.read(f"cycles/{cycle}/attestations/{an_id(77)}")).status_code == 404


async def test_the_same_request_under_the_same_key_issues_once(ravie: Ravie) -> None:
    cycle, _ = await a_cycle(ravie)
    path = f"ravie/cycles/{cycle}/attestations"
    sent = [
        await ravie.api.post(path, {}, headers=ravie.coordination, key="envoi-1") for _ in range(2)
    ]
    first, again = [answer.json() for answer in sent]
    assert again == {**first, "repeated": True}
    assert len(first["items"]) == 2


async def test_no_name_is_in_a_fact_a_log_an_address_or_a_file_name(ravie: Ravie) -> None:
    with structlog.testing.capture_logs() as logs:
        cycle, _ = await a_cycle(ravie)
        (one, _) = await issue(ravie, cycle)
        path = f"cycles/{cycle}/attestations/{one['attestation']}/attestation.pdf"
        answer = await ravie.read(path)
        await checked(ravie, text_of(answer.content))
    facts = await ravie.api.get("facts", headers=ravie.coordination, limit=500)
    said = f"{logs} {facts.text} {answer.headers} {answer.request.url}"
    for name in (*NAMES, "BÉRENGÈRE", "Bérengère", "B\\u00e9reng", "Claire"):
        assert name not in said
    # Nor is the code of a paper, which whoever reads facts or logs could otherwise pass on.
    code = re.search(r"code de vérification ([0-9A-Z-]{19})", text_of(answer.content))
    assert code is not None
    assert code[1] not in said


async def test_hours_and_attestation_outlive_the_erasure_of_the_person(ravie: Ravie) -> None:
    cycle, people = await a_cycle(ravie)
    (one, _) = await issue(ravie, cycle)
    before = await printed(ravie, cycle, one["attestation"])
    tenant = ravie.api.parts.tenants.find("05D")
    async with ravie.api.parts.home.serving(tenant) as connection:
        for statement, table in (
            ("delete from {} where person = %s", "people"),
            ("update {} set wrapped = null where subject = %s", "data_keys"),
        ):
            name = sql.Identifier(tenant.facts_schema, table)
            await connection.execute(sql.SQL(statement).format(name), (people[0],))
    after = await printed(ravie, cycle, one["attestation"])
    assert "(identité effacée)" in after
    assert "3 h 00" in after
    assert "BÉRENGÈRE" not in after
    assert (await checked(ravie, before)).json()["status"] == "valid"
    row = (await ravie.read(f"cycles/{cycle}")).json()
    assert row["minutes"] == 315
