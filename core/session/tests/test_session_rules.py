from datetime import timedelta

import msgspec
import pytest

from core.domain.correction import AnnulFact, CorrectFact
from core.domain.event import Subject
from core.session.decisions import plan_series
from core.session.events import (
    AttendanceRecorded,
    ExpertInvited,
    HeadcountRecorded,
    SessionCancelled,
    SessionHeld,
    SessionReassigned,
    SessionRescheduled,
)
from core.session.state import SESSION
from core.session.tests.stories import (
    A_SERIES,
    A_SESSION,
    CANCELLED,
    CLAIRE,
    EXPERT,
    HELD,
    PLANNED,
    SCANNED,
    SIGNED,
    Cancel,
    Count,
    Hold,
    Invite,
    Move,
    Scan,
    Sign,
    a_session,
    at,
)
from core.session.vocabulary import Presence
from core.testing.scenario import Scenario, an_id


def test_a_moved_session_keeps_its_length() -> None:
    a_session().when(Move(session=A_SESSION, starts_at=at(14), reason="room")).then(
        SessionRescheduled(series=A_SERIES, starts_at=at(14), ends_at=at(17), reason="room")
    )


def test_a_moved_session_may_be_held_otherwise_than_planned() -> None:
    move = Move(session=A_SESSION, starts_at=at(14), modality="remote", reason="snow")
    told = a_session().when(move)
    assert told.state(SESSION, A_SESSION).modality == "remote"
    told.when(Move(session=A_SESSION, starts_at=at(15), reason="room"))
    assert told.state(SESSION, A_SESSION).modality == "remote"


def test_a_cancelled_session_is_neither_moved_nor_cancelled_nor_held() -> None:
    move = Move(session=A_SESSION, starts_at=at(14), reason="room")
    cancel = Cancel(session=A_SESSION, reason="snow")
    hold = Hold(session=A_SESSION, started_at=at(8), ended_at=at(11))
    for command in (move, cancel, hold):
        a_session(CANCELLED).when(command).then_refused("session_is_cancelled")


def test_a_held_session_is_neither_moved_nor_cancelled_nor_held_again() -> None:
    move = Move(session=A_SESSION, starts_at=at(14), reason="room")
    cancel = Cancel(session=A_SESSION, reason="snow")
    hold = Hold(session=A_SESSION, started_at=at(8), ended_at=at(11))
    for command in (move, cancel, hold):
        a_session(HELD).when(command).then_refused("session_already_held")


def test_a_session_is_cancelled_with_its_reason() -> None:
    a_session().when(Cancel(session=A_SESSION, reason="snow")).then(
        SessionCancelled(series=A_SERIES, reason="snow")
    )


def test_a_held_session_keeps_from_the_plan_what_it_does_not_say() -> None:
    hold = Hold(session=A_SESSION, started_at=at(8, 5), ended_at=at(11), modality="remote")
    a_session().when(hold).then(
        SessionHeld(
            series=A_SERIES,
            started_at=at(8, 5),
            ended_at=at(11),
            modality="remote",
            animateur=PLANNED.animateur,
        )
    )


def test_what_a_session_records_is_dated_when_it_started() -> None:
    scenario = a_session().when(Hold(session=A_SESSION, started_at=at(8), ended_at=at(11)))
    scenario.when(Sign(session=A_SESSION, person=CLAIRE, minutes=180))
    assert [recorded.occurred_at for recorded in scenario.history[1:]] == [at(8), at(8)]


def test_a_session_held_longer_than_planned_is_recorded() -> None:
    scenario = a_session().when(Hold(session=A_SESSION, started_at=at(7), ended_at=at(11, 30)))
    assert scenario.state(SESSION, A_SESSION).minutes == 270


def test_a_session_is_not_held_before_it_is_over() -> None:
    later = Hold(session=A_SESSION, started_at=at(10), ended_at=at(12, 1))
    a_session().when(later).then_refused("session_is_not_over")


def test_a_session_does_not_end_before_it_starts() -> None:
    backwards = Hold(session=A_SESSION, started_at=at(11), ended_at=at(8))
    a_session().when(backwards).then_refused("session_ends_before_it_starts")


def test_attendance_states_the_minutes_really_signed_and_the_day() -> None:
    a_session(HELD).when(Sign(session=A_SESSION, person=CLAIRE, minutes=135)).then(
        msgspec.structs.replace(SIGNED, minutes=135)
    )


