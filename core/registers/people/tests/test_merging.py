"""Two ids of one person: proposed, dismissed, merged, unmerged."""

from typing import Any

import pytest

from core.domain.command import Command, PersonRef
from core.domain.correction import AnnulFact
from core.domain.event import PersonId, Subject
from core.registers.people.commands import (
    DismissDuplicate,
    GiveNotice,
    MergePersons,
    ProposeDuplicate,
    RaiseOpposition,
    UnmergePersons,
    WithdrawOpposition,
)
from core.registers.people.events import (
    DuplicateDismissed,
    DuplicateProposed,
    PersonsMerged,
    PersonsUnmerged,
)
from core.registers.people.state import PERSON
from core.registers.people.tests.stories import (
    LATER,
    LEA,
    LEA_AGAIN,
    NOE,
    TODAY,
    people,
)
from core.registers.people.tests.test_representation import appoint, end
from core.testing.scenario import Scenario, an_id

NOBODY = PersonRef(PersonId(an_id(0x1FFF)))


def propose(one: PersonRef = LEA, other: PersonRef = LEA_AGAIN) -> ProposeDuplicate:
    return ProposeDuplicate(person=one, other=other, reason="same_phone")


def dismiss(one: PersonRef = LEA, other: PersonRef = LEA_AGAIN) -> DismissDuplicate:
    return DismissDuplicate(person=one, other=other, reason="twins")


def merge(kept: PersonRef = LEA, merged: PersonRef = LEA_AGAIN) -> MergePersons:
    return MergePersons(kept=kept, merged=merged, reason="entered_twice")


def unmerge(merged: PersonRef = LEA_AGAIN) -> UnmergePersons:
    return UnmergePersons(merged=merged, reason="two_people")


def merged_people() -> Scenario:
    return people().when(merge())


def told(fact: type[Any], person: PersonRef, kept: PersonRef, merged: PersonRef, why: str) -> Any:
    return fact(person=person, kept=Subject(kept), merged=Subject(merged), reason=why)


@pytest.mark.parametrize("pair", [(LEA, LEA_AGAIN), (LEA_AGAIN, LEA)])
def test_a_pair_is_written_in_one_order_whoever_is_named_first(
    pair: tuple[PersonRef, PersonRef],
) -> None:
    scenario = people().when(propose(*pair))
    scenario.then(DuplicateProposed(person=LEA, other=Subject(LEA_AGAIN), reason="same_phone"))
    assert scenario.history[-1].stream == LEA
    scenario.when(propose(*reversed(pair))).then_refused("duplicate_already_proposed")


def test_a_pair_is_dismissed_though_no_fact_proposed_it() -> None:
    scenario = people().when(dismiss(LEA_AGAIN, LEA))
    scenario.then(DuplicateDismissed(person=LEA, other=Subject(LEA_AGAIN), reason="twins"))
    scenario.when(dismiss()).then_refused("duplicate_already_dismissed")


def test_a_dismissed_pair_may_be_proposed_again_by_hand() -> None:
    assert people().when(dismiss()).when(propose()).written


@pytest.mark.parametrize("rule", [propose, dismiss, merge])
def test_a_pair_is_of_two(rule: Any) -> None:
    people().when(rule(LEA, LEA)).then_refused("pair_of_one")


@pytest.mark.parametrize("rule", [propose, dismiss, merge])
def test_both_of_a_pair_are_known(rule: Any) -> None:
    people().when(rule(LEA, NOBODY)).then_refused("other_person_is_unknown")


def test_a_merge_is_told_in_both_streams_where_the_later_was_registered() -> None:
    scenario = merged_people()
    scenario.then(
        told(PersonsMerged, LEA, LEA, LEA_AGAIN, "entered_twice"),
        told(PersonsMerged, LEA_AGAIN, LEA, LEA_AGAIN, "entered_twice"),
    )
    assert [r.stream for r in scenario.history[-2:]] == [LEA, LEA_AGAIN]
    assert {r.occurred_at for r in scenario.history[-2:]} == {LATER}
    assert scenario.state(PERSON, LEA).absorbed == {LEA_AGAIN}
    assert scenario.state(PERSON, LEA_AGAIN).kept == LEA


def test_several_ids_may_be_merged_into_one() -> None:
    scenario = merged_people().when(merge(LEA, NOE))
    assert scenario.state(PERSON, LEA).absorbed == {LEA_AGAIN, NOE}


def test_who_was_merged_is_merged_once_and_absorbs_nobody() -> None:
    merged_people().when(merge(NOE, LEA_AGAIN)).then_refused("person_is_merged")
    merged_people().when(merge(LEA_AGAIN, NOE)).then_refused("person_is_merged")


def test_who_absorbed_others_is_not_merged_so_that_no_chain_or_circle_is_made() -> None:
    merged_people().when(merge(NOE, LEA)).then_refused("person_has_absorbed_others")
    merged_people().when(merge(LEA_AGAIN, LEA)).then_refused("person_is_merged")


def test_an_unmerge_restores_both() -> None:
    scenario = merged_people().when(unmerge())
    scenario.then(
        told(PersonsUnmerged, LEA, LEA, LEA_AGAIN, "two_people"),
        told(PersonsUnmerged, LEA_AGAIN, LEA, LEA_AGAIN, "two_people"),
    )
    assert {r.occurred_at for r in scenario.history[-2:]} == {LATER}
    untouched = people()
    for person in (LEA, LEA_AGAIN):
        assert scenario.state(PERSON, person) == untouched.state(PERSON, person)
    assert scenario.when(merge(LEA_AGAIN, LEA)).written


def test_only_who_was_merged_is_unmerged() -> None:
    people().when(unmerge()).then_refused("person_is_not_merged")
    merged_people().when(unmerge(LEA)).then_refused("person_is_not_merged")


def test_a_merge_is_undone_by_an_unmerge_never_annulled_in_one_stream_only() -> None:
    scenario = merged_people()
    fact = scenario.history[-1]
    scenario.when(
        AnnulFact(stream=Subject(fact.stream), fact=Subject(fact.id), reason="typing_error")
    ).then_refused("fact_cannot_be_corrected")


@pytest.mark.parametrize(
    "command",
    [
        appoint(person=LEA_AGAIN),
        end(person=LEA_AGAIN),
        GiveNotice(person=LEA_AGAIN, version="1", on=TODAY, means="oral"),
        RaiseOpposition(person=LEA_AGAIN, scope="contact", on=TODAY),
        WithdrawOpposition(person=LEA_AGAIN, scope="contact", on=TODAY),
        propose(LEA_AGAIN, NOE),
        dismiss(NOE, LEA_AGAIN),
    ],
    ids=lambda command: command.name,
)
def test_nothing_more_is_told_under_a_merged_id_and_the_refusal_names_the_kept_one(
    command: Command,
) -> None:
    scenario = merged_people().when(command).then_refused("person_is_merged")
    assert LEA in scenario.sentence
