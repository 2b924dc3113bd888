from datetime import date

from core.registers.professionals.events import (
    AssignmentEnded,
    EngagementEnded,
    TrainingFollowed,
    WorkingTimeChanged,
)
from core.registers.professionals.tests.stories import (
    FIRST,
    OURS,
    PERSON,
    PROFESSIONAL_ID,
    SECOND,
    THEIRS,
    a_professional,
    assigned,
    on,
)
from core.testing.scenario import Scenario
from projections.registers.professional_register import (
    PROFESSIONAL_REGISTER,
    ProfessionalRow,
    WorkingTime,
    seen_from,
)


def row(told: Scenario) -> ProfessionalRow:
    return told.rows(PROFESSIONAL_REGISTER)[(PROFESSIONAL_ID,)]


def test_current_structures_functions_and_working_time_are_those_that_run() -> None:
    both = assigned(SECOND, structure=THEIRS, function="job_coach", etp_percent=20)
    now = row(a_professional(both))
    assert (now.structures, now.functions) == ((OURS, THEIRS), ("animateur", "job_coach"))
    assert now.etp_percent == 100
    left = AssignmentEnded(person=PERSON, assignment=FIRST, reason="transfer")
    later = row(a_professional(both, left))
    assert (later.structures, later.functions, later.etp_percent) == ((THEIRS,), ("job_coach",), 20)


def test_every_assignment_stays_with_its_days_and_its_working_times() -> None:
    changed = WorkingTimeChanged(person=PERSON, assignment=FIRST, etp_percent=50)
    left = AssignmentEnded(person=PERSON, assignment=FIRST, reason="transfer")
    (assignment,) = row(a_professional(changed, left)).assignments
    assert (assignment.since, assignment.until) == (date(2025, 3, 1), date(2025, 6, 1))
    assert assignment.working_times == (
        WorkingTime(since=date(2025, 3, 1), etp_percent=80),
        WorkingTime(since=date(2025, 6, 1), etp_percent=50),
    )


def test_a_working_time_told_late_takes_its_place_by_date() -> None:
    told = a_professional(WorkingTimeChanged(person=PERSON, assignment=FIRST, etp_percent=50))
    late = WorkingTimeChanged(person=PERSON, assignment=FIRST, etp_percent=60)
    told.given(late, stream=PROFESSIONAL_ID, occurred_at=on(4, 1))
    (assignment,) = row(told).assignments
    assert [time.etp_percent for time in assignment.working_times] == [80, 60, 50]
    assert assignment.etp_percent == 50


def test_more_than_one_full_time_is_flagged_not_refused() -> None:
    more = assigned(SECOND, structure=THEIRS, etp_percent=30)
    assert row(a_professional(more)).flags == ("above_full_time",)
    assert row(a_professional()).flags == ()


def test_trainings_are_told_in_the_order_they_were_followed() -> None:
    told = a_professional(TrainingFollowed(person=PERSON, training="animation", minutes=840))
    before = TrainingFollowed(person=PERSON, training="premiers_secours")
    told.given(before, stream=PROFESSIONAL_ID, occurred_at=on(4, 1))
    now = row(told)
    assert [each.training for each in now.trainings] == ["premiers_secours", "animation"]
    assert now.trained_in == ("animation", "premiers_secours")


def test_who_left_stays_in_the_register() -> None:
    left = AssignmentEnded(person=PERSON, assignment=FIRST, reason="retirement")
    gone = row(a_professional(left, EngagementEnded(person=PERSON, reason="retirement")))
    assert (gone.engaged, gone.ended_on, gone.etp_percent) == (False, date(2025, 6, 1), None)
    assert len(gone.assignments) == 1


def test_a_structure_sees_nothing_of_what_someone_does_for_another() -> None:
    both = row(a_professional(assigned(SECOND, structure=THEIRS, etp_percent=30)))
    seen = seen_from(both, frozenset({OURS}))
    assert [each.structure for each in seen.assignments] == [OURS]
    assert (seen.structures, seen.etp_percent, seen.flags) == ((OURS,), 80, ())
