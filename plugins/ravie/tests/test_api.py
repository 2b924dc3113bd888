"""A cycle over HTTP, from its opening to what is read of it."""

from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from core.access.journal import reads_of
from core.clock import SimulatedClock
from core.testing.scenario import an_id
from server.opening import open_tenants
from server.tests.house import Api, served
from tests.installation import Installation

pytestmark = pytest.mark.postgres

ANIMATRICE = an_id(0xA1)


class Ravie:
    """Who coordinates the relais of a tenant, and an animatrice."""

    def __init__(self, api: Api) -> None:
        self.api = api
        everything = ["ravie.coordination", "essais.tout"]
        self.coordination = api.as_actor("coordination", {"05D": everything})
        self.animatrice = api.as_actor(ANIMATRICE, {"05D": ["ravie.animateur"]})
        self.colleague = api.as_actor(an_id(0xA2), {"05D": ["ravie.animateur"]})

    async def post(
        self, path: str, body: Any = None, *, by: Mapping[str, str] | None = None
    ) -> httpx.Response:
        who = self.coordination if by is None else by
        return await self.api.post(f"ravie/{path}", body or {}, headers=who)

    async def done(self, path: str, body: Any = None) -> str:
        """The id of what a request made or changed."""
        answer = await self.post(path, body)
        assert answer.status_code in (200, 201), answer.text
        made: str = answer.json()["id"]
        return made

    async def read(self, path: str, *, by: Mapping[str, str] | None = None) -> httpx.Response:
        await self.api.follow()
        who = self.coordination if by is None else by
        return await self.api.get(f"ravie/{path}", headers=who)

    async def cycle(self, **shape: Any) -> str:
        body = {"theme": "fin_de_vie", "animateur": ANIMATRICE, "capacity_min": 1, **shape}
        return await self.done("cycles", body)

    async def sessions(self, cycle: str) -> list[str]:
        """The cycle's sessions, planned from 8 January."""
        await self.done(f"cycles/{cycle}/plan", {"first_on": "2026-01-08", "at": "14:00"})
        row = (await self.read(f"cycles/{cycle}")).json()
        return [slot["session"] for slot in row["calendar"]]

    async def person(self, name: str) -> str:
        identity = {"family_name": name, "given_name": "Claire", "birth_date": "1980-05-04"}
        answer = await self.api.post("people", identity, headers=self.coordination)
        assert answer.status_code == 201, answer.text
        person: str = answer.json()["person"]
        return person


@pytest.fixture
async def ravie(installation: Installation, tmp_path: Path) -> AsyncIterator[Ravie]:
    clock = SimulatedClock(datetime(2026, 3, 1, tzinfo=UTC))
    async with served(installation, tmp_path, clock) as api:
        await open_tenants(api.parts, installation.tenants.values(), modules=["ravie"])
        yield Ravie(api)


async def test_a_cycle_is_run_from_its_opening_to_its_closing(ravie: Ravie) -> None:
    cycle = await ravie.cycle(sessions=2, capacity_max=2)
    people = [await ravie.person(name) for name in ("Martin", "Durand", "Petit")]
    for person in people:
        body = {"person": person, "role": "assistant_de_vie"}
        await ravie.done(f"cycles/{cycle}/participants", body)
    leave = {"reason": "new_job", "note": "Embauchée à Embrun."}
    await ravie.done(f"cycles/{cycle}/participants/{people[0]}/withdrawal", leave)
    await ravie.done(f"cycles/{cycle}/offers")
    first, second = await ravie.sessions(cycle)
    real = {"started_at": "2026-01-08T14:00:00+01:00", "ended_at": "2026-01-08T17:00:00+01:00"}
    await ravie.done(f"sessions/{first}/holding", real)
    for person, minutes in zip(people[1:], (180, 135), strict=True):
        await ravie.done(f"sessions/{first}/signatures", {"person": person, "minutes": minutes})
    await ravie.done(f"sessions/{first}/headcounts", {"profile": "elu", "headcount": 2})
    await ravie.done(f"cycles/{cycle}/questions", {"session": first, "questions": ["Et la nuit ?"]})
    await ravie.done(f"sessions/{second}/experts", {"expert": an_id(9), "topic": "Le droit"})
    await ravie.done(
        f"sessions/{second}/move", {"starts_at": "2026-01-16T14:00:00+01:00", "reason": "room"}
    )
    await ravie.done(f"sessions/{second}/cancellation", {"reason": "snow", "note": "Col fermé."})
    await ravie.done(f"cycles/{cycle}/productions", {"kind": "booklet", "title": "Nos nuits"})
    await ravie.done(f"cycles/{cycle}/closing")

    row = (await ravie.read(f"cycles/{cycle}")).json()
    assert (row["state"], row["enrolled"], row["waiting"]) == ("closed", 2, 0)
    assert (row["held"], row["cancelled"], row["minutes"]) == (1, 1, 315)
    texts = (await ravie.read(f"cycles/{cycle}/texts")).json()
    assert texts["questions"] == [{"session": first, "text": "Et la nuit ?"}]
    assert texts["productions"] == [{"kind": "booklet", "title": "Nos nuits", "sha256": None}]
    topics = (await ravie.read(f"sessions/{second}/topics")).json()
    assert topics == [{"expert": an_id(9), "topic": "Le droit"}]
    sheets = (await ravie.read(f"cycles/{cycle}/sheets")).json()["items"]
    assert [sheet["minutes"] for sheet in sheets] == [315, 0]
    assert (await ravie.read(f"sessions/{first}")).json() == sheets[0]
    seats = (await ravie.read(f"cycles/{cycle}/participations")).json()["items"]
    assert {seat["person"]: seat["minutes"] for seat in seats} == dict(
        zip(people, (0, 180, 135), strict=True)
    )