def test_minutes_never_exceed_the_real_length_of_the_session() -> None:
    scenario = a_session(msgspec.structs.replace(HELD, ended_at=at(10)))
    scenario.when(Sign(session=A_SESSION, person=CLAIRE, minutes=121))
    scenario.then_refused("minutes_exceed_session")
    assert scenario.sentence == "121 min signées pour une séance qui a duré 120 min."


def test_a_part_of_a_minute_is_not_signed() -> None:
    almost = msgspec.structs.replace(HELD, ended_at=at(11) - timedelta(seconds=1))
    sign = Sign(session=A_SESSION, person=CLAIRE, minutes=180)
    a_session(almost).when(sign).then_refused("minutes_exceed_session")


def test_attendance_on_a_cancelled_session_is_refused() -> None:
    sign = Sign(session=A_SESSION, person=CLAIRE, minutes=60)
    a_session(CANCELLED).when(sign).then_refused("session_is_cancelled")


def test_attendance_on_a_session_not_yet_held_is_refused() -> None:
    sign = Sign(session=A_SESSION, person=CLAIRE, minutes=60)
    a_session().when(sign).then_refused("session_is_not_held")


def test_a_person_signs_a_sheet_once() -> None:
    sign = Sign(session=A_SESSION, person=CLAIRE, minutes=60)
    a_session(HELD, SIGNED).when(sign).then_refused("attendance_already_recorded")


@pytest.mark.parametrize("presence", ["absent", "excused"])
def test_who_is_not_there_signs_nothing(presence: Presence) -> None:
    sign = Sign(session=A_SESSION, person=CLAIRE, presence=presence, minutes=1)
    a_session(HELD).when(sign).then_refused("absent_person_signs_nothing")


SCAN = Scan(session=A_SESSION, sha256="ab" * 32, media_type="application/pdf", size=84_000)


def test_the_signed_sheet_of_a_held_session_is_kept_by_its_hash() -> None:
    a_session(HELD, SIGNED).when(SCAN).then(SCANNED)


def test_a_later_scan_takes_the_place_of_an_earlier_one() -> None:
    again = msgspec.structs.replace(SCAN, sha256="cd" * 32)
    scenario = a_session(HELD, SCANNED).when(again)
    assert [fact.stored_name for fact in scenario.written] == ["session.sheet_scanned.v1"]
    assert scenario.state(SESSION, A_SESSION).scan == "cd" * 32


def test_the_same_scan_again_writes_nothing() -> None:
    a_session(HELD, SCANNED).when(SCAN).then()


def test_a_session_that_was_not_held_has_no_signed_sheet() -> None:
    a_session().when(SCAN).then_refused("session_is_not_held")
    a_session(CANCELLED).when(SCAN).then_refused("session_is_cancelled")


def test_a_scan_attached_to_the_wrong_session_is_annulled() -> None:
    scenario = a_session(HELD, SCANNED)
    fact = Subject(scenario.history[-1].id)
    scenario.when(AnnulFact(stream=A_SESSION, fact=fact, reason="wrong_session"))
    assert scenario.state(SESSION, A_SESSION).scan is None


def test_an_expert_is_invited_once() -> None:
    scenario = a_session().when(Invite(session=A_SESSION, expert=EXPERT))
    scenario.then(ExpertInvited(series=A_SERIES, expert=EXPERT))
    scenario.when(Invite(session=A_SESSION, expert=EXPERT)).then_refused("expert_already_invited")


def test_no_expert_is_invited_to_a_cancelled_session() -> None:
    invite = Invite(session=A_SESSION, expert=EXPERT)
    a_session(CANCELLED).when(invite).then_refused("session_is_cancelled")


def test_people_are_counted_by_profile_once_the_session_is_held() -> None:
    count = Count(session=A_SESSION, profile="aidant", headcount=12)
    a_session().when(count).then_refused("session_is_not_held")
    a_session(CANCELLED).when(count).then_refused("session_is_cancelled")
    scenario = a_session(HELD).when(count)
    scenario.then(HeadcountRecorded(series=A_SERIES, profile="aidant", headcount=12))
    scenario.when(count).then_refused("headcount_already_recorded")


def test_a_session_cannot_be_corrected_shorter_than_what_was_signed() -> None:
    scenario = a_session(HELD, SIGNED)
    scenario.when(_corrected(scenario, 1, ended_at=at(10))).then_refused(
        "correction_breaks_history"
    )
    scenario.when(_corrected(scenario, 1, ended_at=at(11, 10)))
    assert scenario.state(SESSION, A_SESSION).minutes == 190


