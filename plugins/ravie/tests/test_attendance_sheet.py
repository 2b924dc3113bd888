from datetime import date, timedelta

from core.domain.event import Subject
from core.session.events import (
    AttendanceRecorded,
    ExpertInvited,
    HeadcountRecorded,
    SessionCancelled,
    SessionRescheduled,
)
from core.testing.scenario import Scenario, an_id
from plugins.ravie.projections.attendance_sheet import ATTENDANCE_SHEET, AttendanceSheet, ExpertLine
from plugins.ravie.tests.stories import (
    CYCLE_ID,
    EXPERT,
    a_planned_cycle,
    a_story,
    held,
    person,
    planned,
    session,
    starts,
)


def sheet(scenario: Scenario) -> AttendanceSheet:
    return scenario.rows(ATTENDANCE_SHEET)[(session(1),)]


def signed(who: int, minutes: int = 180) -> AttendanceRecorded:
    return AttendanceRecorded(
        series=CYCLE_ID,
        person=person(who),
        presence="present" if minutes else "absent",
        minutes=minutes,
        held_on=starts(1).date(),
        profile="assistant_de_vie",
    )


def test_a_planned_session_has_a_blank_sheet() -> None:
    row = sheet(a_planned_cycle())
    assert row.purpose is None
    assert (row.cycle, row.number, row.state, row.capacity) == (CYCLE_ID, 1, "planned", 9)
    assert (row.starts_at, row.ends_at) == (starts(1), starts(1) + timedelta(hours=3))
    assert (row.lines, row.minutes, row.held_on) == ((), 0, None)


def test_a_moved_session_keeps_its_sheet_at_its_new_time_and_place() -> None:
    later = starts(1) + timedelta(days=1)
    moved = SessionRescheduled(
        series=CYCLE_ID,
        starts_at=later,
        ends_at=later + timedelta(hours=3),
        place=Subject(an_id(44)),
        reason="room",
    )
    row = sheet(a_planned_cycle().given(moved, stream=session(1)))
    assert (row.starts_at, row.place) == (later, an_id(44))


def test_a_cancelled_session_says_so() -> None:
    cancelled = SessionCancelled(series=CYCLE_ID, reason="snow")
    assert sheet(a_planned_cycle().given(cancelled, stream=session(1))).state == "cancelled"


def test_a_sheet_lists_each_person_once_in_a_stable_order() -> None:
    facts = (held(1), signed(3), signed(1, 135), signed(2, 0))
    row = sheet(a_planned_cycle().given(*facts, stream=session(1)))
    assert [line.person for line in row.lines] == [person(1), person(2), person(3)]
    assert [line.minutes for line in row.lines] == [135, 0, 180]
    assert (row.present, row.minutes) == (2, 315)
    assert (row.state, row.held_on) == ("held", date(2026, 1, 8))


def test_a_sheet_shows_unnamed_people_and_experts() -> None:
    facts = (
        held(1),
        HeadcountRecorded(series=CYCLE_ID, profile="elu", headcount=2),
        ExpertInvited(series=CYCLE_ID, expert=EXPERT),
    )
    row = sheet(a_planned_cycle().given(*facts, stream=session(1)))
    assert [(line.profile, line.headcount) for line in row.headcounts] == [("elu", 2)]
    assert row.experts == (ExpertLine(expert=EXPERT, topic=None),)


def test_a_session_held_longer_than_planned_is_recorded_and_flagged() -> None:
    row = sheet(a_planned_cycle().given(held(1, 181), stream=session(1)))
    assert row.flags == ("longer_than_planned",)
    assert sheet(a_planned_cycle().given(held(1, 180), stream=session(1))).flags == ()


def test_more_people_than_the_session_has_places_are_recorded_and_flagged() -> None:
    nine = [signed(who) for who in range(1, 10)]
    full = a_planned_cycle().given(held(1), *nine, stream=session(1))
    assert sheet(full).flags == ()
    visitor = HeadcountRecorded(series=CYCLE_ID, profile="elu", headcount=1)
    assert sheet(full.given(visitor, stream=session(1))).flags == ("over_capacity",)


def test_the_sessions_of_another_module_have_no_sheet_here() -> None:
    scenario = a_story().given(planned(1, module="apv"), held(1), signed(1), stream=session(1))
    assert scenario.rows(ATTENDANCE_SHEET) == {}
