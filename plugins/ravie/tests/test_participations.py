from datetime import date
from typing import Any

from core.session.events import AttendanceRecorded
from plugins.ravie.cycle.events import ParticipantQueued, ParticipantWithdrawn
from plugins.ravie.projections.participations import PARTICIPATIONS, Participation
from plugins.ravie.tests.stories import (
    CYCLE_ID,
    a_planned_cycle,
    enrolled,
    held,
    person,
    session,
    starts,
)


def participation(*sheets: tuple[int, int], facts: Any = None, **changes: Any) -> Participation:
    """Of person 1, after signing so many minutes in each of the sessions given."""
    scenario = a_planned_cycle(*(facts or (enrolled(1),)), **changes)
    for number, minutes in sheets:
        line = AttendanceRecorded(
            series=CYCLE_ID,
            person=person(1),
            presence="present" if minutes else "absent",
            minutes=minutes,
            held_on=starts(number).date(),
        )
        scenario.given(held(number, max(minutes, 1)), line, stream=session(number))
    return scenario.rows(PARTICIPATIONS)[(CYCLE_ID, person(1))]


def test_a_participation_starts_with_the_enrolment() -> None:
    row = participation()
    assert (row.role, row.state) == ("assistant_de_vie", "enrolled")
    assert (row.enrolled_on, row.first_signed_on) == (date(2026, 1, 2), None)


def test_who_waits_is_not_enrolled_until_a_place_is_theirs() -> None:
    waits = ParticipantQueued(person=person(1), role="proche_aidant", min_minutes=900)
    row = participation(facts=(waits,))
    assert (row.role, row.state, row.enrolled_on) == ("proche_aidant", "waiting", None)
    row = participation(facts=(waits, enrolled(1, role="proche_aidant", from_waiting_list=True)))
    assert (row.state, row.enrolled_on) == ("enrolled", date(2026, 1, 2))


def test_minutes_add_up_over_the_sessions_attended() -> None:
    row = participation((1, 180), (2, 0), (3, 100))
    assert (row.minutes, row.attended) == (280, 2)


def test_the_first_signature_is_the_earliest_in_whatever_order_sheets_are_recorded() -> None:
    assert participation((3, 180), (2, 60)).first_signed_on == date(2026, 1, 15)


def test_an_absence_is_no_signature() -> None:
    row = participation((1, 0))
    assert (row.first_signed_on, row.attended) == (None, 0)


def test_complete_is_the_threshold_reached_never_rounded_up() -> None:
    five = [(number, 180) for number in range(1, 5)]
    assert not participation(*five, (5, 179)).complete
    assert participation(*five, (5, 180)).complete


def test_leaving_keeps_what_was_signed() -> None:
    leaves = ParticipantWithdrawn(person=person(1), reason="new_job")
    row = participation((1, 180), facts=(enrolled(1), leaves))
    assert (row.state, row.minutes) == ("withdrawn", 180)
