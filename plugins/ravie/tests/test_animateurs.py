from datetime import timedelta

from core.domain.correction import AnnulFact
from core.domain.event import Subject
from core.session.events import SessionHeld, SessionReassigned
from core.session.state import SESSION
from core.testing.scenario import an_id
from plugins.ravie.animateur.commands import DesignateAnimateur, EndAnimateur
from plugins.ravie.cycle.commands import AddSession
from plugins.ravie.cycle.events import AnimateurDesignated, AnimateurEnded, CycleInterrupted
from plugins.ravie.cycle.state import CYCLE
from plugins.ravie.tests.stories import (
    ANIMATRICE,
    AUTUMN,
    CYCLE_ID,
    a_cycle,
    a_planned_cycle,
    held,
    hold,
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
