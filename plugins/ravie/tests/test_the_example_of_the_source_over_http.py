"""
The example the sources lead to, through the API alone.

Eight enrolled in 5 × 3 h: six sign everything, one misses a session, one leaves another at 16:15.
116 h 15 in all, six complete, and no closing until the group's production is recorded.
"""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from core.clock import SimulatedClock
from plugins.ravie.tests.test_api import Ravie
from server.opening import open_tenants
from server.tests.house import served
from tests.installation import Installation

pytestmark = pytest.mark.postgres

AFTERNOONS = ("2026-10-01", "2026-10-08", "2026-10-15", "2026-10-22", "2026-10-29")
NAMES = ("Un", "Deux", "Trois", "Quatre", "Cinq", "Six", "Absent", "Parti")
ABSENT, EARLY_LEAVER = 6, 7
YEAR = {"from": "2026-01-01", "to": "2027-01-01"}


class Example(NamedTuple):
    """The cycle, all signed, whose production is still awaited; and the id of a signature."""

    ravie: Ravie
    cycle: str
    people: list[str]
    session: str
    signature: str


@pytest.fixture
async def example(installation: Installation, tmp_path: Path) -> AsyncIterator[Example]:
    clock = SimulatedClock(datetime(2026, 12, 31, 12, tzinfo=UTC))
    async with served(installation, tmp_path, clock) as api:
        await open_tenants(api.parts, installation.tenants.values(), modules=["ravie"])
        yield await played(Ravie(api))


async def played(ravie: Ravie) -> Example:
    opened = {"theme": "fin_de_vie", "occurred_at": "2026-09-01T10:00:00+02:00"}
    cycle = await ravie.done("cycles", opened)
    people = [await ravie.person(name) for name in NAMES]
    for person in people:
        body = {"person": person, "role": "assistant_de_vie"}
        await ravie.done(f"cycles/{cycle}/participants", body)
    await ravie.done(f"cycles/{cycle}/plan", {"first_on": AFTERNOONS[0], "at": "14:00"})
    calendar = (await ravie.read(f"cycles/{cycle}")).json()["calendar"]
    signature = ""
    for number, slot in enumerate(calendar):
        session, day = slot["session"], AFTERNOONS[number]
        # The last Sunday of October puts the clocks back, between the fourth and the fifth.
        offset = "+01:00" if number == 4 else "+02:00"
        held = {"started_at": f"{day}T14:00:00{offset}", "ended_at": f"{day}T17:00:00{offset}"}
        await ravie.done(f"sessions/{session}/holding", held)
        for who, person in enumerate(people):
            answer = await ravie.post(f"sessions/{session}/signatures", line(number, who, person))
            assert answer.status_code == 201, answer.text
            signature = signature or answer.json()["facts"][0]
    return Example(ravie, cycle, people, calendar[0]["session"], signature)


def line(number: int, who: int, person: str) -> dict[str, Any]:
    """A line of the sheet: one was excused from the second session, one left the fourth early."""
    if (number, who) == (1, ABSENT):
        return {"person": person, "presence": "excused"}
    return {"person": person, "minutes": 135 if (number, who) == (3, EARLY_LEAVER) else 180}


async def minutes_signed(example: Example, **query: Any) -> Any:
    """The indicator's figure."""
    ravie = example.ravie
    await ravie.api.follow()
    address = "indicators/ravie.hours_signed"
    answer = await ravie.api.get(address, headers=ravie.coordination, **YEAR, **query)
    assert answer.status_code == 200, answer.text
    return answer.json()["figures"][0]["value"]


async def close(example: Example) -> None:
    production = {"kind": "booklet", "title": "Nos repères de fin de vie"}
    await example.ravie.done(f"cycles/{example.cycle}/productions", production)
    await example.ravie.done(f"cycles/{example.cycle}/closing")


async def test_116_hours_15_are_signed_and_six_are_complete(example: Example) -> None:
    assert await minutes_signed(example) == 6975 == 116 * 60 + 15
    row = (await example.ravie.read(f"cycles/{example.cycle}")).json()
    assert (row["minutes"], row["complete"], row["enrolled"]) == (6975, 6, 8)
    assert row["flags"] == []


async def test_each_is_stated_the_hours_they_really_signed(example: Example) -> None:
    seats = (await example.ravie.read(f"cycles/{example.cycle}/participations")).json()["items"]
    minutes = {seat["person"]: seat["minutes"] for seat in seats}
    whole = dict.fromkeys(example.people[:6], 15 * 60)
    absent, early = example.people[ABSENT], example.people[EARLY_LEAVER]
    assert minutes == {**whole, absent: 12 * 60, early: 14 * 60 + 15}
    assert {seat["person"] for seat in seats if seat["complete"]} == set(whole)


async def test_closing_is_refused_until_the_production(example: Example) -> None:
    answer = await example.ravie.post(f"cycles/{example.cycle}/closing")
    assert (answer.status_code, answer.json()["code"]) == (422, "cycle_has_no_production")
    assert answer.json()["detail"] == "Un cycle ne se clôt pas sans la production du groupe."
    await close(example)
    row = (await example.ravie.read(f"cycles/{example.cycle}")).json()
    assert (row["state"], row["closed_on"]) == ("closed", "2026-12-31")


async def test_attestations_state_12_hours_and_14_hours_15_beside_six_of_15(
    example: Example,
) -> None:
    await close(example)
    await example.ravie.api.follow()
    answer = await example.ravie.post(f"cycles/{example.cycle}/attestations")
    assert answer.status_code == 201, answer.text
    issued = {each["person"]: each for each in answer.json()["items"]}
    stated = [issued[person]["minutes"] for person in example.people]
    assert stated == [900, 900, 900, 900, 900, 900, 12 * 60, 14 * 60 + 15]
    assert [issued[person]["complete"] for person in example.people] == [True] * 6 + [False] * 2


async def test_annulling_three_hours_in_january_leaves_113_hours_15_today(
    example: Example,
) -> None:
    clock: Any = example.ravie.api.parts.application.clock
    clock.advance("05D", datetime(2027, 1, 15, 9, tzinfo=UTC))
    body = {"stream": example.session, "fact": example.signature, "reason": "wrong_line"}
    coordination = example.ravie.coordination
    answer = await example.ravie.api.post("corrections/annul", body, headers=coordination)
    assert answer.status_code == 200, answer.text
    assert await minutes_signed(example) == 6795 == 113 * 60 + 15
    assert await minutes_signed(example, known_at="2026-12-31T23:00:00Z") == 6975
    row = (await example.ravie.read(f"cycles/{example.cycle}")).json()
    assert row["complete"] == 5


async def test_what_each_answered_before_and_after_is_told_of_the_group(example: Example) -> None:
    for person in example.people:
        for moment, points in (("before", 2), ("after", 4)):
            answers = {"bien_etre_1": points, "bien_etre_3": points}
            body = {"person": person, "moment": moment, "answers": answers}
            await example.ravie.done(f"cycles/{example.cycle}/evaluations", body)
    effects = (await example.ravie.read(f"cycles/{example.cycle}/effects")).json()
    well = next(each for each in effects["scales"] if each["scale"] == "bien_etre")
    assert (well["pairs"], well["before_mean"], well["mean"]) == (8, 2.0, 4.0)
