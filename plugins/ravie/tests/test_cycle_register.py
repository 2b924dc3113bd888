from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec

from core.domain.event import Subject
from core.session.events import (
    AttendanceRecorded,
    ExpertInvited,
    SessionCancelled,
    SessionRescheduled,
)
from core.testing.scenario import Scenario, an_id
from plugins.ravie.cycle.events import (
    AnimateurDesignated,
    AnimateurEnded,
    CycleClosed,
    CycleInterrupted,
    ParticipantQueued,
    ParticipantWithdrawn,
    QuestionsGathered,
)
from plugins.ravie.projections.cycle_register import (
    CYCLE_REGISTER,
    CycleRegister,
    Production,
    Question,
)
from plugins.ravie.tests.stories import (
    ANIMATRICE,
    CYCLE_ID,
    EXPERT,
    PRODUCTION,
    a_cycle,
    a_planned_cycle,
    a_story,
    enrolled,
    held,
    opened,
    person,
    planned,
    sealed,
    session,
    starts,
)


def register(scenario: Scenario) -> CycleRegister:
    return scenario.rows(CYCLE_REGISTER)[(CYCLE_ID,)]


def signed(number: int, who: int, minutes: int = 180) -> AttendanceRecorded:
    return AttendanceRecorded(
        series=CYCLE_ID,
        person=person(who),
        presence="present",
        minutes=minutes,
        held_on=starts(number).date(),
        profile="assistant_de_vie",
    )


def waiting(number: int) -> ParticipantQueued:
    return ParticipantQueued(person=person(number), role="proche_aidant", min_minutes=900)


def test_a_cycle_enters_the_register_with_its_shape() -> None:
    row = register(a_cycle(modality="remote"))
    assert (row.theme, row.modality, row.state) == ("fin_de_vie", "remote", "open")
    assert (row.sessions, row.session_minutes, row.capacity_min, row.capacity_max) == (5, 180, 7, 9)
    assert (row.min_minutes, row.project) == (900, False)
    assert (row.opened_on, row.closed_on) == (date(2026, 1, 2), None)
    assert register(a_cycle(kind="project")).project


def test_the_days_of_a_cycle_are_days_in_paris() -> None:
    midnight = datetime(2026, 6, 30, 22, 30, tzinfo=UTC)
    scenario = a_story().given(opened(), stream=CYCLE_ID, occurred_at=midnight)
    scenario.given(
        PRODUCTION, CycleClosed(), stream=CYCLE_ID, occurred_at=midnight + timedelta(days=30)
    )
    row = register(scenario)
    assert (row.opened_on, row.closed_on) == (date(2026, 7, 1), date(2026, 7, 31))


def test_the_register_counts_sessions_by_what_became_of_them() -> None:
    scenario = a_planned_cycle().given(held(1), stream=session(1))
    scenario.given(SessionCancelled(series=CYCLE_ID, reason="snow"), stream=session(2))
    row = register(scenario)
    assert (row.planned, row.held, row.cancelled) == (3, 1, 1)


def test_the_calendar_follows_a_session_that_moves_and_is_held() -> None:
    later = starts(1) + timedelta(days=1)
    move = SessionRescheduled(
        series=CYCLE_ID, starts_at=later, ends_at=later + timedelta(hours=3), reason="room"
    )
    row = register(a_planned_cycle(count=1).given(move, stream=session(1)))
    assert (row.calendar[0].starts_at, row.calendar[0].state) == (later, "planned")
    row = register(a_planned_cycle(count=1).given(held(1, 200), stream=session(1)))
    assert row.calendar[0].ends_at == starts(1) + timedelta(minutes=200)


def test_the_register_counts_those_who_have_a_place_and_those_who_wait() -> None:
    leaves = ParticipantWithdrawn(person=person(1), reason="new_job")
    moves_up = enrolled(3, from_waiting_list=True, role="proche_aidant")
    scenario = a_cycle(enrolled(1), enrolled(2), waiting(3), waiting(4), capacity_max=2)
    assert (register(scenario).enrolled, register(scenario).waiting) == (2, 2)
    row = register(scenario.given(leaves, moves_up, stream=CYCLE_ID))
    assert (row.enrolled, row.waiting) == (2, 1)
    assert [seat.state for seat in row.seats] == ["withdrawn", "enrolled", "enrolled", "waiting"]


