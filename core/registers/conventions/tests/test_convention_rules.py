from datetime import date
from typing import Any

import pytest

from core.domain.command import Command
from core.domain.correction import AnnulFact
from core.domain.event import Subject
from core.registers.conventions.commands import (
    AgreeDeliverable,
    Deliver,
    DenounceConvention,
    EndConvention,
    LendPremises,
    PostponeDeliverable,
    ReturnPremises,
    SetTarget,
    SignAvenant,
    SignConvention,
    WaiveDeliverable,
)
from core.registers.conventions.events import (
    AvenantSigned,
    ConventionDenounced,
    ConventionEnded,
    DeliverableAgreed,
    DeliverableDelivered,
    DeliverablePostponed,
    DeliverableWaived,
    PremisesLent,
    PremisesReturned,
    TargetSet,
)
from core.registers.conventions.state import CONVENTION
from core.registers.conventions.tests.stories import (
    AGREED,
    CONVENTION_ID,
    NOBODY,
    OURS,
    PLACE,
    REPORT,
    SIGNED,
    THEIRS,
    a_convention,
    two_structures,
)

LENT = PremisesLent(place=PLACE, by=OURS)
ENDED = ConventionEnded(reason="terme")
DENOUNCED = ConventionDenounced(reason="desaccord", by=OURS)
RETURN = ReturnPremises(convention=CONVENTION_ID, place=PLACE)
DELIVER = Deliver(convention=CONVENTION_ID, deliverable=REPORT)
WAIVE = WaiveDeliverable(convention=CONVENTION_ID, deliverable=REPORT, reason="accord")
POSTPONE = PostponeDeliverable(
    convention=CONVENTION_ID, deliverable=REPORT, due_on=date(2026, 3, 31)
)


def sign(**fields: Any) -> SignConvention:
    given = {
        "kind": SIGNED.kind,
        "parties": SIGNED.parties,
        "starts_on": SIGNED.starts_on,
        "ends_on": SIGNED.ends_on,
        "amount_cents": SIGNED.amount_cents,
        **fields,
    }
    return SignConvention(convention=CONVENTION_ID, **given)


def avenant(**fields: Any) -> SignAvenant:
    return SignAvenant(convention=CONVENTION_ID, **fields)


def lend(**fields: Any) -> LendPremises:
    return LendPremises(convention=CONVENTION_ID, place=PLACE, **fields)


def agree(**fields: Any) -> AgreeDeliverable:
    given = {"code": AGREED.code, "due_on": AGREED.due_on, **fields}
    return AgreeDeliverable(convention=CONVENTION_ID, **given)


def denounce(**fields: Any) -> DenounceConvention:
    return DenounceConvention(convention=CONVENTION_ID, reason="desaccord", **fields)


END = EndConvention(convention=CONVENTION_ID, reason="terme")
TARGET = SetTarget(convention=CONVENTION_ID, target="cycles_ravie", value=12)


def test_a_convention_is_signed_between_structures_and_the_collectivite() -> None:
    two_structures().when(sign(parties=(OURS, OURS))).then(SIGNED)


def test_nobody_signs_a_convention_alone() -> None:
    alone = sign(with_tenant=False)
    two_structures().when(alone).then_refused("convention_has_one_party")
    assert two_structures().when(sign(with_tenant=False, parties=(OURS, THEIRS))).written


def test_who_signs_is_in_the_register_of_structures() -> None:
    two_structures().when(sign(parties=(OURS, NOBODY))).then_refused("party_not_found")


def test_a_convention_does_not_end_before_it_starts() -> None:
    upside_down = sign(ends_on=date(2024, 12, 31))
    two_structures().when(upside_down).then_refused("convention_ends_before_it_starts")
    early = avenant(ends_on=date(2024, 12, 31))
    a_convention().when(early).then_refused("convention_ends_before_it_starts")
    assert two_structures().when(sign(ends_on=SIGNED.starts_on)).written


def test_avenants_are_numbered_and_change_the_term_or_the_amount() -> None:
    scenario = a_convention().when(avenant(ends_on=date(2026, 12, 31)))
    scenario.then(AvenantSigned(number=1, ends_on=date(2026, 12, 31)))
    scenario.when(avenant(amount_cents=2_000_000))
    scenario.then(AvenantSigned(number=2, amount_cents=2_000_000))
    state = scenario.state(CONVENTION, CONVENTION_ID)
    assert (state.ends_on, state.amount_cents) == (date(2026, 12, 31), 2_000_000)


@pytest.mark.parametrize(
    "fields", [{}, {"ends_on": SIGNED.ends_on}, {"amount_cents": SIGNED.amount_cents}]
)
def test_an_avenant_changes_something(fields: Any) -> None:
    a_convention().when(avenant(**fields)).then_refused("avenant_changes_nothing")


