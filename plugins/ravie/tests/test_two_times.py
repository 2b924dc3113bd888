"""
The example of the source, recorded in 2025 and corrected in January, asked at both times.

Eight enrolled in 5 × 3 h, 116 h 15 signed; annulling one signature of three hours leaves 113 h 15
today, and 116 h 15 as known on 31 December.
"""

from argparse import Namespace
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from rich.console import Console

from core.clock import SimulatedClock
from core.indicator import Period
from server.commands.why import explanation, show
from server.commands.words import instant
from server.opening import open_tenants
from server.tests.house import Api, served
from tests.installation import Installation

pytestmark = pytest.mark.postgres

YEAR = {"from": "2025-01-01", "to": "2026-01-01"}
HOURS = "indicators/ravie.hours_signed"
ABSENT, EARLY_LEAVER = 6, 7


class Year:
    """A coordination that records a cycle as it goes, from November to January."""

    def __init__(self, api: Api, clock: SimulatedClock) -> None:
        self.api = api
        self._clock = clock
        self.who = api.as_actor("coordination", {"05D": ["ravie.coordination", "essais.tout"]})
        self.cycle = ""
        self.sessions: list[str] = []
        self.people: list[str] = []
        self.signed: list[int] = []
        """Positions of the signatures."""

    def on(self, month: int, day: int, year: int = 2025) -> None:
        self._clock.advance("05D", datetime(year, month, day, 18, tzinfo=UTC))

    async def done(self, path: str, body: Any = None) -> httpx.Response:
        answer = await self.api.post(path, body or {}, headers=self.who)
        assert answer.status_code in (200, 201), answer.text
        return answer

    async def read(self, path: str, **query: Any) -> httpx.Response:
        await self.api.follow()
        return await self.api.get(path, headers=self.who, **query)

    async def figure(self, name: str = HOURS, **query: Any) -> Mapping[str, Any]:
        answer = await self.read(name, **YEAR, **query)
        assert answer.status_code == 200, answer.text
        (figure,) = answer.json()["figures"]
        told: Mapping[str, Any] = figure
        return told

    async def why(self, **query: Any) -> Mapping[str, Any]:
        answer = await self.read(f"{HOURS}/changes", **YEAR, **query)
        assert answer.status_code == 200, answer.text
        told: Mapping[str, Any] = answer.json()
        return told

    async def play(self) -> None:
        """The whole cycle, closed on 5 December."""
        body = {"theme": "fin_de_vie"}
        self.cycle = (await self.done("ravie/cycles", body)).json()["id"]
        for number in range(8):
            identity = {
                "family_name": f"Nom{'abcdefgh'[number]}",
                "given_name": "Claire",
                "birth_date": "1980-05-04",
            }
            person = (await self.done("people", identity)).json()["person"]
            self.people.append(person)
            seat = {"person": person, "role": "assistant_de_vie"}
            await self.done(f"ravie/cycles/{self.cycle}/participants", seat)
        plan = {"first_on": "2025-11-06", "at": "14:00"}
        await self.done(f"ravie/cycles/{self.cycle}/plan", plan)
        row = (await self.read(f"ravie/cycles/{self.cycle}")).json()
        self.sessions = [slot["session"] for slot in row["calendar"]]
        for number, session in enumerate(self.sessions):
            await self._hold(number, session)
        production = {"kind": "booklet", "title": "Nos nuits"}
        await self.done(f"ravie/cycles/{self.cycle}/productions", production)
        await self.done(f"ravie/cycles/{self.cycle}/closing")

    async def _hold(self, number: int, session: str) -> None:
        start = datetime(2025, 11, 6, 13, tzinfo=UTC) + timedelta(weeks=number)
        self._clock.advance("05D", start + timedelta(hours=4))
        real = {
            "started_at": start.isoformat(),
            "ended_at": (start + timedelta(hours=3)).isoformat(),
        }
        await self.done(f"ravie/sessions/{session}/holding", real)
        for who, person in enumerate(self.people):
            line: dict[str, Any] = {"person": person, "minutes": 180}
            if (number, who) == (1, ABSENT):
                line = {"person": person, "presence": "excused"}
            elif (number, who) == (3, EARLY_LEAVER):
                line["minutes"] = 135
            signed = await self.done(f"ravie/sessions/{session}/signatures", line)
            self.signed.append(int(signed.headers["jalon-position"]))

    async def annul_the_first_signature(self) -> tuple[str, str]:
        """The ids of the annulment and of the fact it annuls."""
        facts = await self.read("facts", after=self.signed[0] - 1, limit=1)
        (target,) = facts.json()["items"]
        body = {"stream": target["stream"], "fact": target["id"], "reason": "mistake"}
        written = await self.done("corrections/annul", body)
        position = int(written.headers["jalon-position"])
        facts = await self.read("facts", after=position - 1, limit=1)
        annulment: str = facts.json()["items"][0]["id"]
        return annulment, target["id"]


@pytest.fixture
async def year(installation: Installation, tmp_path: Path) -> AsyncIterator[Year]:
    clock = SimulatedClock(datetime(2025, 11, 3, 9, tzinfo=UTC))
    async with served(installation, tmp_path, clock) as api:
        await open_tenants(api.parts, [installation.tenant()], modules=["ravie"])
        yield Year(api, clock)


