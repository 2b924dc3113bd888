from typing import Any

import pytest

from core.domain.command import Command
from core.domain.correction import AnnulFact
from core.domain.event import Subject
from core.session.events import SessionCancelled
from core.session.state import SESSION
from plugins.ravie.cycle.commands import CloseCycle, InterruptCycle, RecordProduction
from plugins.ravie.cycle.events import CycleClosed, CycleInterrupted, ProductionRecorded
from plugins.ravie.cycle.state import CYCLE
from plugins.ravie.tests.stories import (
    CYCLE_ID,
    PRODUCTION,
    a_cycle,
    a_planned_cycle,
    held,
    sealed,
    session,
)

CLOSE = CloseCycle(cycle=CYCLE_ID)
INTERRUPT = InterruptCycle(cycle=CYCLE_ID, reason="group_too_small")


def test_the_production_is_recorded_with_a_sealed_title() -> None:
    produce = RecordProduction(
        cycle=CYCLE_ID, kind="booklet", title=sealed("title"), sha256="ab" * 32
    )
    a_cycle().when(produce).then(
        ProductionRecorded(kind="booklet", title=sealed("title"), sha256="ab" * 32)
    )


def test_a_cycle_closes_once_every_session_is_held_or_cancelled() -> None:
    scenario = a_planned_cycle(PRODUCTION, count=2).given(held(1), stream=session(1))
    cancelled = SessionCancelled(series=CYCLE_ID, reason="snow")
    scenario.given(cancelled, stream=session(2)).when(CLOSE).then(CycleClosed())


def test_a_cycle_is_not_closed_without_its_production() -> None:
    scenario = a_planned_cycle(count=1).given(held(1), stream=session(1))
    scenario.when(CLOSE).then_refused("cycle_has_no_production")


def test_a_cycle_is_not_closed_with_a_session_neither_held_nor_cancelled() -> None:
    scenario = a_planned_cycle(PRODUCTION, count=3).given(held(1), stream=session(1))
    scenario.when(CLOSE).then_refused("session_neither_held_nor_cancelled")
    assert "2" in scenario.sentence


def test_a_cycle_is_closed_on_all_its_sessions_as_they_stand() -> None:
    scenario = a_planned_cycle(PRODUCTION, count=2)
    scenario.given(held(1), stream=session(1)).given(held(2), stream=session(2))
    annul = AnnulFact(
        stream=session(2), fact=Subject(scenario.history[-1].id), reason="wrong_cycle"
    )
    scenario.when(annul).when(CLOSE).then_refused("session_neither_held_nor_cancelled")


def test_an_interrupted_cycle_needs_no_production_and_cancels_what_was_planned() -> None:
    scenario = a_planned_cycle(count=3).given(held(1), stream=session(1)).when(INTERRUPT)
    cancelled = SessionCancelled(series=CYCLE_ID, reason="cycle_interrupted")
    scenario.then(CycleInterrupted(reason="group_too_small"), cancelled, cancelled)
    statuses = [scenario.state(SESSION, session(number)).status for number in (1, 2, 3)]
    assert statuses == ["held", "cancelled", "cancelled"]


@pytest.mark.parametrize(
    "command",
    [CLOSE, INTERRUPT, RecordProduction(cycle=CYCLE_ID, kind="film", title=sealed("t"))],
    ids=lambda command: command.name,
)
@pytest.mark.parametrize(
    "over", [CycleClosed(), CycleInterrupted(reason="group_too_small")], ids=["closed", "stopped"]
)
def test_a_cycle_ends_once(command: Command, over: Any) -> None:
    a_cycle(PRODUCTION, over).when(command).then_refused("cycle_is_closed")


def test_the_production_of_a_closed_cycle_is_not_annulled() -> None:
    scenario = a_cycle(PRODUCTION, CycleClosed())
    fact = Subject(scenario.history[1].id)
    annul = AnnulFact(stream=CYCLE_ID, fact=fact, reason="mistake")
    scenario.when(annul).then_refused("correction_breaks_history")


def test_a_closing_recorded_by_mistake_is_annulled_and_the_cycle_goes_on() -> None:
    scenario = a_cycle(PRODUCTION, CycleClosed())
    fact = Subject(scenario.history[-1].id)
    scenario.when(AnnulFact(stream=CYCLE_ID, fact=fact, reason="mistake"))
    assert scenario.state(CYCLE, CYCLE_ID).status == "open"