def test_hours_stay_signed_when_someone_leaves() -> None:
    leaves = ParticipantWithdrawn(person=person(1), reason="new_job")
    scenario = a_planned_cycle(enrolled(1)).given(held(1), signed(1, 1), stream=session(1))
    assert register(scenario.given(leaves, stream=CYCLE_ID)).minutes == 180


def test_the_register_counts_experts_questions_and_productions() -> None:
    invited = ExpertInvited(series=CYCLE_ID, expert=EXPERT)
    questions = QuestionsGathered(session=session(1), questions=(sealed("a"), sealed("b")))
    scenario = a_planned_cycle(questions, PRODUCTION)
    scenario.given(invited, stream=session(2)).given(invited, stream=session(3))
    row = register(scenario)
    assert (row.experts, row.questions) == (1, 2)
    assert row.asked == tuple(
        Question(session=session(1), text=token) for token in (sealed("a"), sealed("b"))
    )
    assert row.productions == (Production(kind="booklet", title=sealed("title"), sha256=None),)


def test_the_register_names_everyone_who_animated() -> None:
    stand_in = msgspec.structs.replace(held(1), animateur=Subject(an_id(99)))
    row = register(a_planned_cycle().given(stand_in, stream=session(1)))
    assert row.animateurs == (ANIMATRICE, an_id(99))


def test_the_format_of_a_cycle_is_what_its_sessions_held_were() -> None:
    remotely = msgspec.structs.replace(held(2), modality="remote")
    scenario = a_planned_cycle(modality="mixed")
    assert register(scenario).format == "mixed"
    assert register(scenario.given(remotely, stream=session(2))).format == "remote"
    assert register(scenario.given(held(1), stream=session(1))).format == "mixed"
    assert register(a_planned_cycle().given(held(1), stream=session(1))).format == "in_person"


def test_the_register_follows_who_conducts_the_cycle() -> None:
    other = Subject(an_id(98))
    ended = AnimateurEnded(animateur=ANIMATRICE, reason="leave")
    row = register(a_cycle(ended, AnimateurDesignated(animateur=other)))
    assert (row.animateur, row.animateurs) == (other, (ANIMATRICE, other))
    assert register(a_cycle(ended)).animateur is None


def test_a_cycle_interrupted_without_production_is_flagged() -> None:
    stopped = CycleInterrupted(reason="group_too_small")
    assert "interrupted_without_production" in register(a_cycle(stopped)).flags
    assert register(a_cycle(stopped)).closed_on == date(2026, 1, 2)
    assert register(a_cycle(PRODUCTION, stopped)).flags == ()


def test_a_cycle_closed_with_fewer_sessions_held_is_flagged() -> None:
    assert register(a_cycle(PRODUCTION, CycleClosed())).flags == ("fewer_sessions_than_planned",)


def test_a_group_smaller_than_the_smallest_is_flagged_once_it_meets() -> None:
    few = [enrolled(number) for number in range(1, 7)]
    assert register(a_planned_cycle(*few)).flags == ()
    row = register(a_planned_cycle(*few).given(held(1), stream=session(1)))
    assert row.flags == ("group_below_minimum",)
    seven = [*few, enrolled(7)]
    assert register(a_planned_cycle(*seven).given(held(1), stream=session(1))).flags == ()


def test_a_group_larger_than_its_places_is_flagged() -> None:
    many = [enrolled(number) for number in range(1, 11)]
    assert register(a_cycle(*many)).flags == ("group_above_maximum",)


def test_hours_signed_without_a_place_are_counted_and_flagged() -> None:
    facts: list[Any] = [enrolled(1), waiting(2)]
    scenario = a_planned_cycle(*facts, capacity_min=1, capacity_max=1)
    scenario.given(held(1), signed(1, 1), signed(1, 2, 60), stream=session(1))
    row = register(scenario)
    assert (row.minutes, row.flags) == (240, ("signed_without_a_place",))


def test_questions_gathered_after_the_first_session_are_flagged() -> None:
    first = QuestionsGathered(session=session(1), questions=(sealed("a"),))
    second = QuestionsGathered(session=session(2), questions=(sealed("b"),))
    scenario = a_planned_cycle()
    assert register(scenario.given(first, stream=CYCLE_ID)).flags == ()
    assert register(scenario.given(second, stream=CYCLE_ID)).flags == (
        "questions_after_first_session",
    )


def test_the_series_of_another_module_is_not_in_the_register() -> None:
    scenario = a_story().given(planned(1, module="apv"), held(1), stream=session(1))
    assert scenario.rows(CYCLE_REGISTER) == {}
