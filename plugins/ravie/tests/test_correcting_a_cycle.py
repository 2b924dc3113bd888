from typing import Any

import msgspec

from core.domain.correction import CorrectFact
from core.domain.event import Subject
from core.testing.scenario import Scenario
from plugins.ravie.cycle.state import CYCLE
from plugins.ravie.projections.cycle_register import CYCLE_REGISTER
from plugins.ravie.tests.stories import CYCLE_ID, a_cycle, enrolled


def corrected(scenario: Scenario, **changes: Any) -> Scenario:
    """The story with its opening corrected."""
    body = msgspec.to_builtins(msgspec.structs.replace(scenario.history[0].fact, **changes))
    fact = Subject(scenario.history[0].id)
    return scenario.when(
        CorrectFact(stream=CYCLE_ID, fact=fact, replacement=body, reason="mistake")
    )


def test_a_cycle_opened_under_a_wrong_theme_is_corrected_in_the_register() -> None:
    scenario = corrected(a_cycle(enrolled(1)), theme="alzheimer", kind="project")
    row = scenario.rows(CYCLE_REGISTER)[(CYCLE_ID,)]
    assert (row.theme, row.project, row.enrolled) == ("alzheimer", True, 1)


def test_the_threshold_is_not_corrected_under_those_already_enrolled() -> None:
    corrected(a_cycle(enrolled(1)), min_minutes=720).then_refused("correction_breaks_history")
    before = corrected(a_cycle(), min_minutes=720)
    assert before.state(CYCLE, CYCLE_ID).min_minutes == 720


def test_a_project_cycle_with_partners_is_not_corrected_to_a_professional_one() -> None:
    scenario = a_cycle(enrolled(1, role="partenaire"), kind="project")
    corrected(scenario, kind="professional").then_refused("correction_breaks_history")


def test_a_cycle_is_not_corrected_to_an_impossible_group() -> None:
    corrected(a_cycle(), capacity_min=10).then_refused("correction_breaks_history")
