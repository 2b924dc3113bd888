"""What is due in RAVie: in JSON, and in a calendar."""

from collections.abc import AsyncIterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar

from core.access.actor import KnownAs
from core.clock import SimulatedClock
from core.testing.scenario import an_id
from plugins.ravie.tests.test_api import ANIMATRICE, Ravie
from server.opening import open_tenants
from server.tests.house import served
from tests.installation import Installation

pytestmark = pytest.mark.postgres

STRUCTURE = an_id(0x5C)


@pytest.fixture
async def ravie(installation: Installation, tmp_path: Path) -> AsyncIterator[Ravie]:
    clock = SimulatedClock(datetime(2026, 1, 5, tzinfo=UTC))
    async with served(installation, tmp_path, clock) as api:
        await open_tenants(api.parts, installation.tenants.values(), modules=["ravie"])
        yield Ravie(api)


async def two_cycles(ravie: Ravie) -> tuple[str, str]:
    """The animatrice's own cycle, of two sessions from 8 January; and one of a structure."""
    hers = await ravie.cycle(sessions=2)
    await ravie.sessions(hers)
    theirs = await ravie.cycle(sessions=1, animateur=an_id(0xA9), structure=STRUCTURE)
    await ravie.sessions(theirs)
    return hers, theirs


async def listed(ravie: Ravie, by: Mapping[str, str] | None = None, **query: Any) -> list[Any]:
    await ravie.api.follow()
    headers = ravie.coordination if by is None else by
    answer = await ravie.api.get("deadlines", headers=headers, **query)
    assert answer.status_code == 200, answer.text
    items: list[Any] = answer.json()["items"]
    return items


def told(items: list[Any]) -> list[tuple[str, str]]:
    return [(each["kind"].removeprefix("ravie."), each["due_on"]) for each in items]


async def test_what_is_due_is_one_list_in_the_order_of_the_days(ravie: Ravie) -> None:
    await two_cycles(ravie)
    assert told(await listed(ravie)) == [
        ("production_awaited", "2026-01-08"),
        ("session_to_hold", "2026-01-08"),
        ("session_to_hold", "2026-01-08"),
        ("production_awaited", "2026-01-15"),
        ("session_to_hold", "2026-01-15"),
        ("cycle_to_close", "2026-01-23"),
        ("cycle_to_close", "2026-01-30"),
    ]
    within: dict[str, Any] = {"from": "2026-01-09", "to": "2026-01-16"}
    assert told(await listed(ravie, **within)) == [
        ("production_awaited", "2026-01-15"),
        ("session_to_hold", "2026-01-15"),
    ]
    closings = await listed(ravie, kind="ravie.cycle_to_close")
    assert [each["due_on"] for each in closings] == ["2026-01-23", "2026-01-30"]
    assert closings[0]["reminders"] == ["2026-01-16"]
    assert closings[0]["sentence"].startswith("Clore le cycle")


async def test_a_long_list_is_read_page_by_page(ravie: Ravie) -> None:
    await two_cycles(ravie)
    whole = await listed(ravie)
    found: list[Any] = []
    query: dict[str, Any] = {"limit": 2}
    while True:
        answer = (await ravie.api.get("deadlines", headers=ravie.coordination, **query)).json()
        found += answer["items"]
        if answer["next"] is None:
            break
        query["after"] = answer["next"]
    assert found == whole
    assert len({each["id"] for each in whole}) == len(whole)


async def test_each_sees_what_is_theirs(ravie: Ravie) -> None:
    hers, theirs = await two_cycles(ravie)
    mine = await listed(ravie, ravie.animatrice)
    assert {each["assigned"] for each in mine} == {ANIMATRICE}
    assert len(mine) == 4
    assert await listed(ravie, ravie.colleague) == []
    known = {"05D": KnownAs(structures=frozenset({STRUCTURE}))}
    porteuse = ravie.api.as_actor("porteuse", {"05D": ["ravie.structure"]}, known)
    assert {each["structure"] for each in await listed(ravie, porteuse)} == {STRUCTURE}
    assert await listed(ravie, mine=True) == []
    assert {each["subject"] for each in await listed(ravie)} >= {hers, theirs}


