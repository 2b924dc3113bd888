from datetime import timedelta

from core.domain.correction import AnnulFact
from core.domain.event import Subject
from core.registers.professionals.events import TrainingFollowed
from core.session.events import SessionHeld, SessionReassigned
from core.session.state import SESSION
from core.testing.scenario import Scenario, an_id
from plugins.ravie.animateur.commands import DesignateAnimateur, EndAnimateur
from plugins.ravie.cycle.commands import AddSession
from plugins.ravie.cycle.events import AnimateurDesignated, AnimateurEnded, CycleInterrupted
from plugins.ravie.cycle.state import CYCLE
from plugins.ravie.projections.animateurs import ANIMATEURS, Animation, animations
from plugins.ravie.projections.attendance_sheet import ATTENDANCE_SHEET
from plugins.ravie.projections.cycle_register import CYCLE_REGISTER
from plugins.ravie.tests.stories import (
    ANIMATRICE,
    AUTUMN,
    CYCLE_ID,
    a_cycle,
    a_planned_cycle,
    held,
    hold,
    person,
    session,
    starts,
)

NEXT = Subject(an_id(0x61))
CHANGE = DesignateAnimateur(
    cycle=CYCLE_ID, animateur=NEXT, reason="leave", occurred_at=starts(3) - timedelta(days=1)
)


def test_another_animateur_takes_the_cycle_and_the_coming_sessions() -> None:
    told = a_planned_cycle().given(held(1), stream=session(1)).when(CHANGE)
    given = SessionReassigned(series=CYCLE_ID, animateur=NEXT)
    # The second session took place before and is still to be recorded: it stays the former's.
    told.then(
        AnimateurEnded(animateur=ANIMATRICE, reason="leave"),
        AnimateurDesignated(animateur=NEXT),
        given,
        given,
        given,
    )
    assert [told.state(SESSION, session(number)).animateur for number in (2, 3, 5)] == [
        ANIMATRICE,
        NEXT,
        NEXT,
    ]


def test_a_session_held_after_the_change_was_animated_by_the_new_one() -> None:
    told = a_planned_cycle().when(CHANGE).when(hold(3))
    (fact,) = told.written
    assert isinstance(fact, SessionHeld)
    assert fact.animateur == NEXT


def test_a_session_added_after_the_change_is_the_new_ones() -> None:
    told = a_cycle().when(DesignateAnimateur(cycle=CYCLE_ID, animateur=NEXT))
    told.when(AddSession(cycle=CYCLE_ID, starts_at=AUTUMN))
    added = told.history[-1]
    assert added.fact.animateur == NEXT


def test_a_cycle_may_be_without_an_animateur_until_one_is_designated() -> None:
    told = a_planned_cycle(count=1).when(
        EndAnimateur(cycle=CYCLE_ID, reason="resigned", occurred_at=starts(1))
    )
    told.then(
        AnimateurEnded(animateur=ANIMATRICE, reason="resigned"),
        SessionReassigned(series=CYCLE_ID, animateur=None),
    )
    told.when(EndAnimateur(cycle=CYCLE_ID, reason="again")).then_refused("cycle_has_no_animateur")
    told.when(DesignateAnimateur(cycle=CYCLE_ID, animateur=NEXT)).then(
        AnimateurDesignated(animateur=NEXT)
    )


def test_who_animates_already_is_not_designated_again() -> None:
    same = DesignateAnimateur(cycle=CYCLE_ID, animateur=ANIMATRICE)
    a_cycle().when(same).then_refused("already_animates")


def test_a_cycle_that_is_over_keeps_its_animateur() -> None:
    stopped = CycleInterrupted(reason="group_too_small")
    for command in (CHANGE, EndAnimateur(cycle=CYCLE_ID, reason="x")):
        a_cycle(stopped).when(command).then_refused("cycle_is_closed")


def test_who_was_replaced_is_no_longer_related_to_the_cycle() -> None:
    told = a_cycle().when(CHANGE)
    assert CYCLE.related(told.state(CYCLE, CYCLE_ID)) == {"animatrice", NEXT}


def test_who_conducts_a_cycle_is_changed_again_and_never_annulled() -> None:
    told = a_planned_cycle().when(CHANGE)
    designated = next(r for r in told.history if isinstance(r.fact, AnimateurDesignated))
    told.when(
        AnnulFact(stream=CYCLE_ID, fact=Subject(designated.id), reason="mistake")
    ).then_refused("fact_cannot_be_corrected")


def trained(training: str = "animation_ravie") -> TrainingFollowed:
    return TrainingFollowed(person=person(50), training=training)


def told_of(scenario: Scenario) -> list[Animation]:
    (cycle,) = scenario.rows(CYCLE_REGISTER).values()
    sheets = scenario.rows(ATTENDANCE_SHEET).values()
    return animations(cycle, sheets, scenario.rows(ANIMATEURS).values())


def test_a_session_held_by_an_untrained_animateur_is_recorded_and_flagged() -> None:
    scenario = a_planned_cycle().given(held(1), stream=session(1))
    (line,) = told_of(scenario)
    assert (line.animateur, line.sessions, line.trained_on) == (ANIMATRICE, 1, None)
    assert line.flags == ("untrained_animateur",)
    scenario.given(trained(), stream=ANIMATRICE, occurred_at=starts(1))
    (line,) = told_of(scenario)
    assert (line.trained_on, line.flags) == (starts(1).date(), ())


def test_a_training_followed_later_or_another_one_does_not_make_up_for_it() -> None:
    scenario = a_planned_cycle().given(held(1), stream=session(1))
    scenario.given(trained("secourisme"), stream=ANIMATRICE, occurred_at=starts(1))
    assert told_of(scenario)[0].trained_on is None
    scenario.given(trained(), stream=ANIMATRICE, occurred_at=starts(2))
    assert told_of(scenario)[0].flags == ("untrained_animateur",)


def test_a_project_cycle_asks_no_training_of_who_animates_it() -> None:
    project = a_planned_cycle(kind="project", animateur_training=None)
    (line,) = told_of(project.given(held(1), stream=session(1)))
    assert (line.sessions, line.flags) == (1, ())


def test_an_animateur_has_dates_on_each_cycle() -> None:
    told = a_planned_cycle().when(CHANGE)
    rows = told.rows(ANIMATEURS)
    day = (starts(3) - timedelta(days=1)).date()
    (before,), (after,) = (rows[(who,)].designations for who in (ANIMATRICE, NEXT))
    assert (before.cycle, before.until) == (CYCLE_ID, day)
    assert (after.since, after.until) == (day, None)
    assert (rows[(NEXT,)].cycles, rows[(NEXT,)].trained) == (1, False)