def test_premises_are_lent_by_a_party_until_they_are_returned() -> None:
    scenario = a_convention().when(lend(by=OURS)).then(LENT)
    scenario.when(lend()).then_refused("premises_already_lent")
    scenario.when(RETURN).then(PremisesReturned(place=PLACE))
    scenario.when(RETURN).then_refused("premises_not_lent")
    scenario.when(lend()).then(PremisesLent(place=PLACE))


@pytest.mark.parametrize("command", [lend(by=THEIRS), agree(by=THEIRS), denounce(by=THEIRS)])
def test_who_has_not_signed_owes_lends_and_denounces_nothing(command: Command) -> None:
    scenario = a_convention().when(command)
    assert scenario.then_refused("not_a_party").refused.field == "by"


def test_the_collectivite_owes_nothing_in_what_it_has_not_signed() -> None:
    scenario = two_structures().when(sign(with_tenant=False, parties=(OURS, THEIRS)))
    scenario.when(agree()).then_refused("not_a_party")


def test_a_deliverable_is_agreed_with_the_day_it_is_due() -> None:
    scenario = a_convention().when(agree(by=OURS))
    (fact,) = scenario.written
    assert isinstance(fact, DeliverableAgreed)
    assert (fact.code, fact.due_on, fact.by) == (AGREED.code, AGREED.due_on, OURS)


def test_a_deliverable_is_postponed_then_delivered_once() -> None:
    scenario = a_convention(AGREED).when(POSTPONE)
    scenario.then(DeliverablePostponed(deliverable=REPORT, due_on=date(2026, 3, 31)))
    scenario.when(POSTPONE).then()
    scenario.when(DELIVER).then(DeliverableDelivered(deliverable=REPORT))


@pytest.mark.parametrize("command", [DELIVER, WAIVE, POSTPONE], ids=lambda c: c.name)
def test_what_is_settled_is_no_longer_due(command: Command) -> None:
    delivered = a_convention(AGREED, DeliverableDelivered(deliverable=REPORT))
    delivered.when(command).then_refused("deliverable_is_settled")
    waived = a_convention(AGREED, DeliverableWaived(deliverable=REPORT, reason="accord"))
    waived.when(command).then_refused("deliverable_is_settled")


@pytest.mark.parametrize("command", [DELIVER, WAIVE, POSTPONE], ids=lambda c: c.name)
def test_only_what_was_agreed_is_delivered(command: Command) -> None:
    a_convention().when(command).then_refused("deliverable_not_found")


def test_a_target_is_set_and_revised() -> None:
    scenario = a_convention().when(TARGET).then(TargetSet(target="cycles_ravie", value=12))
    scenario.when(TARGET).then()
    later = SetTarget(
        convention=CONVENTION_ID, target="cycles_ravie", value=12, by_day=date(2025, 12, 31)
    )
    scenario.when(later)
    scenario.then(TargetSet(target="cycles_ravie", value=12, by_day=date(2025, 12, 31)))


def test_a_convention_is_denounced_by_a_party_or_ended_by_all() -> None:
    a_convention().when(denounce(by=OURS)).then(DENOUNCED)
    a_convention().when(denounce()).then(ConventionDenounced(reason="desaccord"))
    a_convention().when(END).then(ENDED)


@pytest.mark.parametrize(
    "command",
    [avenant(amount_cents=1), lend(), agree(), TARGET, END, denounce()],
    ids=lambda c: c.name,
)
@pytest.mark.parametrize("over", [ENDED, DENOUNCED], ids=["ended", "denounced"])
def test_a_convention_that_is_over_is_agreed_on_no_more(command: Command, over: Any) -> None:
    a_convention(over).when(command).then_refused("convention_is_over")


@pytest.mark.parametrize("command", [DELIVER, WAIVE, POSTPONE, RETURN], ids=lambda c: c.name)
def test_what_is_owed_stays_owed_once_a_convention_is_over(command: Command) -> None:
    assert a_convention(AGREED, LENT, ENDED).when(command).written


def test_a_convention_belongs_to_those_who_signed_it() -> None:
    state = a_convention().state(CONVENTION, CONVENTION_ID)
    assert CONVENTION.structures(state) == {OURS}


def test_an_agreed_deliverable_is_not_annulled_under_its_delivery() -> None:
    scenario = a_convention(AGREED, DeliverableDelivered(deliverable=REPORT))
    agreed = Subject(scenario.history[-2].id)
    annul = AnnulFact(stream=CONVENTION_ID, fact=agreed, reason="mistake")
    scenario.when(annul).then_refused("correction_breaks_history")