async def test_what_is_done_leaves_the_list(ravie: Ravie) -> None:
    cycle = await ravie.cycle(sessions=1)
    person = await ravie.person("Martin")
    seat = {"person": person, "role": "assistant_de_vie"}
    await ravie.done(f"cycles/{cycle}/participants", seat)
    (session,) = await ravie.sessions(cycle)
    kinds = ["session_to_hold", "production_awaited", "cycle_to_close", "effects_to_measure"]
    assert sorted(kind for kind, _ in told(await listed(ravie))) == sorted(kinds)
    real = {"started_at": "2026-01-08T14:00:00+01:00", "ended_at": "2026-01-08T17:00:00+01:00"}
    ravie.api.parts.application.clock.advance("05D", datetime(2026, 2, 1, tzinfo=UTC))  # type: ignore[attr-defined]
    await ravie.done(f"sessions/{session}/holding", real)
    production = {"kind": "booklet", "title": "Nos nuits"}
    await ravie.done(f"cycles/{cycle}/productions", production)
    answer = {"person": person, "moment": "after", "answers": {"bien_etre_1": 4}}
    await ravie.done(f"cycles/{cycle}/evaluations", answer)
    await ravie.done(f"cycles/{cycle}/closing")
    assert told(await listed(ravie)) == [("wave_to_open", "2026-08-01")]
    line = {"person": person, "minutes": 180}
    signed = await ravie.post(f"sessions/{session}/signatures", line)
    assert signed.status_code == 422
    done = {each["kind"]: each["done_on"] for each in await listed(ravie, done=True)}
    assert done["ravie.session_to_hold"] == "2026-01-08"
    assert done["ravie.effects_to_measure"] == "2026-02-01"
    body = {"cycles": [cycle], "months": 6, "due_on": "2026-09-01", "assigned": ANIMATRICE}
    wave = await ravie.done("waves", body)
    assert told(await listed(ravie, ravie.animatrice)) == [("wave_due", "2026-09-01")]
    await ravie.done(f"waves/{wave}/closing")
    assert await listed(ravie) == []


async def test_attestations_are_due_until_every_signature_has_one(ravie: Ravie) -> None:
    cycle = await ravie.cycle(sessions=1)
    person = await ravie.person("Martin")
    seat = {"person": person, "role": "assistant_de_vie"}
    await ravie.done(f"cycles/{cycle}/participants", seat)
    (session,) = await ravie.sessions(cycle)
    real = {"started_at": "2026-01-08T14:00:00+01:00", "ended_at": "2026-01-08T17:00:00+01:00"}
    ravie.api.parts.application.clock.advance("05D", datetime(2026, 2, 1, tzinfo=UTC))  # type: ignore[attr-defined]
    await ravie.done(f"sessions/{session}/holding", real)
    line = {"person": person, "minutes": 180}
    await ravie.done(f"sessions/{session}/signatures", line)
    production = {"kind": "booklet", "title": "Nos nuits"}
    await ravie.done(f"cycles/{cycle}/productions", production)
    await ravie.done(f"cycles/{cycle}/closing")
    kind = "ravie.attestations_to_issue"
    (due,) = await listed(ravie, kind=kind)
    assert (due["subject"], due["due_on"]) == (cycle, "2026-02-16")
    answer = await ravie.post(f"cycles/{cycle}/attestations")
    assert answer.status_code == 201, answer.text
    assert await listed(ravie, kind=kind) == []
    (done,) = await listed(ravie, kind=kind, done=True)
    assert done["done_on"] == "2026-02-01"


async def test_a_cancelled_session_and_an_interrupted_cycle_are_due_no_more(ravie: Ravie) -> None:
    cycle = await ravie.cycle(sessions=2)
    first, _ = await ravie.sessions(cycle)
    await ravie.done(f"sessions/{first}/cancellation", {"reason": "snow"})
    assert [kind for kind, _ in told(await listed(ravie))].count("session_to_hold") == 1
    await ravie.done(f"cycles/{cycle}/interruption", {"reason": "group_too_small"})
    assert [kind for kind, _ in told(await listed(ravie))] == ["wave_to_open"]


async def test_a_moved_session_is_due_on_its_new_day(ravie: Ravie) -> None:
    cycle = await ravie.cycle(sessions=1)
    (session,) = await ravie.sessions(cycle)
    move = {"starts_at": "2026-02-12T14:00:00+01:00", "reason": "room"}
    await ravie.done(f"sessions/{session}/move", move)
    assert dict(told(await listed(ravie))) == {
        "session_to_hold": "2026-02-12",
        "production_awaited": "2026-02-12",
        "cycle_to_close": "2026-02-27",
    }


async def test_an_unknown_kind_or_an_upside_down_period_is_malformed(ravie: Ravie) -> None:
    for query in ({"kind": "ravie.autre"}, {"from": "2026-02-01", "to": "2026-01-01"}):
        answer = await ravie.api.get("deadlines", headers=ravie.coordination, **query)
        assert answer.status_code == 400, answer.text


async def opened(ravie: Ravie, by: Mapping[str, str], **body: Any) -> Any:
    await ravie.api.follow()
    answer = await ravie.api.post("deadlines/feeds", body, headers=by)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def calendar(ravie: Ravie, address: str) -> Any:
    """What a calendar reads at an address, without any header."""
    await ravie.api.follow()
    path, _, token = address.partition("?feed=")
    answer = await ravie.api.get(path[path.index("/api/") :], headers={}, feed=token)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/calendar")
    return Calendar.from_ical(answer.content)