async def test_a_rule_that_says_no_answers_with_its_code_and_its_sentence(ravie: Ravie) -> None:
    cycle = await ravie.cycle()
    answer = await ravie.post(f"cycles/{cycle}/closing")
    assert answer.status_code == 422
    assert answer.json()["code"] == "cycle_has_no_production"
    assert answer.json()["detail"] == "Un cycle ne se clôt pas sans la production du groupe."


async def test_an_interrupted_cycle_is_flagged_and_cancels_its_sessions(ravie: Ravie) -> None:
    cycle = await ravie.cycle(sessions=2)
    await ravie.sessions(cycle)
    body = {"reason": "group_too_small", "note": "Trois départs."}
    await ravie.done(f"cycles/{cycle}/interruption", body)
    row = (await ravie.read(f"cycles/{cycle}")).json()
    assert (row["state"], row["cancelled"]) == ("interrupted", 2)
    assert row["flags"] == ["interrupted_without_production"]


async def test_a_session_is_added_in_place_of_a_cancelled_one(ravie: Ravie) -> None:
    cycle = await ravie.cycle(sessions=2)
    first, _ = await ravie.sessions(cycle)
    await ravie.done(f"sessions/{first}/cancellation", {"reason": "snow"})
    add = {"starts_at": "2026-01-29T14:00:00+01:00", "purpose": "questions"}
    await ravie.done(f"cycles/{cycle}/sessions", add)
    row = (await ravie.read(f"cycles/{cycle}")).json()
    assert [slot["state"] for slot in row["calendar"]] == ["cancelled", "planned", "planned"]
    assert row["calendar"][-1]["purpose"] == "questions"


async def test_an_animatrice_sees_and_runs_her_own_cycles_only(ravie: Ravie) -> None:
    cycle = await ravie.cycle(sessions=1)
    (session,) = await ravie.sessions(cycle)
    mine, hers = ravie.animatrice, ravie.colleague
    assert (await ravie.read(f"cycles/{cycle}", by=mine)).status_code == 200
    assert (await ravie.read(f"sessions/{session}", by=mine)).status_code == 200
    listed = (await ravie.read("my-cycles", by=mine)).json()["items"]
    assert [row["cycle"] for row in listed] == [cycle]
    cancel = {"reason": "snow"}
    for path in (f"cycles/{cycle}", f"cycles/{cycle}/texts", f"sessions/{session}", "cycles"):
        assert (await ravie.read(path, by=hers)).status_code == 403
    assert (await ravie.read("my-cycles", by=hers)).json()["items"] == []
    refused = await ravie.post(f"sessions/{session}/cancellation", cancel, by=hers)
    assert refused.status_code == 403
    done = await ravie.post(f"sessions/{session}/cancellation", cancel, by=mine)
    assert done.status_code == 200


async def test_reading_the_texts_of_a_cycle_is_written_in_the_journal(ravie: Ravie) -> None:
    cycle = await ravie.cycle()
    await ravie.done(f"cycles/{cycle}/productions", {"kind": "film", "title": "Une nuit"})
    await ravie.read(f"cycles/{cycle}/texts", by=ravie.animatrice)
    parts = ravie.api.parts
    tenant = parts.tenants.find("05D")
    async with parts.serving[tenant.placement].serving(tenant) as connection:
        (read,) = await reads_of(connection, tenant, cycle)
    assert (read.reading.actor, read.reading.permission) == (ANIMATRICE, "ravie.read")


async def test_what_is_not_there_is_not_found(ravie: Ravie) -> None:
    await ravie.cycle()
    assert (await ravie.read(f"cycles/{an_id(77)}")).status_code == 404
    assert (await ravie.read(f"sessions/{an_id(77)}")).status_code == 404


async def test_a_wrong_hour_or_an_unknown_role_is_malformed(ravie: Ravie) -> None:
    cycle = await ravie.cycle()
    for path, body in (
        ("plan", {"first_on": "2026-01-08", "at": "25:00"}),
        ("participants", {"person": an_id(1), "role": "voisin"}),
        (f"participants/{an_id(1)}/withdrawal", {"reason": "health"}),
        ("questions", {"session": an_id(1), "questions": []}),
    ):
        answer = await ravie.post(f"cycles/{cycle}/{path}", body)
        assert answer.status_code == 400, path
        assert answer.json()["errors"]
