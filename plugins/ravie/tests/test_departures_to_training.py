"""The rules of departures to training: they count when enrolled, not when advised."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from core.domain.command import PersonRef
from core.domain.correction import AnnulFact
from core.domain.event import Subject
from core.testing.scenario import Scenario, an_id
from plugins.ravie.departure import commands as d
from plugins.ravie.departure.events import (
    TrainingAbandoned,
    TrainingAdvised,
    TrainingCompleted,
    TrainingEnrolled,
    TrainingStarted,
)
from plugins.ravie.departure.state import DEPARTURE
from plugins.ravie.projections.departures import DEPARTURES, DepartureRow
from plugins.ravie.tests.stories import CYCLE_ID, OTHER_CYCLE, a_cycle, enrolled, person, sealed

DEPARTURE_ID, SCHOOL = Subject(an_id(0x66)), Subject(an_id(0x67))
WHO = PersonRef(person(1))


def advise(**changes: Any) -> d.AdviseTraining:
    fields: dict[str, Any] = {"person": WHO, "training": "adcf", "cycle": CYCLE_ID, **changes}
    return d.AdviseTraining(departure=DEPARTURE_ID, **fields)


def depart(**changes: Any) -> d.RecordDeparture:
    fields: dict[str, Any] = {"person": WHO, "training": "adcf", **changes}
    return d.RecordDeparture(departure=DEPARTURE_ID, **fields)


ENROL = d.EnrolInTraining(departure=DEPARTURE_ID)
START = d.StartTraining(departure=DEPARTURE_ID)
COMPLETE = d.CompleteTraining(departure=DEPARTURE_ID)
ABANDON = d.AbandonTraining(departure=DEPARTURE_ID, reason="not_funded", note=sealed("note"))


def told(*commands: Any) -> Scenario:
    scenario = a_cycle(enrolled(1))
    for command in commands:
        scenario.when(command)
    return scenario


def row(scenario: Scenario) -> DepartureRow:
    return scenario.rows(DEPARTURES)[(DEPARTURE_ID,)]


def test_an_advice_is_recorded_and_counts_nowhere() -> None:
    scenario = told(advise(structure=SCHOOL)).then(
        TrainingAdvised(person=person(1), training="adcf", structure=SCHOOL, cycle=CYCLE_ID)
    )
    assert (row(scenario).state, row(scenario).enrolled_on) == ("advised", None)


def test_an_enrolment_is_in_the_training_advised_unless_it_says_otherwise() -> None:
    told(advise(structure=SCHOOL), ENROL).then(
        TrainingEnrolled(person=person(1), training="adcf", structure=SCHOOL, cycle=CYCLE_ID)
    )
    other = d.EnrolInTraining(departure=DEPARTURE_ID, training="deaes")
    told(advise(structure=SCHOOL), other).then(
        TrainingEnrolled(person=person(1), training="deaes", structure=SCHOOL, cycle=CYCLE_ID)
    )


def test_an_enrolment_without_advice_is_recorded_from_a_cycle_or_from_outside_of_any() -> None:
    told(depart()).then(TrainingEnrolled(person=person(1), training="adcf"))
    told(depart(cycle=CYCLE_ID)).then(
        TrainingEnrolled(person=person(1), training="adcf", cycle=CYCLE_ID)
    )


def test_a_departure_from_a_cycle_is_of_someone_who_took_part_in_it() -> None:
    for command in (advise, depart):
        told(command(cycle=OTHER_CYCLE)).then_refused("cycle_is_unknown")
        stranger = PersonRef(person(9))
        told(command(cycle=CYCLE_ID, person=stranger)).then_refused("person_not_in_cycle")


def test_a_training_goes_from_its_enrolment_to_its_end() -> None:
    told(depart(), START).then(TrainingStarted(person=person(1), training="adcf"))
    told(depart(), START, COMPLETE).then(TrainingCompleted(person=person(1), training="adcf"))
    given_up = TrainingAbandoned(
        person=person(1), training="adcf", reason="not_funded", note=sealed("note")
    )
    told(depart(), ABANDON).then(given_up)
    told(depart(), START, ABANDON).then(given_up)


@pytest.mark.parametrize(
    ("commands", "refusal"),
    [
        ((advise(), START), "not_enrolled_in_training"),
        ((advise(), ABANDON), "not_enrolled_in_training"),
        ((advise(), COMPLETE), "training_not_started"),
        ((depart(), COMPLETE), "training_not_started"),
        ((depart(), ENROL), "already_enrolled_in_training"),
        ((depart(), START, START), "training_already_started"),
        ((depart(), START, COMPLETE, ABANDON), "departure_is_over"),
        ((depart(), ABANDON, START), "departure_is_over"),
        ((depart(), ABANDON, ENROL), "departure_is_over"),
        ((depart(), START, COMPLETE, COMPLETE), "departure_is_over"),
    ],
)
def test_a_training_is_enrolled_in_then_started_then_ended(commands: Any, refusal: str) -> None:
    told(*commands).then_refused(refusal)


def test_each_step_is_dated_in_paris() -> None:
    days = [datetime(2026, month, 1, 22, 30, tzinfo=UTC) for month in (6, 7, 8, 9)]
    steps = [
        advise(occurred_at=days[0]),
        d.EnrolInTraining(departure=DEPARTURE_ID, occurred_at=days[1]),
        d.StartTraining(departure=DEPARTURE_ID, occurred_at=days[2]),
        d.CompleteTraining(departure=DEPARTURE_ID, occurred_at=days[3]),
    ]
    seen = row(told(*steps))
    assert [seen.advised_on, seen.enrolled_on, seen.started_on, seen.ended_on] == [
        date(2026, month, 2) for month in (6, 7, 8, 9)
    ]
    assert (seen.state, seen.cycle, seen.reason) == ("completed", CYCLE_ID, None)


def test_an_enrolment_that_a_training_followed_is_not_annulled_alone() -> None:
    scenario = told(advise(), ENROL, START)
    fact = Subject(scenario.history[-2].id)
    scenario.when(AnnulFact(stream=DEPARTURE_ID, fact=fact, reason="erreur"))
    scenario.then_refused("correction_breaks_history")


def test_whoever_did_something_for_a_departure_is_related_to_it_and_it_is_its_cycles() -> None:
    scenario = told(advise())
    scenario.actor = "conseillere"
    state = scenario.when(ENROL).state(DEPARTURE, DEPARTURE_ID)
    assert DEPARTURE.related(state) == {"animatrice", "conseillere"}
    assert DEPARTURE.within(state) == CYCLE_ID