async def test_a_calendar_shows_whole_days_with_their_alarms(ravie: Ravie) -> None:
    cycle, _ = await two_cycles(ravie)
    feed = await opened(ravie, ravie.animatrice)
    events = (await calendar(ravie, feed["address"])).walk("VEVENT")
    assert len(events) == 4
    first = next(each for each in events if "session_to_hold" in str(each["description"]))
    assert (first["dtstart"].dt, first["dtend"].dt) == (date(2026, 1, 8), date(2026, 1, 9))
    assert str(first["summary"]).startswith("Tenir la séance")
    (alarm,) = first.walk("VALARM")
    assert alarm["trigger"].dt.days == -2
    assert any(cycle in str(each["description"]) for each in events)


async def test_a_deadline_keeps_its_uid_when_its_day_changes(ravie: Ravie) -> None:
    cycle = await ravie.cycle(sessions=1)
    (session,) = await ravie.sessions(cycle)
    feed = await opened(ravie, ravie.animatrice)
    before = {str(each["uid"]) for each in (await calendar(ravie, feed["address"])).walk("VEVENT")}
    move = {"starts_at": "2026-02-12T14:00:00+01:00", "reason": "room"}
    await ravie.done(f"sessions/{session}/move", move)
    after = (await calendar(ravie, feed["address"])).walk("VEVENT")
    assert {str(each["uid"]) for each in after} == before
    assert date(2026, 2, 12) in {each["dtstart"].dt for each in after}


async def test_a_calendar_says_nothing_of_anybody(ravie: Ravie) -> None:
    cycle = await ravie.cycle(sessions=1)
    person = await ravie.person("Martin")
    seat = {"person": person, "role": "assistant_de_vie"}
    await ravie.done(f"cycles/{cycle}/participants", seat)
    await ravie.sessions(cycle)
    feed = await opened(ravie, ravie.coordination, mine=False)
    text = (await calendar(ravie, feed["address"])).to_ical().decode()
    assert "Recueillir ce que les participants" in text.replace("\r\n ", "")
    assert not any(name in text for name in ("Martin", "Claire", person, ANIMATRICE))


async def test_an_address_opens_one_feed_and_is_no_api_token(
    ravie: Ravie, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    await two_cycles(ravie)
    feed = await opened(ravie, ravie.animatrice)
    token = feed["address"].partition("?feed=")[2]
    capsys.readouterr()
    await calendar(ravie, feed["address"])
    # Printed, or handed to the standard library once another test has set up a process's log.
    logged = capsys.readouterr().out + caplog.text
    assert "deadlines.ics" in logged
    assert token not in logged
    as_token = {"Authorization": f"Bearer {token}"}
    assert (await ravie.api.get("deadlines", headers=as_token)).status_code == 401
    wrong = token[:-4] + ("AAAA" if token[-4:] != "AAAA" else "BBBB")
    for other in (wrong, "", "A" * 64):
        answer = await ravie.api.get("deadlines.ics", headers={}, feed=other)
        assert answer.status_code == 404, other
    elsewhere = feed["address"].replace("05D", "69D")
    path = elsewhere[elsewhere.index("/api/") :].partition("?")[0]
    assert (await ravie.api.get(path, headers={}, feed=token)).status_code == 404


async def test_an_address_is_revoked_by_who_opened_it(ravie: Ravie) -> None:
    await two_cycles(ravie)
    feed = await opened(ravie, ravie.animatrice)
    path = f"deadlines/feeds/{feed['feed']}/revocation"
    assert (await ravie.api.post(path, {}, headers=ravie.colleague)).status_code == 403
    assert (await ravie.api.post(path, {}, headers=ravie.animatrice)).status_code == 200
    token = feed["address"].partition("?feed=")[2]
    answer = await ravie.api.get("deadlines.ics", headers={}, feed=token)
    assert answer.status_code == 404
    await ravie.api.follow()
    answer = await ravie.api.get("deadlines/feeds", headers=ravie.animatrice)
    (row,) = answer.json()["items"]
    assert (row["feed"], row["revoked_on"]) == (feed["feed"], "2026-01-05")
    assert token not in answer.text
    answer = await ravie.api.get("deadlines/feeds", headers=ravie.colleague)
    assert answer.json()["items"] == []


async def test_an_address_expires(ravie: Ravie) -> None:
    feed = await opened(ravie, ravie.animatrice, expires_on="2026-02-01")
    ravie.api.parts.application.clock.advance("05D", datetime(2026, 2, 2, tzinfo=UTC))  # type: ignore[attr-defined]
    token = feed["address"].partition("?feed=")[2]
    answer = await ravie.api.get("deadlines.ics", headers={}, feed=token)
    assert answer.status_code == 404
