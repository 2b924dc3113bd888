from datetime import date

from core.domain.correction import AnnulFact
from core.domain.event import Subject
from core.registers.experimentations.events import (
    ProjectMeetingHeld,
    ProjectMemberJoined,
    ProjectMemberLeft,
)
from core.registers.experimentations.tests.stories import (
    ANIMATRICE,
    COUNCIL,
    END,
    JOINED,
    NOWHERE,
    PLACE,
    REVIEW,
    SAID,
    START,
    TOMORROW,
    experimentation,
    joining,
    leaving,
    meeting,
)
from core.testing.scenario import an_id

BEFORE, AFTER = date(2019, 8, 31), date(2021, 2, 1)


def test_a_structure_or_a_professional_of_the_registers_joins() -> None:
    scenario = experimentation().when(joining()).then(JOINED)
    scenario.when(joining(member=ANIMATRICE, kind="professional", role="animateur_pilote")).then(
        ProjectMemberJoined(
            member=ANIMATRICE, kind="professional", role="animateur_pilote", since=START
        )
    )


def test_whoever_joins_is_of_the_register_they_are_said_to_be_of() -> None:
    for unknown in (joining(member=NOWHERE), joining(kind="professional")):
        experimentation().when(unknown).then_refused("project_member_is_not_registered")


def test_nobody_joins_twice_or_ahead() -> None:
    experimentation(JOINED).when(joining(since=END)).then_refused("already_project_member")
    experimentation().when(joining(since=TOMORROW)).then_refused("occurred_in_the_future")


def test_a_member_leaves_on_a_last_day_and_may_come_back_after_it() -> None:
    scenario = experimentation(JOINED).when(leaving())
    scenario.then(ProjectMemberLeft(member=COUNCIL, on=END, reason="reorganisation"))
    scenario.when(joining(since=END)).then_refused("already_project_member")
    assert scenario.when(joining(since=AFTER)).written


def test_only_a_member_leaves_after_having_come() -> None:
    experimentation().when(leaving()).then_refused("not_project_member")
    experimentation(JOINED).when(leaving(on=BEFORE)).then_refused("period_is_upside_down")
    experimentation(JOINED).when(leaving(on=TOMORROW)).then_refused("occurred_in_the_future")


def test_a_meeting_tells_who_came_and_what_was_decided() -> None:
    experimentation(JOINED).when(meeting()).then(
        ProjectMeetingHeld(
            meeting=Subject(an_id(0x79)),
            on=REVIEW,
            present=(COUNCIL,),
            volunteers=3,
            decisions=(SAID,),
        )
    )


def test_only_who_was_a_member_that_day_is_present_or_excused() -> None:
    experimentation().when(meeting()).then_refused("not_project_member")
    gone = experimentation(JOINED).when(leaving())
    gone.when(meeting(on=AFTER)).then_refused("not_project_member")
    gone.when(meeting(on=AFTER, present=(), excused=(COUNCIL,))).then_refused("not_project_member")
    assert gone.when(meeting(on=END)).written


def test_somebody_came_to_a_meeting() -> None:
    nobody = meeting(present=(), volunteers=0)
    experimentation(JOINED).when(nobody).then_refused("nobody_met")


def test_nobody_is_present_and_excused() -> None:
    experimentation(JOINED).when(meeting(excused=(COUNCIL,))).then_refused(
        "both_present_and_excused"
    )


def test_a_meeting_is_recorded_once_and_not_ahead() -> None:
    experimentation(JOINED).when(meeting()).when(meeting()).then_refused("already_exists")
    experimentation(JOINED).when(meeting(on=TOMORROW)).then_refused("occurred_in_the_future")


def test_a_joining_is_not_annulled_under_a_meeting_it_took_part_in() -> None:
    scenario = experimentation(JOINED).when(meeting())
    joined = scenario.history[-2]
    scenario.when(
        AnnulFact(stream=PLACE, fact=Subject(joined.id), reason="typing_error")
    ).then_refused("correction_breaks_history")
