from datetime import UTC, date, datetime

import pytest

from core.domain.command import Command
from core.domain.correction import AnnulFact
from core.domain.event import Subject
from core.registers.experimentations.events import (
    CommunicationMade,
    ExperimentationConcluded,
    ExperimentationExtended,
    ExperimentationSpread,
    KitHandedOver,
    KitPublished,
)
from core.registers.experimentations.tests.stories import (
    COUNCIL,
    CRITERIA,
    END,
    LATER,
    NOWHERE,
    OPENED,
    PLACE,
    SAID,
    START,
    TOMORROW,
    communicating,
    concluded,
    concluding,
    experimentation,
    extending,
    handing,
    joining,
    leaving,
    meeting,
    opening,
    publishing,
    registers,
    reviewed,
    reviewing,
    spreading,
)
from core.testing.scenario import an_id

YESTERDAY_OF_IT = date(2019, 8, 31)


def test_an_experimentation_opens_with_its_cahier_des_charges() -> None:
    registers().when(opening()).then(OPENED)


def test_it_does_not_end_before_it_starts() -> None:
    registers().when(opening(ends_on=YESTERDAY_OF_IT)).then_refused("period_is_upside_down")


@pytest.mark.parametrize("due", [YESTERDAY_OF_IT, date(2021, 1, 1)])
def test_its_interim_review_is_due_while_it_lasts(due: date) -> None:
    registers().when(opening(review_due_on=due)).then_refused(
        "review_outside_of_the_experimentation"
    )


def test_each_criterion_is_named_once_and_has_its_sentence() -> None:
    twice = opening(criteria=(CRITERIA[0], CRITERIA[0]))
    registers().when(twice).then_refused("criterion_named_twice")
    registers().when(opening(sentences=(SAID,))).then_refused("criterion_without_its_sentence")


def test_a_structure_that_is_named_is_one_of_the_register() -> None:
    registers().when(opening(structure=NOWHERE)).then_refused("structure_not_found")
    assert registers().when(opening(structure=None)).written
    published = concluded().when(publishing())
    published.when(handing(structure=NOWHERE)).then_refused("structure_not_found")
    published.when(spreading(structure=NOWHERE)).then_refused("structure_not_found")


def test_an_extension_goes_from_a_date_to_a_later_one_for_a_reason() -> None:
    experimentation().when(extending()).then(
        ExperimentationExtended(from_on=END, to_on=LATER, reason="covid_19")
    )


@pytest.mark.parametrize("to_on", [END, date(2020, 12, 30)])
def test_an_extension_only_lengthens(to_on: date) -> None:
    scenario = experimentation().when(extending(to_on=to_on))
    scenario.then_refused("extension_does_not_lengthen")
    assert "2020-12-31" in scenario.sentence


def test_an_extension_may_put_the_interim_review_off_never_forward() -> None:
    assert experimentation().when(extending(review_due_on=date(2021, 6, 30))).written
    for due in (date(2020, 10, 30), date(2022, 1, 1)):
        experimentation().when(extending(review_due_on=due)).then_refused(
            "review_outside_of_the_experimentation"
        )


def test_an_extension_is_not_annulled_under_the_next_one() -> None:
    scenario = experimentation().when(extending()).when(extending(to_on=date(2022, 6, 30)))
    first = scenario.history[-2]
    scenario.when(
        AnnulFact(stream=PLACE, fact=Subject(first.id), reason="typing_error")
    ).then_refused("correction_breaks_history")


def test_a_criterion_is_reviewed_once_at_each_stage() -> None:
    scenario = experimentation().when(reviewing(value=212.0, note=SAID))
    scenario.then(reviewed("frequentation", value=212.0, note=SAID))
    assert scenario.history[-1].occurred_at == datetime(2020, 10, 31, 11, tzinfo=UTC)
    scenario.when(reviewing(assessment="not_met")).then_refused("criterion_already_reviewed")
    assert scenario.when(reviewing(stage="final")).written


def test_only_a_criterion_of_the_cahier_des_charges_is_reviewed() -> None:
    experimentation().when(reviewing(criterion="plaquette")).then_refused("criterion_is_unknown")


def test_a_criterion_that_is_not_assessed_says_why() -> None:
    unassessed = reviewing(assessment="not_assessed")
    experimentation().when(unassessed).then_refused("not_assessed_without_reason")
    assert experimentation().when(reviewing(assessment="not_assessed", reason="covid_19")).written


def test_nothing_is_reviewed_before_the_first_day_or_ahead() -> None:
    experimentation().when(reviewing(on=YESTERDAY_OF_IT)).then_refused("period_is_upside_down")
    experimentation().when(reviewing(on=TOMORROW)).then_refused("occurred_in_the_future")