def test_a_held_session_is_not_annulled_under_its_signatures() -> None:
    scenario = a_session(HELD, SIGNED)
    annul = _annulled(scenario, 1)
    scenario.when(annul).then_refused("correction_breaks_history")


def test_a_held_session_is_not_annulled_under_its_headcounts() -> None:
    scenario = a_session(HELD, HeadcountRecorded(series=A_SERIES, profile="aidant", headcount=3))
    scenario.when(_annulled(scenario, 1)).then_refused("correction_breaks_history")


def test_a_session_is_not_corrected_to_end_before_it_starts() -> None:
    scenario = a_session(HELD)
    scenario.when(_corrected(scenario, 1, ended_at=at(7))).then_refused("correction_breaks_history")


def test_a_session_that_is_not_held_lasted_no_time() -> None:
    assert a_session().state(SESSION, A_SESSION).minutes == 0


def test_attendance_is_not_corrected_to_another_day_series_or_length() -> None:
    wrong: tuple[dict[str, object], ...] = (
        {"held_on": "2026-01-16"},
        {"series": an_id(99)},
        {"minutes": 181},
        {"minutes": 10, "presence": "absent"},
    )
    for changes in wrong:
        scenario = a_session(HELD, SIGNED)
        scenario.when(_corrected(scenario, 2, **changes)).then_refused("correction_breaks_history")


def test_an_annulled_signature_can_be_recorded_anew() -> None:
    scenario = a_session(HELD, SIGNED)
    annul = _annulled(scenario, 2)
    scenario.when(annul).when(Sign(session=A_SESSION, person=CLAIRE, minutes=90))
    attendance = scenario.state(SESSION, A_SESSION).attendance
    assert attendance[CLAIRE].minutes == 90


def test_what_ties_a_session_to_its_series_is_not_corrected() -> None:
    scenario = a_session()
    scenario.when(_corrected(scenario, 0, series=an_id(99))).then_refused(
        "fact_cannot_be_corrected"
    )


def test_who_planned_and_who_animates_are_related_to_the_session() -> None:
    other = msgspec.structs.replace(HELD, animateur=an_id(77))
    related = SESSION.related(a_session(other).state(SESSION, A_SESSION))
    assert related == {"animatrice", an_id(77)}


def test_who_no_longer_conducts_a_session_is_no_longer_related_to_it() -> None:
    given = SessionReassigned(series=A_SERIES, animateur=Subject(an_id(77)))
    session = a_session(given).state(SESSION, A_SESSION)
    assert session.animateur == an_id(77)
    assert SESSION.related(session) == {an_id(77)}
    nobody = SessionReassigned(series=A_SERIES, animateur=None)
    assert SESSION.related(a_session(given, nobody).state(SESSION, A_SESSION)) == frozenset()


def test_a_session_that_was_held_is_not_given_to_another_animateur() -> None:
    given = SessionReassigned(series=A_SERIES, animateur=Subject(an_id(77)))
    with pytest.raises(ValueError, match="does not fit"):
        a_session(HELD, given).state(SESSION, A_SESSION)


def test_sessions_of_a_series_may_each_have_their_own_modality() -> None:
    ids = iter("ab")
    planned = plan_series(
        [at(8), at(14)],
        180,
        lambda: next(ids),
        module="plain",
        series=A_SERIES,
        modalities=("in_person", "remote"),
    )
    assert [fact.modality for fact in planned.values()] == ["in_person", "remote"]


def test_every_fact_of_a_session_names_its_series() -> None:
    assert AttendanceRecorded in SESSION.facts
    assert all("series" in fact.__struct_fields__ for fact in SESSION.facts)


def _annulled(scenario: Scenario, index: int) -> AnnulFact:
    fact = Subject(scenario.history[index].id)
    return AnnulFact(stream=A_SESSION, fact=fact, reason="mistake")


def _corrected(scenario: Scenario, index: int, **changes: object) -> CorrectFact:
    recorded = scenario.history[index]
    body = {**msgspec.to_builtins(recorded.fact), **msgspec.to_builtins(changes)}
    fact = Subject(recorded.id)
    return CorrectFact(stream=A_SESSION, fact=fact, replacement=body, reason="mistake")
