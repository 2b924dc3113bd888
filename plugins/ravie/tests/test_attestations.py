"""Attestations: what they state, who gets one, and what becomes of them."""

from datetime import date
from typing import Any

import msgspec
import pytest

from core.domain.command import PersonRef
from core.domain.correction import AnnulFact, CorrectFact
from core.domain.event import Recorded, Subject
from core.session.events import AttendanceRecorded
from core.testing.scenario import Scenario, an_id
from plugins.ravie.attestation.commands import IssueAttestations, WithdrawAttestation
from plugins.ravie.attestation.events import AttestationIssued, NumbersTaken
from plugins.ravie.attestation.state import attestations_of
from plugins.ravie.cycle.events import (
    CycleClosed,
    CycleInterrupted,
    ParticipantWithdrawn,
    SessionsPlanned,
)
from plugins.ravie.projections.attestation_register import ATTESTATION_REGISTER, Attestation
from plugins.ravie.projections.participations import PARTICIPATIONS, Participation
from plugins.ravie.tests.stories import (
    CYCLE_ID,
    OTHER_CYCLE,
    PRODUCTION,
    a_planned_cycle,
    enrolled,
    held,
    opened,
    person,
    planned,
    session,
    sign,
)
from plugins.ravie.tests.test_the_example_of_the_source import ABSENT, EARLY_LEAVER, played
from plugins.ravie.vocabulary import CycleKind

ALL = IssueAttestations(cycle=CYCLE_ID)


def one(number: int) -> IssueAttestations:
    return IssueAttestations(cycle=CYCLE_ID, person=PersonRef(person(number)))


def withdraw(attestation: str) -> WithdrawAttestation:
    return WithdrawAttestation(
        cycle=CYCLE_ID, attestation=Subject(attestation), reason="given_by_mistake"
    )


def over(*signatures: Any, ending: Any = None, kind: CycleKind = "professional") -> Scenario:
    """A cycle of two sessions, both held, signed as told, and ended."""
    facts = (enrolled(1), enrolled(2), PRODUCTION)
    scenario = a_planned_cycle(*facts, count=2, kind=kind)
    for number in (1, 2):
        scenario.given(held(number), stream=session(number))
    for signature in signatures:
        scenario.when(signature)
        assert scenario.written
    return scenario.given(CycleClosed() if ending is None else ending, stream=CYCLE_ID)


def issued(scenario: Scenario) -> list[AttestationIssued]:
    return [r.fact for r in scenario.history if isinstance(r.fact, AttestationIssued)]


def papers(scenario: Scenario) -> list[Attestation]:
    rows = scenario.rows(ATTESTATION_REGISTER).values()
    return sorted(rows, key=lambda row: row.number)


def seat(scenario: Scenario, number: int) -> Participation:
    return scenario.rows(PARTICIPATIONS)[(CYCLE_ID, person(number))]


def signature_of(scenario: Scenario, number: int) -> Recorded[Any]:
    return next(
        r
        for r in scenario.history
        if isinstance(r.fact, AttendanceRecorded) and r.fact.person == person(number)
    )


def annul(recorded: Recorded[Any]) -> AnnulFact:
    return AnnulFact(
        stream=Subject(recorded.stream), fact=Subject(recorded.id), reason="wrong_line"
    )


def test_the_attestations_of_the_example_state_12_00_and_14_15_and_six_are_complete() -> None:
    scenario = played().when(ALL)
    stated = {fact.person: fact.minutes for fact in issued(scenario)}
    assert stated[person(ABSENT)] == 12 * 60
    assert stated[person(EARLY_LEAVER)] == 14 * 60 + 15
    assert sum(stated.values()) == 116 * 60 + 15
    assert sum(fact.complete for fact in issued(scenario)) == 6


def test_an_attestation_states_what_was_signed_and_when() -> None:
    scenario = over(sign(1, 1, 180), sign(2, 1, 134)).when(one(1))
    (fact,) = issued(scenario)
    scenario.then(
        AttestationIssued(
            attestation=fact.attestation,
            cycle=CYCLE_ID,
            person=person(1),
            number="2026-00001",
            theme="fin_de_vie",
            minutes=314,
            min_minutes=900,
            complete=False,
            interrupted=False,
            days=(date(2026, 1, 8), date(2026, 1, 15)),
        ),
        NumbersTaken(year=2026, first=1, last=1),
    )


