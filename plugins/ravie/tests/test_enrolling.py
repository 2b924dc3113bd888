from typing import Any

import pytest

from core.domain.command import PersonRef
from core.domain.correction import AnnulFact
from core.domain.event import Subject
from core.testing.scenario import Scenario
from plugins.ravie.cycle.commands import EnrolParticipant, OfferFreedPlace, WithdrawParticipant
from plugins.ravie.cycle.events import (
    CycleClosed,
    CycleInterrupted,
    ParticipantEnrolled,
    ParticipantQueued,
    ParticipantWithdrawn,
)
from plugins.ravie.cycle.policies import OFFER_THE_FREED_PLACE
from plugins.ravie.cycle.state import CYCLE
from plugins.ravie.tests.stories import CYCLE_ID, PRODUCTION, a_cycle, enrolled, person

OVER = ((PRODUCTION, CycleClosed()), (CycleInterrupted(reason="group_too_small"),))


def enrol(number: int, role: Any = "assistant_de_vie") -> EnrolParticipant:
    return EnrolParticipant(cycle=CYCLE_ID, person=PersonRef(person(number)), role=role)


def withdraw(number: int) -> WithdrawParticipant:
    return WithdrawParticipant(cycle=CYCLE_ID, person=PersonRef(person(number)), reason="new_job")


def queued(number: int) -> ParticipantQueued:
    return ParticipantQueued(person=person(number), role="assistant_de_vie", min_minutes=900)


def withdrawn(number: int) -> ParticipantWithdrawn:
    return ParticipantWithdrawn(person=person(number), reason="new_job")


def two_places(*facts: Any) -> Scenario:
    return a_cycle(*facts, capacity_min=1, capacity_max=2)


@pytest.mark.parametrize(
    "role",
    [
        "assistant_de_vie",
        "proche_aidant",
        "particulier_employeur",
        "demandeur_d_emploi",
        "accueillant_familial",
    ],
)
def test_each_public_of_the_scheme_may_be_enrolled(role: Any) -> None:
    a_cycle().when(enrol(1, role)).then(enrolled(1, role=role))


def test_a_partner_takes_part_in_project_cycles_only() -> None:
    a_cycle().when(enrol(1, "partenaire")).then_refused("partner_outside_a_project_cycle")
    a_cycle(kind="project").when(enrol(1, "partenaire")).then(enrolled(1, role="partenaire"))


def test_beyond_the_capacity_a_person_waits() -> None:
    two_places(enrolled(1)).when(enrol(2)).then(enrolled(2))
    two_places(enrolled(1), enrolled(2)).when(enrol(3)).then(queued(3))


def test_a_free_place_is_not_taken_before_those_who_wait() -> None:
    freed = two_places(enrolled(1), enrolled(2), queued(3), withdrawn(1))
    freed.when(enrol(4)).then(queued(4))


def test_a_person_is_enrolled_once() -> None:
    two_places(enrolled(1)).when(enrol(1)).then_refused("person_already_enrolled")


def test_a_person_waits_once() -> None:
    full = two_places(enrolled(1), enrolled(2), queued(3))
    full.when(enrol(3)).then_refused("person_already_waiting")


def test_someone_who_withdrew_may_come_back() -> None:
    a_cycle(enrolled(1), withdrawn(1)).when(enrol(1)).then(enrolled(1))


def test_only_those_in_the_cycle_withdraw_from_it() -> None:
    a_cycle(enrolled(1)).when(withdraw(2)).then_refused("person_not_in_cycle")
    a_cycle(enrolled(1), withdrawn(1)).when(withdraw(1)).then_refused("person_not_in_cycle")
    a_cycle(enrolled(1)).when(withdraw(1)).then(withdrawn(1))
    two_places(enrolled(1), enrolled(2), queued(3)).when(withdraw(3)).then(withdrawn(3))


def test_a_freed_place_is_offered_to_the_first_who_waits() -> None:
    scenario = two_places(enrolled(1), enrolled(2), queued(3), queued(4)).when(withdraw(1))
    (command,) = OFFER_THE_FREED_PLACE.react(scenario.history[-1])
    scenario.when(command).then(enrolled(3, from_waiting_list=True))
    state = scenario.state(CYCLE, CYCLE_ID)
    assert list(state.enrolled) == [person(2), person(3)]
    assert list(state.waiting) == [person(4)]


def test_offering_twice_gives_one_place() -> None:
    scenario = two_places(enrolled(1), enrolled(2), queued(3), queued(4)).when(withdraw(1))
    (command,) = OFFER_THE_FREED_PLACE.react(scenario.history[-1])
    scenario.when(command).when(command).then()


def test_nothing_is_offered_when_nobody_waits() -> None:
    two_places(enrolled(1)).when(OfferFreedPlace(cycle=CYCLE_ID)).then()


@pytest.mark.parametrize("over", OVER, ids=["closed", "interrupted"])
def test_nothing_is_offered_once_the_cycle_is_over(over: tuple[Any, ...]) -> None:
    scenario = two_places(enrolled(1), enrolled(2), queued(3), withdrawn(1), *over)
    scenario.when(OfferFreedPlace(cycle=CYCLE_ID)).then()


@pytest.mark.parametrize("over", OVER, ids=["closed", "interrupted"])
def test_a_cycle_that_is_over_enrols_nobody_and_lets_nobody_withdraw(over: Any) -> None:
    a_cycle(enrolled(1), *over).when(enrol(2)).then_refused("cycle_is_closed")
    a_cycle(enrolled(1), *over).when(withdraw(1)).then_refused("cycle_is_closed")


def test_an_annulled_enrolment_frees_its_place() -> None:
    scenario = two_places(enrolled(1), enrolled(2))
    scenario.when(_annulled(scenario, ParticipantEnrolled))
    assert list(scenario.state(CYCLE, CYCLE_ID).enrolled) == [person(2)]
    scenario.when(enrol(3)).then(enrolled(3))


def test_a_withdrawal_is_not_annulled_once_the_person_came_back() -> None:
    scenario = a_cycle(enrolled(1), withdrawn(1), enrolled(1))
    scenario.when(_annulled(scenario, ParticipantWithdrawn)).then_refused(
        "correction_breaks_history"
    )


def _annulled(scenario: Scenario, kind: type) -> AnnulFact:
    target = next(recorded for recorded in scenario.history if isinstance(recorded.fact, kind))
    return AnnulFact(stream=CYCLE_ID, fact=Subject(target.id), reason="mistake")
