"""
Eight enrolled in 5 × 3 h: six sign everything, one misses a session, one leaves another at 16:15.

116 h 15 in all, attestations of 12 h 00 and 14 h 15 beside six of 15 h, six complete.
"""

from core.domain.command import PersonRef
from core.domain.correction import AnnulFact
from core.domain.event import Subject
from core.session.events import AttendanceRecorded
from core.testing.scenario import Scenario
from plugins.ravie.cycle.commands import CloseCycle, EnrolParticipant, OpenCycle, RecordProduction
from plugins.ravie.cycle.events import SessionsPlanned
from plugins.ravie.projections.attendance_sheet import ATTENDANCE_SHEET
from plugins.ravie.projections.cycle_register import CYCLE_REGISTER, CycleRegister
from plugins.ravie.projections.participations import PARTICIPATIONS
from plugins.ravie.session.commands import SignHours
from plugins.ravie.tests.stories import (
    CYCLE_ID,
    a_story,
    hold,
    person,
    plan,
    sealed,
    starts,
)

ABSENT, EARLY_LEAVER = 7, 8


def played() -> Scenario:
    """The whole cycle, through the public commands."""
    scenario = a_story().when(OpenCycle(cycle=CYCLE_ID, theme="fin_de_vie", occurred_at=starts(1)))
    for number in range(1, 9):
        ref = PersonRef(person(number))
        scenario.when(EnrolParticipant(cycle=CYCLE_ID, person=ref, role="assistant_de_vie"))
    scenario.when(plan())
    planned = scenario.written[0]
    assert isinstance(planned, SessionsPlanned)
    for number, stream in enumerate(planned.sessions, 1):
        real = hold(number)
        scenario.when(
            type(real)(session=stream, started_at=real.started_at, ended_at=real.ended_at)
        )
        for who in range(1, 9):
            scenario.when(_signature(stream, number, who))
    scenario.when(RecordProduction(cycle=CYCLE_ID, kind="booklet", title=sealed("title")))
    return scenario.when(CloseCycle(cycle=CYCLE_ID, occurred_at=starts(5)))


def _signature(stream: Subject, number: int, who: int) -> SignHours:
    person_ = PersonRef(person(who))
    if (number, who) == (2, ABSENT):
        return SignHours(session=stream, person=person_, presence="excused")
    minutes = 135 if (number, who) == (4, EARLY_LEAVER) else 180
    return SignHours(session=stream, person=person_, minutes=minutes)


def register(scenario: Scenario) -> CycleRegister:
    return scenario.rows(CYCLE_REGISTER)[(CYCLE_ID,)]


def test_116_hours_15_are_signed_and_six_are_complete() -> None:
    row = register(played())
    assert row.minutes == 6975 == 116 * 60 + 15
    assert row.complete == 6
    assert (row.enrolled, row.waiting) == (8, 0)
    assert (row.planned, row.held, row.cancelled) == (0, 5, 0)
    assert (row.state, len(row.productions), row.flags) == ("closed", 1, ())


def test_attestations_state_15_00_12_00_and_14_15() -> None:
    rows = played().rows(PARTICIPATIONS)
    minutes = {number: rows[(CYCLE_ID, person(number))].minutes for number in range(1, 9)}
    assert minutes == {**dict.fromkeys(range(1, 7), 900), ABSENT: 720, EARLY_LEAVER: 855}
    assert rows[(CYCLE_ID, person(ABSENT))].attended == 4
    assert [n for n in minutes if rows[(CYCLE_ID, person(n))].complete] == list(range(1, 7))


def test_the_sheets_add_up_to_the_same() -> None:
    sheets = sorted(played().rows(ATTENDANCE_SHEET).values(), key=lambda sheet: sheet.number)
    assert [sheet.minutes for sheet in sheets] == [1440, 1260, 1440, 1395, 1440]
    assert [sheet.present for sheet in sheets] == [8, 7, 8, 8, 8]


def test_annulling_a_signature_of_three_hours_leaves_113_hours_15() -> None:
    scenario = played()
    target = next(r for r in scenario.history if isinstance(r.fact, AttendanceRecorded))
    scenario.when(
        AnnulFact(stream=Subject(target.stream), fact=Subject(target.id), reason="mistake")
    )
    row = register(scenario)
    assert row.minutes == 6795 == 113 * 60 + 15
    assert row.complete == 5
    sheets = scenario.rows(ATTENDANCE_SHEET).values()
    assert sum(sheet.minutes for sheet in sheets) == 6795
    assert not scenario.rows(PARTICIPATIONS)[(CYCLE_ID, str(target.person))].complete
