from datetime import UTC, datetime
from typing import Any

import pytest

from core.testing.scenario import Scenario
from plugins.ravie.cycle.commands import OpenCycle
from plugins.ravie.cycle.events import CycleOpened
from plugins.ravie.programme.commands import (
    PROGRAMME_ID,
    AdoptModel,
    DeclareTheme,
    LeaveModel,
    RetireTheme,
)
from plugins.ravie.programme.events import (
    Deviation,
    ModelAdopted,
    ModelLeft,
    ThemeDeclared,
    ThemeRetired,
)
from plugins.ravie.tests.stories import ANIMATRICE, CYCLE_ID, a_story, opened

SPRING = datetime(2026, 4, 1, tzinfo=UTC)
WINTER = ThemeDeclared(
    theme="hiver_en_montagne",
    title="Travailler l'hiver en montagne",
    referentiel="assistants-de-vie",
    referentiel_version=1,
    competences=("c1.3", "c4.1"),
)
LARGER = Deviation(setting="capacity_max", value=12, reason="waiting_lists")
NATIONAL = ModelAdopted(model="national-5x3", version=1)


def given(*facts: Any, **settings: Any) -> Scenario:
    return a_story(**settings).given(*facts, stream=PROGRAMME_ID, occurred_at=SPRING)


def declare(**changes: Any) -> DeclareTheme:
    usual: dict[str, Any] = {
        "theme": WINTER.theme,
        "title": WINTER.title,
        "referentiel": "assistants-de-vie",
        "referentiel_version": 1,
        "competences": ("c1.3", "c4.1"),
    }
    return DeclareTheme(**{**usual, **changes})


def adopt(*deviations: Deviation, **changes: Any) -> AdoptModel:
    usual: dict[str, Any] = {"model": "national-5x3", "version": 1, "deviations": deviations}
    return AdoptModel(**{**usual, **changes})


def open_cycle(**changes: Any) -> OpenCycle:
    usual: dict[str, Any] = {"cycle": CYCLE_ID, "theme": "fin_de_vie", "animateur": ANIMATRICE}
    return OpenCycle(**{**usual, **changes})


def opening(scenario: Scenario, **changes: Any) -> CycleOpened:
    (fact,) = scenario.when(open_cycle(**changes)).written
    assert isinstance(fact, CycleOpened)
    return fact


def test_a_theme_is_tied_to_competences_of_a_version_of_the_referentiel() -> None:
    a_story().when(declare()).then(WINTER)
    given(ThemeRetired(theme="numerique", reason="no_demand")).when(declare()).then(WINTER)


def test_a_theme_names_a_referentiel_that_is_published() -> None:
    told = a_story().when(declare(referentiel_version=9)).then_refused("unknown_referentiel")
    assert "assistants-de-vie version 1" in told.sentence


def test_an_unknown_competence_is_refused_with_the_nearest_known() -> None:
    told = a_story().when(declare(competences=("c1.3", "c4.9"))).then_refused("unknown_competence")
    assert "c4.9" in told.sentence
    assert "c4.1" in told.sentence


def test_a_theme_is_declared_once_until_it_is_retired() -> None:
    given(WINTER).when(declare()).then_refused("theme_already_declared")
    retired = ThemeRetired(theme=WINTER.theme, reason="no_demand")
    assert given(WINTER, retired).when(declare(competences=("c1.3",))).written


def test_an_offered_theme_may_be_declared_in_the_territorys_own_way() -> None:
    own = declare(theme="alimentation", competences=("c2.2",))
    told = a_story().when(own)
    assert opening(told, theme="alimentation").competences == ("c2.2",)


def test_a_cycle_states_the_referentiel_and_the_competences_it_worked_to() -> None:
    fact = opening(given(WINTER), theme=WINTER.theme)
    assert (fact.referentiel, fact.referentiel_version) == ("assistants-de-vie", 1)
    assert fact.competences == ("c1.3", "c4.1")


def test_an_unknown_theme_is_refused_with_the_nearest_known() -> None:
    told = given(WINTER).when(open_cycle(theme="hiver_montagne")).then_refused("unknown_theme")
    assert "hiver_en_montagne" in told.sentence
    a_story().when(RetireTheme(theme="danse", reason="x")).then_refused("unknown_theme")


