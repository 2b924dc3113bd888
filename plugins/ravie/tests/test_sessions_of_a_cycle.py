from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import pytest

from core.domain.command import Command, PersonRef
from core.domain.correction import AnnulFact
from core.domain.event import Subject
from core.session.events import (
    AttendanceRecorded,
    ExpertInvited,
    HeadcountRecorded,
    SessionCancelled,
    SessionHeld,
    SessionPlanned,
    SessionRescheduled,
)
from core.testing.scenario import an_id
from plugins.ravie.cycle.commands import AddSession, GatherQuestions
from plugins.ravie.cycle.events import (
    CycleClosed,
    CycleInterrupted,
    ParticipantQueued,
    QuestionsGathered,
    SessionsPlanned,
)
from plugins.ravie.session.commands import (
    CancelSession,
    InviteExpert,
    MoveSession,
    RecordHeadcount,
    SignHours,
)
from plugins.ravie.tests.stories import (
    CYCLE_ID,
    EXPERT,
    OTHER_CYCLE,
    PRODUCTION,
    a_cycle,
    a_planned_cycle,
    enrolled,
    held,
    hold,
    opened,
    person,
    plan,
    planned,
    sealed,
    session,
    sign,
    starts,
)

SNOW = SessionCancelled(series=CYCLE_ID, reason="snow")


def test_the_sessions_of_a_cycle_are_planned_an_afternoon_a_week() -> None:
    scenario = a_cycle().when(plan())
    first, *sessions = scenario.written
    assert isinstance(first, SessionsPlanned)
    assert len(set(first.sessions)) == 5
    assert sessions == [planned(number) for number in range(1, 6)]


def test_holidays_are_skipped_and_the_hour_stays_when_clocks_change() -> None:
    scenario = a_cycle(sessions=3).when(plan(date(2026, 3, 19), skipping=(date(2026, 3, 26),)))
    assert [fact.starts_at for fact in scenario.written if isinstance(fact, SessionPlanned)] == [
        datetime(2026, 3, 19, 13, tzinfo=UTC),
        datetime(2026, 4, 2, 12, tzinfo=UTC),
        datetime(2026, 4, 9, 12, tzinfo=UTC),
    ]


def test_the_sessions_of_a_cycle_are_planned_once() -> None:
    a_planned_cycle().when(plan()).then_refused("sessions_already_planned")


def test_each_session_may_have_its_purpose() -> None:
    scenario = a_cycle(sessions=2).when(plan(purposes=("questions", "production")))
    assert scenario.written[1:] == [
        planned(1, purpose="questions"),
        planned(2, purpose="production"),
    ]
    scenario.given(SNOW, stream=scenario.history[-1].stream)
    scenario.when(AddSession(cycle=CYCLE_ID, starts_at=starts(6), purpose="production"))
    assert scenario.written[1] == planned(
        3, purpose="production", starts_at=starts(6), ends_at=starts(6) + timedelta(hours=3)
    )


def test_purposes_are_given_for_every_session_or_for_none() -> None:
    scenario = a_cycle().when(plan(purposes=("questions",)))
    scenario.then_refused("purposes_do_not_match")
    assert "(1 donnés)" in scenario.sentence
    assert "5 séances" in scenario.sentence


def test_a_cancelled_session_leaves_room_for_another() -> None:
    scenario = a_planned_cycle().given(SNOW, stream=session(2))
    scenario.when(AddSession(cycle=CYCLE_ID, starts_at=starts(6)))
    assert scenario.written[1] == planned(6)


def test_a_cycle_has_no_more_sessions_than_it_is_to_have() -> None:
    add = AddSession(cycle=CYCLE_ID, starts_at=starts(6))
    scenario = a_planned_cycle().when(add).then_refused("cycle_has_all_its_sessions")
    assert "5 séances" in scenario.sentence


def test_a_session_is_moved_with_its_length() -> None:
    moved = datetime(2026, 1, 9, 8, tzinfo=UTC)
    a_planned_cycle().when(MoveSession(session=session(1), starts_at=moved, reason="room")).then(
        SessionRescheduled(
            series=CYCLE_ID,
            starts_at=moved,
            ends_at=datetime(2026, 1, 9, 11, tzinfo=UTC),
            reason="room",
        )
    )


def test_a_session_is_cancelled_with_its_reason() -> None:
    a_planned_cycle().when(CancelSession(session=session(1), reason="snow")).then(SNOW)


def test_a_session_is_held_at_its_real_times() -> None:
    a_planned_cycle().when(hold(1, 175)).then(held(1, 175))


def test_a_participant_signs_in_the_role_they_were_enrolled_in() -> None:
    scenario = a_planned_cycle(enrolled(1, role="proche_aidant")).given(held(1), stream=session(1))
    scenario.when(sign(1, 1, 135)).then(
        AttendanceRecorded(
            series=CYCLE_ID,
            person=person(1),
            presence="present",
            minutes=135,
            held_on=date(2026, 1, 8),
            profile="proche_aidant",
        )
    )


def test_only_those_in_the_cycle_sign_its_sheets() -> None:
    scenario = a_planned_cycle(enrolled(1)).given(held(1), stream=session(1))
    scenario.when(sign(1, 2)).then_refused("person_not_in_cycle")


def test_someone_who_waits_and_came_all_the_same_is_recorded() -> None:
    waiting = ParticipantQueued(person=person(2), role="assistant_de_vie", min_minutes=900)
    scenario = a_planned_cycle(enrolled(1), waiting, capacity_min=1, capacity_max=1)
    scenario.given(held(1), stream=session(1)).when(sign(1, 2))
    assert len(scenario.written) == 1


