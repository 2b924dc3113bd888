"""The signed sheet of a session: kept by its hash, and missed when it is not there."""

from typing import Any

from core.domain.event import Subject
from core.session.events import SheetScanned
from core.testing.scenario import Scenario
from plugins.ravie.cycle.events import CycleClosed
from plugins.ravie.projections.attendance_sheet import ATTENDANCE_SHEET, AttendanceSheet
from plugins.ravie.session.commands import ScanSheet, SignHours
from plugins.ravie.tests.stories import (
    CYCLE_ID,
    PRODUCTION,
    a_planned_cycle,
    enrolled,
    held,
    person,
    session,
)


def scan(letter: str = "a", stream: Subject | None = None) -> ScanSheet:
    return ScanSheet(
        session=stream or session(1), sha256=letter * 64, media_type="application/pdf", size=1000
    )


def a_held_session(*facts: Any) -> Scenario:
    scenario = a_planned_cycle(enrolled(1), PRODUCTION, *facts, count=1)
    return scenario.given(held(1), stream=session(1))


def sheet(scenario: Scenario) -> AttendanceSheet:
    return scenario.rows(ATTENDANCE_SHEET)[(session(1),)]


def test_a_session_held_and_signed_without_its_signed_sheet_is_missed() -> None:
    scenario = a_held_session()
    assert not sheet(scenario).scan_missing
    scenario.when(SignHours(session=session(1), person=person(1), minutes=180))
    assert sheet(scenario).scan_missing
    scenario.when(scan())
    assert not sheet(scenario).scan_missing


def test_the_sheet_shows_the_latest_scan_and_who_made_it() -> None:
    scenario = a_held_session().when(scan("a")).when(scan("b"))
    shown = sheet(scenario).scan
    assert shown is not None
    assert (shown.sha256, shown.by) == ("b" * 64, "animatrice")


def test_the_signed_sheet_is_attached_after_the_cycle_is_closed_too() -> None:
    scenario = a_held_session().given(CycleClosed(), stream=CYCLE_ID).when(scan())
    scenario.then(
        SheetScanned(series=CYCLE_ID, sha256="a" * 64, media_type="application/pdf", size=1000)
    )


def test_a_session_of_no_cycle_has_no_sheet_here() -> None:
    a_held_session().when(scan(stream=session(9))).then_refused("not_found")
