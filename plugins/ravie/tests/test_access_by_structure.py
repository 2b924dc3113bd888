"""Who answers for a structure sees and keeps its own cycles, and learns of no other."""

from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from core.access.actor import KnownAs
from core.clock import SimulatedClock
from core.testing.scenario import an_id
from plugins.ravie.vocabulary import STRUCTURE_PORTEUSE
from server.opening import open_tenants
from server.tests.house import Api, served
from tests.installation import Installation

pytestmark = pytest.mark.postgres

OURS, THEIRS, NOWHERE = an_id(0x51), an_id(0x52), an_id(0x77)


class Structures:
    """Two structures that run cycles in one tenant, and who coordinates them all."""

    def __init__(self, api: Api) -> None:
        self.api = api
        self.everyone = api.as_actor("coordination", {"05D": ["ravie.coordination"]})
        self.ours = self.standing_for(OURS)
        self.theirs = self.standing_for(THEIRS)

    def standing_for(self, structure: str) -> dict[str, str]:
        ids = KnownAs(structures=frozenset({structure}))
        roles = {"05D": [STRUCTURE_PORTEUSE]}
        return self.api.as_actor(f"compte-{structure}", roles, {"05D": ids})

    async def post(self, by: Mapping[str, str], path: str, body: Any) -> httpx.Response:
        return await self.api.post(path, body, headers=by)

    async def read(self, by: Mapping[str, str], path: str, **query: Any) -> httpx.Response:
        await self.api.follow()
        return await self.api.get(f"ravie/{path}", headers=by, **query)

    async def cycle(self, structure: str | None, by: Mapping[str, str] | None = None) -> str:
        body = {"theme": "fin_de_vie", "structure": structure, "capacity_min": 1, "sessions": 1}
        answer = await self.post(by or self.everyone, "ravie/cycles", body)
        assert answer.status_code == 201, answer.text
        opened: str = answer.json()["id"]
        return opened

    async def session(self, cycle: str) -> str:
        """The one session of a cycle, planned by who coordinates."""
        plan = {"first_on": "2026-01-08", "at": "14:00"}
        await self.post(self.everyone, f"ravie/cycles/{cycle}/plan", plan)
        row = (await self.read(self.everyone, f"cycles/{cycle}")).json()
        session: str = row["calendar"][0]["session"]
        return session

    async def listed(self, by: Mapping[str, str], **query: Any) -> list[str]:
        answer = await self.read(by, "cycles", **query)
        assert answer.status_code == 200, answer.text
        return [row["cycle"] for row in answer.json()["items"]]

    async def first_fact(self, cycle: str) -> dict[str, Any]:
        """The opening of a cycle, as it is stored."""
        store, tenant = self.api.parts.store, self.api.parts.tenants.find("05D")
        recorded = (await store.load(tenant, [cycle]))[cycle][0]
        return {"id": recorded.id, "fact": recorded.fact}


@pytest.fixture
async def structures(installation: Installation, tmp_path: Path) -> AsyncIterator[Structures]:
    clock = SimulatedClock(datetime(2026, 3, 1, tzinfo=UTC))
    async with served(installation, tmp_path, clock) as api:
        await open_tenants(api.parts, installation.tenants.values(), modules=["ravie"])
        yield Structures(api)


async def test_a_structure_opens_runs_and_reads_its_own_cycles(structures: Structures) -> None:
    cycle = await structures.cycle(OURS, structures.ours)
    session = await structures.session(cycle)
    for path in (f"cycles/{cycle}", f"cycles/{cycle}/sheets", f"sessions/{session}"):
        assert (await structures.read(structures.ours, path)).status_code == 200, path
    cancel = f"ravie/sessions/{session}/cancellation"
    answer = await structures.post(structures.ours, cancel, {"reason": "snow"})
    assert answer.status_code == 200, answer.text


async def test_a_list_shows_a_structure_its_own_cycles_only(structures: Structures) -> None:
    ours, theirs = await structures.cycle(OURS), await structures.cycle(THEIRS)
    nobodys = await structures.cycle(None)
    assert await structures.listed(structures.ours) == [ours]
    assert await structures.listed(structures.theirs) == [theirs]
    assert set(await structures.listed(structures.everyone)) == {ours, theirs, nobodys}
    standing_for_none = structures.api.as_actor("compte", {"05D": [STRUCTURE_PORTEUSE]})
    assert (await structures.read(standing_for_none, "cycles")).status_code == 403


async def test_pages_of_a_list_never_reach_the_cycles_of_others(structures: Structures) -> None:
    mine = []
    for structure in (OURS, THEIRS, OURS, THEIRS, OURS):
        cycle = await structures.cycle(structure)
        mine += [cycle] if structure == OURS else []
    seen: list[str] = []
    after: dict[str, str] = {}
    while True:
        page = (await structures.read(structures.ours, "cycles", limit=1, **after)).json()
        seen += [row["cycle"] for row in page["items"]]
        if page["next"] is None:
            break
        after = {"after": page["next"]}
    assert sorted(seen) == sorted(mine)