def test_an_attestation_is_never_rounded_up_to_complete() -> None:
    scenario = over(sign(1, 1, 180), sign(2, 1, 179)).when(one(1))
    assert [(fact.minutes, fact.complete) for fact in issued(scenario)] == [(359, False)]
    facts = (enrolled(1, min_minutes=359), PRODUCTION)
    exact = a_planned_cycle(*facts, count=2, min_minutes=359)
    for number, minutes in ((1, 180), (2, 179)):
        exact.given(held(number), stream=session(number)).when(sign(number, 1, minutes))
    exact.given(CycleClosed(), stream=CYCLE_ID).when(one(1))
    assert [fact.complete for fact in issued(exact)] == [True]


def test_nothing_is_attested_while_the_cycle_is_open() -> None:
    scenario = a_planned_cycle(enrolled(1), count=1).given(held(1), stream=session(1))
    scenario.when(sign(1, 1)).when(ALL).then_refused("cycle_is_not_over")


def test_an_interrupted_cycle_attests_what_was_signed_and_says_that_it_stopped() -> None:
    stopped = CycleInterrupted(reason="group_too_small")
    scenario = over(sign(1, 1), ending=stopped).when(ALL)
    assert [(fact.minutes, fact.interrupted) for fact in issued(scenario)] == [(180, True)]


def test_a_project_cycle_attests_nothing() -> None:
    scenario = over(sign(1, 1), kind="project")
    scenario.when(ALL).then_refused("project_cycle_attests_nothing")


def test_who_signed_nothing_gets_no_attestation() -> None:
    scenario = over(sign(1, 1))
    scenario.when(one(2)).then_refused("person_signed_nothing")
    scenario.when(ALL)
    assert [fact.person for fact in issued(scenario)] == [person(1)]
    over().when(ALL).then_refused("nobody_signed")


def test_who_left_the_cycle_is_attested_what_they_had_signed() -> None:
    scenario = a_planned_cycle(enrolled(1), PRODUCTION, count=1)
    scenario.given(held(1), stream=session(1)).when(sign(1, 1))
    gone = ParticipantWithdrawn(person=person(1), reason="new_job")
    scenario.given(gone, CycleClosed(), stream=CYCLE_ID).when(ALL)
    assert [fact.person for fact in issued(scenario)] == [person(1)]


def test_an_attestation_that_still_says_the_hours_is_not_issued_again() -> None:
    scenario = over(sign(1, 1)).when(ALL).when(one(1))
    scenario.then_refused("attestation_already_issued")
    assert "2026-00001" in scenario.sentence
    scenario.when(ALL).then()


def test_numbers_go_on_without_a_gap_across_cycles() -> None:
    scenario = over(sign(1, 1), sign(1, 2)).when(ALL)
    other = session(9)
    scenario.given(
        opened(),
        enrolled(1),
        SessionsPlanned(sessions=(other,)),
        PRODUCTION,
        CycleClosed(),
        stream=OTHER_CYCLE,
    )
    signed = AttendanceRecorded(
        series=OTHER_CYCLE,
        person=person(1),
        presence="present",
        minutes=60,
        held_on=date(2026, 1, 15),
    )
    scenario.given(
        planned(2, series=OTHER_CYCLE),
        msgspec.structs.replace(held(2), series=OTHER_CYCLE),
        signed,
        stream=other,
    )
    scenario.when(IssueAttestations(cycle=OTHER_CYCLE))
    numbers = [fact.number for fact in issued(scenario)]
    assert numbers == ["2026-00001", "2026-00002", "2026-00003"]


def test_numbers_begin_again_with_the_year() -> None:
    scenario = over(sign(1, 1), sign(1, 2)).when(one(1))
    scenario.now = scenario.now.replace(year=2027)
    scenario.when(one(2))
    assert [fact.number for fact in issued(scenario)] == ["2026-00001", "2027-00001"]