async def test_what_was_known_on_31_december_and_why_it_is_no_longer_so(year: Year) -> None:
    await year.play()
    assert (await year.figure())["value"] == 6975 == 116 * 60 + 15
    year.on(1, 12, 2026)
    annulment, annulled = await year.annul_the_first_signature()
    assert (await year.figure())["value"] == 6795 == 113 * 60 + 15
    known = await year.figure(known_at="2025-12-31")
    assert known["value"] == 6975
    again = await year.figure(known_at_position=known["stamp"]["position"])
    assert again == known

    told = await year.why(known_from="2025-12-31")
    (difference,) = told["differences"]
    assert difference["before"] == {"value": 6975}
    assert difference["after"] == {"value": 6795}
    assert difference["change"] == {"value": -180}
    parts = {part["category"]: part for part in told["parts"]}
    assert parts.pop("annulment") == {
        "category": "annulment",
        "label": "Annulations",
        "changes": [{"value": -180}],
        "count": 1,
        "facts": [
            {
                "fact": {
                    "id": annulment,
                    "position": told["after"]["position"],
                    "stream": year.sessions[0],
                    "name": "core.fact_annulled.v1",
                    "occurred_at": "2025-11-06T13:00:00Z",
                    "recorded_at": "2026-01-12T18:00:00Z",
                    "actor": "coordination",
                },
                "corrects": {
                    "id": annulled,
                    "position": year.signed[0],
                    "stream": year.sessions[0],
                    "name": "session.attendance_recorded.v1",
                    "occurred_at": "2025-11-06T13:00:00Z",
                    "recorded_at": "2025-11-06T17:00:00Z",
                    "actor": "coordination",
                },
                "changes": [{"value": -180}],
            }
        ],
    }
    for part in parts.values():
        assert (part["changes"], part["count"], part["facts"]) == ([{"value": 0}], 0, [])


async def test_a_figure_known_at_a_date_is_exactly_the_one_followed_then(year: Year) -> None:
    """Every figure of RAVie, recorded as it went, asked again once all was corrected."""
    names = [each.name for each in year.api.parts.catalogue.indicators if "ravie." in each.name]
    await year.play()
    followed = {name: await year.figure(f"indicators/{name}") for name in names}
    year.on(1, 12, 2026)
    await year.annul_the_first_signature()
    for name, then in followed.items():
        assert await year.figure(f"indicators/{name}", known_at="2025-12-31") == then
        position = then["stamp"]["position"]
        assert await year.figure(f"indicators/{name}", known_at_position=position) == then
    assert (await year.figure(known_at_position=year.signed[7]))["value"] == 8 * 180


async def test_what_had_happened_by_a_date_is_counted_with_what_is_known_today(year: Year) -> None:
    await year.play()
    year.on(1, 12, 2026)
    await year.annul_the_first_signature()
    half = await year.figure(as_of="2025-11-14")
    assert half["value"] == 1440 - 180 + 1260
    assert half["stamp"]["as_of"] == "2025-11-14T22:59:59.999999Z"
    both = await year.figure(as_of="2025-11-14", known_at="2025-12-31T23:00:00+01:00")
    assert both["value"] == 1440 + 1260


async def test_a_cycle_and_its_sheet_are_read_as_they_were(year: Year) -> None:
    await year.play()
    year.on(1, 12, 2026)
    await year.annul_the_first_signature()
    cycle, sheet = f"ravie/cycles/{year.cycle}", f"ravie/sessions/{year.sessions[0]}"
    for path, then, now in ((cycle, 6975, 6795), (sheet, 1440, 1260)):
        assert (await year.read(path)).json()["minutes"] == now
        past = await year.read(path, known_at="2025-12-31")
        assert past.json()["minutes"] == then
        # A digest alone: it cannot be sent back to write over what came since.
        assert "." not in past.headers["etag"]
        assert (await year.read(path, as_of="2025-12-31")).json()["minutes"] == now
    before = await year.read(cycle, as_of="2025-11-14")
    assert (before.json()["state"], before.json()["held"]) == ("open", 2)
    assert (await year.read(cycle, known_at="2025-11-01")).status_code == 404
    texts = await year.read(f"{cycle}/texts", known_at="2025-11-30")
    assert texts.json() == {"questions": [], "productions": []}


async def test_the_parts_of_a_cycle_entered_late_are_late(year: Year) -> None:
    """Recorded from November to December: at the end of November, half had happened."""
    await year.play()
    told = await year.why(known_from_position=year.signed[7], by="modality")
    (difference,) = told["differences"]
    assert difference["dimensions"] == {"modality": "in_person"}
    assert difference["change"]["value"] == 6975 - 1440
    parts = {part["category"]: part for part in told["parts"]}
    (current,) = parts["current_entry"]["changes"]
    assert current["value"] == 6975 - 1440
    # An absence adds no line; every other signature changes what is counted.
    assert parts["current_entry"]["count"] == 4 * 8 - 1
    assert sum(fact["changes"][0]["value"] for fact in parts["current_entry"]["facts"]) == 5535


async def test_the_command_line_says_the_same_as_the_api(year: Year) -> None:
    await year.play()
    year.on(1, 12, 2026)
    await year.annul_the_first_signature()
    words = Namespace(
        tenant="05D",
        indicator="ravie.hours_signed",
        known_from=instant("2025-12-31"),
        known_to=None,
        version_from=None,
        version_to=None,
        by=[],
    )
    counted = Period(date(2025, 1, 1), date(2026, 1, 1))
    over_http = await year.why(known_from="2025-12-31")
    told = await explanation(year.api.parts, words, counted)
    assert msgspec.json.decode(msgspec.json.encode(told)) == over_http
    page = StringIO()
    show(told, Console(file=page, width=160))
    text = page.getvalue()
    assert "6975 → 6795, soit -180" in text
    assert "Annulations : 1" in text
    assert "core.fact_annulled.v1" in text
