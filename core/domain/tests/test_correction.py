from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.correction import (
    AnnulFact,
    CorrectFact,
    FactAnnulled,
    FactCorrected,
    Overlay,
    effective,
)
from core.domain.event import PersonId, Subject
from core.domain.tests.walk import MODULE, WALK, StepTaken, TakeStep, WalkBegun
from core.testing.scenario import Scenario, an_id

STREAM = Subject(an_id(5))
ADA, BEN = PersonId(an_id(1)), PersonId(an_id(2))


def a_walk(*metres: int) -> Scenario:
    scenario = Scenario(MODULE).given(WalkBegun(place="Gap"), stream=STREAM)
    steps = (StepTaken(walker=ADA, metres=length) for length in metres)
    return scenario.given(*steps, stream=STREAM)


def fact_id(scenario: Scenario, index: int) -> Subject:
    return Subject(scenario.history[index].id)


def annul(scenario: Scenario, index: int) -> AnnulFact:
    return AnnulFact(stream=STREAM, fact=fact_id(scenario, index), reason="duplicate")


def correct(scenario: Scenario, index: int, **replacement: Any) -> CorrectFact:
    return CorrectFact(
        stream=STREAM, fact=fact_id(scenario, index), replacement=replacement, reason="typing_error"
    )


def test_an_annulled_fact_no_longer_counts() -> None:
    scenario = a_walk(3, 4)
    scenario.when(annul(scenario, 1))
    assert scenario.state(WALK, STREAM).metres == 4


def test_a_corrected_fact_counts_as_corrected_in_its_own_place() -> None:
    scenario = a_walk(3, 4)
    scenario.when(correct(scenario, 1, walker=ADA, metres=30))
    standing = effective(scenario.history, scenario.catalogue.registry)
    assert [recorded.version for recorded in standing] == [1, 2, 3]
    assert scenario.state(WALK, STREAM).metres == 34


def test_the_latest_standing_correction_counts() -> None:
    scenario = a_walk(3)
    scenario.when(correct(scenario, 1, walker=ADA, metres=30))
    scenario.when(correct(scenario, 1, walker=ADA, metres=31))
    assert scenario.state(WALK, STREAM).metres == 31
    scenario.when(annul(scenario, 3))
    assert scenario.state(WALK, STREAM).metres == 30
    scenario.when(annul(scenario, 2))
    assert scenario.state(WALK, STREAM).metres == 3


def test_a_correction_takes_the_date_and_the_person_of_what_it_corrects() -> None:
    scenario = a_walk(3)
    scenario.when(correct(scenario, 1, walker=ADA, metres=5))
    correction, target = scenario.history[-1], scenario.history[1]
    assert correction.occurred_at == target.occurred_at
    assert correction.person == ADA


def test_a_correction_names_the_subjects_of_both_bodies() -> None:
    scenario = a_walk(3)
    scenario.when(correct(scenario, 1, walker=ADA, metres=5, together=[an_id(7)]))
    written = scenario.written[0]
    assert isinstance(written, FactCorrected)
    assert written.subjects == (an_id(7),)


def test_an_annulment_is_final() -> None:
    scenario = a_walk(3)
    scenario.when(annul(scenario, 1))
    scenario.when(annul(scenario, 1)).then_refused("fact_is_annulled")
    scenario.when(annul(scenario, 2)).then_refused("annulment_is_final")


def test_the_first_fact_of_a_history_stays() -> None:
    scenario = a_walk(3)
    scenario.when(annul(scenario, 0)).then_refused("first_fact_stays")


def test_a_fact_of_another_history_is_not_found() -> None:
    scenario = a_walk(3)
    stranger = AnnulFact(stream=STREAM, fact=Subject(an_id(0xEEE)), reason="duplicate")
    scenario.when(stranger).then_refused("fact_not_found")


def test_a_correction_that_changes_nothing_is_refused() -> None:
    scenario = a_walk(3)
    scenario.when(correct(scenario, 1, walker=ADA, metres=3)).then_refused(
        "correction_changes_nothing"
    )


def test_a_correction_does_not_move_a_fact_to_another_person() -> None:
    scenario = a_walk(3)
    scenario.when(correct(scenario, 1, walker=BEN, metres=3)).then_refused(
        "fact_cannot_be_corrected"
    )


def test_a_correction_is_itself_not_corrected() -> None:
    scenario = a_walk(3)
    scenario.when(correct(scenario, 1, walker=ADA, metres=5))
    scenario.when(correct(scenario, 2, walker=ADA, metres=6)).then_refused(
        "fact_cannot_be_corrected"
    )


def test_a_correction_of_the_wrong_shape_says_which_field() -> None:
    scenario = a_walk(3)
    scenario.when(correct(scenario, 1, walker=ADA, metres="trois")).then_refused(
        "replacement_is_malformed"
    )


def test_a_refusal_gives_its_sentence_with_its_figures() -> None:
    scenario = a_walk(9_999)
    command = TakeStep(walk=STREAM, walker=ADA, metres=2)
    scenario.when(command).then_refused("walk_is_too_long")
    assert "10000 mètres" in scenario.sentence


STEPS = st.lists(
    st.tuples(st.sampled_from(["step", "annul", "correct"]), st.integers(0, 30), st.integers(1, 9)),
    max_size=30,
)


@given(STEPS)
def test_what_stands_is_the_same_however_it_is_computed(
    steps: list[tuple[str, int, int]],
) -> None:
    """The overlay, fed fact by fact, agrees with a naive reading of the rules."""
    scenario = a_walk(1)
    for kind, index, metres in steps:
        target = index % len(scenario.history)
        if kind == "step":
            scenario.when(TakeStep(walk=STREAM, walker=ADA, metres=metres))
        elif kind == "annul":
            scenario.when(annul(scenario, target))
        else:
            scenario.when(correct(scenario, target, walker=ADA, metres=metres))
    history = scenario.history
    gone = {r.fact.fact for r in history if isinstance(r.fact, FactAnnulled)}
    total = 0
    for recorded in history:
        if isinstance(recorded.fact, StepTaken) and recorded.id not in gone:
            replacements = [
                r.fact.replacement
                for r in history
                if isinstance(r.fact, FactCorrected)
                and r.fact.fact == recorded.id
                and r.id not in gone
            ]
            total += (
                scenario.catalogue.registry.decode(
                    recorded.fact.stored_name, replacements[-1]
                ).metres  # type: ignore[attr-defined]
                if replacements
                else recorded.fact.metres
            )
    assert scenario.state(WALK, STREAM).metres == total


def test_an_overlay_passes_over_what_corrects_nothing() -> None:
    scenario = a_walk(3)
    overlay = Overlay(scenario.catalogue.registry, scenario.history)
    assert [overlay.standing(recorded) for recorded in scenario.history] == scenario.history


@pytest.mark.parametrize("index", [0, 1])
def test_a_history_without_corrections_stands_as_recorded(index: int) -> None:
    scenario = a_walk(3)
    standing = effective(scenario.history, scenario.catalogue.registry)
    assert standing[index] is scenario.history[index]