def test_hours_that_change_are_flagged_until_the_attestation_is_replaced() -> None:
    scenario = over(sign(1, 1), sign(2, 1)).when(ALL)
    assert not seat(scenario, 1).to_reissue
    scenario.when(annul(signature_of(scenario, 1)))
    assert seat(scenario, 1).to_reissue
    scenario.when(one(1))
    old, new = papers(scenario)
    assert (new.minutes, new.replaces, new.state) == (180, old.attestation, "valid")
    assert (old.minutes, old.replaced_by, old.state) == (360, new.attestation, "replaced")
    assert not seat(scenario, 1).to_reissue
    assert seat(scenario, 1).attestation == new.attestation


def test_issuing_for_all_again_replaces_only_what_has_changed() -> None:
    scenario = over(sign(1, 1), sign(2, 1), sign(1, 2)).when(ALL)
    scenario.when(annul(signature_of(scenario, 1))).when(ALL)
    assert [fact.person for fact in issued(scenario)] == [person(1), person(2), person(1)]


def test_a_withdrawn_attestation_is_worth_nothing_and_another_can_be_issued() -> None:
    scenario = over(sign(1, 1)).when(ALL)
    (paper,) = papers(scenario)
    scenario.when(withdraw(paper.attestation))
    (paper,) = papers(scenario)
    assert (paper.state, paper.reason) == ("withdrawn", "given_by_mistake")
    assert seat(scenario, 1).attestation is None
    scenario.when(one(1))
    assert [(p.state, p.replaces) for p in papers(scenario)] == [
        ("withdrawn", None),
        ("valid", None),
    ]


def test_an_attestation_is_withdrawn_once_and_not_after_it_was_replaced() -> None:
    scenario = over(sign(1, 1), sign(2, 1)).when(ALL)
    first = issued(scenario)[0].attestation
    scenario.when(annul(signature_of(scenario, 1))).when(ALL)
    scenario.when(withdraw(first)).then_refused("attestation_is_replaced")
    last = issued(scenario)[-1].attestation
    scenario.when(withdraw(last)).when(withdraw(last)).then_refused("attestation_is_withdrawn")


def test_an_attestation_of_another_cycle_is_not_found() -> None:
    scenario = over(sign(1, 1))
    scenario.when(withdraw(an_id(99))).then_refused("not_found")
    scenario.when(ALL).when(withdraw(an_id(99))).then_refused("not_found")


def test_a_paper_that_was_given_is_neither_corrected_nor_annulled() -> None:
    scenario = over(sign(1, 1)).when(ALL).when(one(1))
    fact = next(r for r in scenario.history if isinstance(r.fact, AttestationIssued))
    taken = next(r for r in scenario.history if isinstance(r.fact, NumbersTaken))
    for given in (fact, taken):
        correct = CorrectFact(
            stream=Subject(given.stream), fact=Subject(given.id), replacement={}, reason="mistake"
        )
        scenario.when(correct).then_refused("fact_cannot_be_corrected")
    scenario.when(annul(taken)).then_refused("fact_cannot_be_corrected")


def test_a_withdrawal_by_mistake_is_annulled_unless_another_was_issued_since() -> None:
    scenario = over(sign(1, 1)).when(ALL)
    scenario.when(withdraw(issued(scenario)[0].attestation))
    mistake = annul(scenario.history[-1])
    again = over(sign(1, 1)).when(ALL)
    again.when(withdraw(issued(again)[0].attestation))
    scenario.when(mistake)
    assert [paper.state for paper in papers(scenario)] == ["valid"]
    wrong = annul(again.history[-1])
    again.when(one(1)).when(wrong).then_refused("correction_breaks_history")


@pytest.mark.parametrize("cycle", [CYCLE_ID, OTHER_CYCLE])
def test_the_stream_of_the_attestations_of_a_cycle_follows_from_its_id(cycle: str) -> None:
    stream = attestations_of(cycle)
    assert stream == attestations_of(cycle)
    assert stream[14] == "8"
    assert attestations_of(CYCLE_ID) != attestations_of(OTHER_CYCLE)