def test_no_cycle_is_opened_on_a_theme_that_was_retired() -> None:
    retired = ThemeRetired(theme="fin_de_vie", reason="no_demand")
    a_story().when(RetireTheme(theme="fin_de_vie", reason="no_demand")).then(retired)
    given(retired).when(open_cycle()).then_refused("unknown_theme")
    given(retired).when(RetireTheme(theme="fin_de_vie", reason="x")).then_refused("unknown_theme")


def test_a_project_cycle_is_on_what_its_group_works_on() -> None:
    assert opening(given(NATIONAL), theme="lieu_ressources", kind="project").model is None


def test_a_territory_adopts_a_published_model_with_its_deviations() -> None:
    a_story().when(adopt(LARGER)).then(
        ModelAdopted(model="national-5x3", version=1, deviations=(LARGER,))
    )


def test_a_model_that_is_not_published_is_refused_with_what_is() -> None:
    told = a_story().when(adopt(model="national-5x4")).then_refused("unknown_model")
    assert "national-5x3" in told.sentence
    told = a_story().when(adopt(version=7)).then_refused("unknown_model")
    assert "versions publiées : 1" in told.sentence


def test_a_model_is_adopted_once_as_it_is_and_again_with_other_deviations() -> None:
    given(NATIONAL).when(adopt()).then_refused("model_already_adopted")
    assert given(NATIONAL).when(adopt(LARGER)).written


def test_a_territory_deviates_only_on_what_the_model_leaves_open() -> None:
    shorter = Deviation(setting="session_minutes", value=120, reason="travel")
    told = a_story().when(adopt(shorter)).then_refused("deviation_is_closed")
    assert "session_minutes" in told.sentence
    assert "weeks_apart, capacity_min, capacity_max" in told.sentence


def test_a_deviation_is_declared_once_and_leaves_a_possible_group() -> None:
    a_story().when(adopt(LARGER, LARGER)).then_refused("deviation_declared_twice")
    none_left = Deviation(setting="capacity_min", value=10, reason="rooms")
    a_story().when(adopt(none_left)).then_refused("capacity_is_upside_down")


def test_a_territory_leaves_the_model_it_follows() -> None:
    left = ModelLeft(model="national-5x3", version=1, reason="own_model")
    given(NATIONAL).when(LeaveModel(reason="own_model")).then(left)
    a_story().when(LeaveModel(reason="own_model")).then_refused("no_model_adopted")
    assert opening(given(NATIONAL, left)).model is None


def test_a_cycle_opened_under_a_model_carries_it_and_has_its_shape() -> None:
    settings = {"ravie.sessions": 4, "ravie.capacity_max": 15}
    fact = opening(given(NATIONAL, **settings))
    assert fact == opened(model="national-5x3", model_version=1)
    assert opening(a_story(**settings)).model is None


def test_a_declared_deviation_is_the_usual_and_the_model_stays_possible() -> None:
    adopted = ModelAdopted(model="national-5x3", version=1, deviations=(LARGER,))
    fact = opening(given(adopted))
    assert (fact.capacity_max, fact.deviates_on) == (12, ("capacity_max",))
    fact = opening(given(adopted), capacity_max=9)
    assert (fact.capacity_max, fact.deviates_on) == (9, ())


@pytest.mark.parametrize(
    ("setting", "value"),
    [("sessions", 4), ("session_minutes", 120), ("weeks_apart", 2), ("capacity_max", 12)],
)
def test_a_shape_that_deviates_without_a_declared_deviation_is_refused(
    setting: str, value: int
) -> None:
    told = given(NATIONAL).when(open_cycle(**{setting: value}))
    told.then_refused("shape_deviates_from_model")
    assert f"« {setting} » vaut" in told.sentence
    assert f"pas {value} " in told.sentence


def test_a_cycle_may_be_opened_outside_the_model() -> None:
    fact = opening(given(NATIONAL), outside_model=True, sessions=3)
    assert (fact.model, fact.sessions) == (None, 3)


def test_a_cycle_opened_before_the_model_was_adopted_is_not_under_it() -> None:
    before = datetime(2026, 3, 1, tzinfo=UTC)
    fact = opening(given(NATIONAL), occurred_at=before, sessions=3)
    assert (fact.model, fact.sessions) == (None, 3)


def test_a_history_in_which_a_model_is_left_that_was_not_followed_is_incoherent() -> None:
    left = ModelLeft(model="national-5x3", version=2, reason="own_model")
    with pytest.raises(ValueError, match="programme"):
        given(NATIONAL, left).when(declare())