async def test_the_cycle_of_another_structure_is_as_if_it_were_not(structures: Structures) -> None:
    """The answers are those for an id that nobody has, to the last byte but its own id."""
    cycle = await structures.cycle(THEIRS)
    session = await structures.session(cycle)
    known = {"cycles": cycle, "sessions": session}
    for kind, path in (
        ("cycles", ""),
        ("cycles", "/texts"),
        ("cycles", "/sheets"),
        ("cycles", "/participations"),
        ("sessions", ""),
        ("sessions", "/topics"),
    ):
        real = await structures.read(structures.ours, f"{kind}/{known[kind]}{path}")
        made_up = await structures.read(structures.ours, f"{kind}/{NOWHERE}{path}")
        assert real.status_code == made_up.status_code == 403, path
        assert _told(real) == _told(made_up), path
    for kind, path, body in (
        ("cycles", "participants", {"person": NOWHERE, "role": "assistant_de_vie"}),
        ("cycles", "plan", {"first_on": "2026-01-08", "at": "14:00"}),
        ("cycles", "productions", {"kind": "booklet", "title": "Nos nuits"}),
        ("cycles", "closing", {}),
        ("sessions", "cancellation", {"reason": "snow"}),
    ):
        real = await structures.post(structures.ours, f"ravie/{kind}/{known[kind]}/{path}", body)
        made_up = await structures.post(structures.ours, f"ravie/{kind}/{NOWHERE}/{path}", body)
        assert real.status_code == made_up.status_code == 403, path
        assert _told(real) == _told(made_up), path


async def test_a_structure_opens_no_cycle_for_another_one_nor_for_none(
    structures: Structures,
) -> None:
    for structure in (THEIRS, None):
        body = {"theme": "fin_de_vie", "structure": structure}
        answer = await structures.post(structures.ours, "ravie/cycles", body)
        assert answer.status_code == 403
    assert await structures.listed(structures.everyone) == []


async def test_a_structure_corrects_what_is_its_own_only(structures: Structures) -> None:
    ours, theirs = await structures.cycle(OURS), await structures.cycle(THEIRS)
    for cycle in (ours, theirs):
        production = {"kind": "booklet", "title": "Nos nuits"}
        done = await structures.post(
            structures.everyone, f"ravie/cycles/{cycle}/productions", production
        )
        body = {"stream": cycle, "fact": done.json()["facts"][0], "reason": "duplicate"}
        answer = await structures.post(structures.ours, "corrections/annul", body)
        assert answer.status_code == (200 if cycle == ours else 403)
    nothing = {"stream": NOWHERE, "fact": NOWHERE, "reason": "duplicate"}
    answer = await structures.post(structures.ours, "corrections/annul", nothing)
    assert answer.status_code == 403


async def test_a_structure_gives_no_cycle_away_by_a_correction(structures: Structures) -> None:
    cycle = await structures.cycle(OURS)
    opening = await structures.first_fact(cycle)
    fact = opening["fact"]
    body = {name: getattr(fact, name) for name in fact.__struct_fields__}
    given_away = {
        "stream": cycle,
        "fact": opening["id"],
        "reason": "wrong_structure",
        "replacement": {**body, "structure": THEIRS},
    }
    answer = await structures.post(structures.ours, "corrections/correct", given_away)
    assert answer.status_code == 403
    answer = await structures.post(structures.everyone, "corrections/correct", given_away)
    assert answer.status_code == 200, answer.text


async def test_a_cycle_handed_over_takes_its_sessions_with_it(structures: Structures) -> None:
    cycle = await structures.cycle(OURS)
    session = await structures.session(cycle)
    opening = await structures.first_fact(cycle)
    fact = opening["fact"]
    body = {name: getattr(fact, name) for name in fact.__struct_fields__}
    handed_over = {
        "stream": cycle,
        "fact": opening["id"],
        "reason": "wrong_structure",
        "replacement": {**body, "structure": THEIRS},
    }
    answer = await structures.post(structures.everyone, "corrections/correct", handed_over)
    assert answer.status_code == 200, answer.text
    assert (await structures.read(structures.ours, f"sessions/{session}")).status_code == 403
    assert (await structures.read(structures.theirs, f"sessions/{session}")).status_code == 200
    assert await structures.listed(structures.theirs) == [cycle]


async def test_who_animates_is_known_under_their_professional_too(structures: Structures) -> None:
    professional = an_id(0xA1)
    body = {"theme": "fin_de_vie", "animateur": professional}
    opened = await structures.post(structures.everyone, "ravie/cycles", body)
    ids = {"05D": KnownAs(professionals=frozenset({professional}))}
    animatrice = structures.api.as_actor("compte-9", {"05D": ["ravie.animateur"]}, ids)
    cycle = opened.json()["id"]
    assert (await structures.read(animatrice, f"cycles/{cycle}")).status_code == 200
    mine = (await structures.read(animatrice, "my-cycles")).json()["items"]
    assert [row["cycle"] for row in mine] == [cycle]
    stranger = structures.api.as_actor("compte-8", {"05D": ["ravie.animateur"]})
    assert (await structures.read(stranger, f"cycles/{cycle}")).status_code == 403


def _told(answer: httpx.Response) -> dict[str, Any]:
    """What an answer tells, but for the id of the request itself."""
    told: dict[str, Any] = answer.json()
    return {name: value for name, value in told.items() if name not in ("instance", "request_id")}