def test_minutes_never_exceed_the_real_length_of_the_session() -> None:
    scenario = a_planned_cycle(enrolled(1)).given(held(1, 150), stream=session(1))
    scenario.when(sign(1, 1, 180)).then_refused("minutes_exceed_session")
    assert "180" in scenario.sentence
    assert "150" in scenario.sentence


def test_no_attendance_on_a_session_cancelled_or_not_yet_held() -> None:
    a_planned_cycle(enrolled(1)).when(sign(1, 1)).then_refused("session_is_not_held")
    cancelled = a_planned_cycle(enrolled(1)).given(SNOW, stream=session(1))
    cancelled.when(sign(1, 1)).then_refused("session_is_cancelled")


def test_an_expert_is_invited_on_a_sealed_topic() -> None:
    a_planned_cycle().when(
        InviteExpert(session=session(2), expert=EXPERT, topic=sealed("law"))
    ).then(ExpertInvited(series=CYCLE_ID, expert=EXPERT, topic=sealed("law")))


def test_people_who_are_not_participants_are_counted_not_named() -> None:
    scenario = a_planned_cycle().given(held(1), stream=session(1))
    count = RecordHeadcount(session=session(1), profile="elu", headcount=2)
    scenario.when(count).then(HeadcountRecorded(series=CYCLE_ID, profile="elu", headcount=2))


def test_the_groups_questions_are_gathered_sealed() -> None:
    questions = (sealed("one"), sealed("two"))
    a_planned_cycle().when(
        GatherQuestions(cycle=CYCLE_ID, session=session(1), questions=questions)
    ).then(QuestionsGathered(session=session(1), questions=questions))


def test_questions_are_gathered_in_a_session_of_the_cycle() -> None:
    elsewhere = GatherQuestions(
        cycle=CYCLE_ID, session=Subject(an_id(99)), questions=(sealed("one"),)
    )
    a_planned_cycle().when(elsewhere).then_refused("session_of_another_cycle")


def test_no_question_is_gathered_in_a_cancelled_session() -> None:
    gather = GatherQuestions(cycle=CYCLE_ID, session=session(1), questions=(sealed("one"),))
    cancelled = a_planned_cycle().given(SNOW, stream=session(1))
    cancelled.when(gather).then_refused("session_is_cancelled")


@pytest.mark.parametrize(
    "command",
    [
        MoveSession(session=session(2), starts_at=starts(6), reason="room"),
        CancelSession(session=session(2), reason="snow"),
        InviteExpert(session=session(2), expert=EXPERT),
        RecordHeadcount(session=session(1), profile="elu", headcount=2),
        hold(2),
        sign(1, 1),
        plan(),
        AddSession(cycle=CYCLE_ID, starts_at=starts(6)),
        GatherQuestions(cycle=CYCLE_ID, session=session(1), questions=(sealed("one"),)),
    ],
    ids=lambda command: command.name,
)
@pytest.mark.parametrize(
    "over",
    [(PRODUCTION, CycleClosed()), (CycleInterrupted(reason="group_too_small"),)],
    ids=["closed", "interrupted"],
)
def test_a_closed_cycle_refuses_what_touches_its_sessions(command: Command, over: Any) -> None:
    scenario = a_planned_cycle(enrolled(1)).given(held(1), stream=session(1))
    scenario.given(*over, stream=CYCLE_ID).when(command).then_refused("cycle_is_closed")


def test_a_closed_cycle_refuses_attendance() -> None:
    scenario = a_planned_cycle(enrolled(1)).given(held(1), stream=session(1))
    scenario.given(PRODUCTION, CycleClosed(), stream=CYCLE_ID)
    scenario.when(sign(1, 1)).then_refused("cycle_is_closed")


def test_a_session_of_another_module_is_not_touched() -> None:
    scenario = a_planned_cycle().given(planned(1, module="apv"), stream=an_id(99))
    cancel = CancelSession(session=Subject(an_id(99)), reason="snow")
    scenario.when(cancel).then_refused("not_found")


def test_which_sessions_are_the_cycles_is_neither_corrected_nor_annulled() -> None:
    scenario = a_planned_cycle()
    target = next(r for r in scenario.history if isinstance(r.fact, SessionsPlanned))
    annul = AnnulFact(stream=CYCLE_ID, fact=Subject(target.id), reason="mistake")
    scenario.when(annul).then_refused("fact_cannot_be_corrected")


def test_a_signature_of_another_cycle_does_not_count_here() -> None:
    scenario = a_planned_cycle(enrolled(1)).given(opened(), stream=OTHER_CYCLE)
    other = planned(1, series=OTHER_CYCLE)
    real = msgspec.structs.replace(held(1), series=OTHER_CYCLE)
    assert isinstance(real, SessionHeld)
    scenario.given(other, real, stream=an_id(99))
    stray = SignHours(session=Subject(an_id(99)), person=PersonRef(person(1)), minutes=60)
    scenario.when(stray).then_refused("person_not_in_cycle")


def test_each_session_may_have_its_own_modality() -> None:
    scenario = a_cycle(sessions=2).when(plan(modalities=("in_person", "remote")))
    assert scenario.written[1:] == [planned(1), planned(2, modality="remote")]
    scenario.given(SNOW, stream=scenario.history[-1].stream)
    scenario.when(AddSession(cycle=CYCLE_ID, starts_at=starts(6), modality="mixed"))
    added = scenario.written[1]
    assert isinstance(added, SessionPlanned)
    assert added.modality == "mixed"


def test_modalities_are_given_for_all_sessions_or_none() -> None:
    told = a_cycle().when(plan(modalities=("remote",))).then_refused("modalities_do_not_match")
    assert "5 séances" in told.sentence
    assert "(1 données)" in told.sentence