def test_a_communication_action_is_recorded_once_under_its_id() -> None:
    scenario = experimentation().when(communicating())
    scenario.then(
        CommunicationMade(action=Subject(an_id(0x78)), kind="inauguration", on=START, title=SAID)
    )
    scenario.when(communicating(kind="press")).then_refused("already_exists")
    scenario.when(communicating(action=Subject(an_id(0x7A)), on=TOMORROW)).then_refused(
        "occurred_in_the_future"
    )


def test_a_kit_is_published_then_handed_once_to_each_structure() -> None:
    scenario = experimentation().when(publishing())
    scenario.then(KitPublished(version="v1", audience="animateurs", on=LATER))
    scenario.when(publishing()).then_refused("kit_already_published")
    scenario.when(handing(on=END)).then_refused("period_is_upside_down")
    scenario.when(handing()).then(
        KitHandedOver(version="v1", structure=COUNCIL, on=date(2022, 1, 20))
    )
    scenario.when(handing()).then_refused("kit_already_handed_over")
    scenario.when(handing(version="v2")).then_refused("kit_is_unknown")


def test_a_kit_is_neither_published_nor_handed_ahead() -> None:
    experimentation().when(publishing(on=TOMORROW)).then_refused("occurred_in_the_future")
    published = experimentation().when(publishing())
    published.when(handing(on=TOMORROW)).then_refused("occurred_in_the_future")


def test_it_is_not_concluded_before_every_criterion_is_reviewed() -> None:
    scenario = experimentation(reviewed("frequentation")).when(concluding())
    scenario.then_refused("criteria_are_not_reviewed")
    assert "1" in scenario.sentence


def test_a_criterion_explicitly_not_assessed_does_not_hold_the_conclusion_back() -> None:
    unassessed = reviewed("isolement", assessment="not_assessed", reason="covid_19")
    experimentation(reviewed("frequentation"), unassessed).when(concluding()).then(
        ExperimentationConcluded(on=date(2022, 1, 20), outcome="continued", spreading="yes")
    )


def test_a_review_that_a_conclusion_rests_on_is_not_annulled() -> None:
    scenario = concluded()
    review = scenario.history[-2]
    scenario.when(
        AnnulFact(stream=PLACE, fact=Subject(review.id), reason="typing_error")
    ).then_refused("correction_breaks_history")


def test_spreading_with_conditions_says_which() -> None:
    ready = (reviewed("frequentation"), reviewed("isolement"))
    bare = concluding(spreading="with_conditions")
    experimentation(*ready).when(bare).then_refused("spreading_without_its_conditions")
    told = concluding(spreading="with_conditions", conditions=SAID)
    assert experimentation(*ready).when(told).written


def test_the_conclusion_comes_after_what_is_told_and_not_ahead() -> None:
    ready = (reviewed("frequentation"), reviewed("isolement", on=date(2021, 10, 1)))
    scenario = experimentation(*ready).when(concluding(on=date(2021, 9, 30)))
    scenario.then_refused("concluded_before_what_is_told")
    experimentation(*ready).when(concluding(on=TOMORROW)).then_refused("occurred_in_the_future")


@pytest.mark.parametrize(
    "command",
    [
        extending(to_on=date(2022, 12, 31)),
        reviewing(stage="final"),
        communicating(),
        concluding(),
        joining(),
        leaving(),
        meeting(),
    ],
    ids=lambda command: command.name,
)
def test_nothing_comes_after_the_conclusion_but_what_spreads_it(command: Command) -> None:
    concluded().when(command).then_refused("experimentation_is_concluded")


def test_after_the_conclusion_its_kit_is_handed_and_other_territories_take_it_up() -> None:
    scenario = concluded().when(publishing()).when(handing())
    assert scenario.written
    scenario.when(spreading(structure=COUNCIL)).then(
        ExperimentationSpread(territory="04", structure=COUNCIL, on=date(2022, 2, 1))
    )


def test_it_spreads_to_a_territory_once_and_from_its_conclusion_on() -> None:
    experimentation().when(spreading()).then_refused("experimentation_is_not_concluded")
    concluded().when(spreading()).when(spreading()).then_refused("already_spread_there")
    concluded().when(spreading(on=date(2022, 1, 19))).then_refused("period_is_upside_down")
    concluded().when(spreading(on=TOMORROW)).then_refused("occurred_in_the_future")


def test_what_spreads_against_the_conclusion_is_recorded_all_the_same() -> None:
    assert concluded(spreading="no").when(spreading()).written
