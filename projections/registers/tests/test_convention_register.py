from datetime import date

from core.domain.event import Fact
from core.registers.conventions.events import (
    AvenantSigned,
    ConventionDenounced,
    ConventionEnded,
    DeliverableDelivered,
    DeliverablePostponed,
    DeliverableWaived,
    PremisesLent,
    PremisesReturned,
    TargetSet,
)
from core.registers.conventions.tests.stories import (
    AGREED,
    CONVENTION_ID,
    OURS,
    PLACE,
    REPORT,
    a_convention,
)
from projections.registers.convention_register import CONVENTION_REGISTER, ConventionRow
from projections.registers.deliverables import DELIVERABLES, DeliverableDue

DELIVERED = DeliverableDelivered(deliverable=REPORT)


def row(*facts: Fact) -> ConventionRow:
    return a_convention(*facts).rows(CONVENTION_REGISTER)[(CONVENTION_ID,)]


def due(*facts: Fact) -> DeliverableDue:
    return a_convention(*facts).rows(DELIVERABLES)[(REPORT,)]


def test_the_term_and_the_amount_in_force_are_those_of_the_last_avenant() -> None:
    signed = row(
        AvenantSigned(number=1, ends_on=date(2026, 12, 31)),
        AvenantSigned(number=2, amount_cents=0),
    )
    assert (signed.ends_on, signed.amount_cents) == (date(2026, 12, 31), 0)
    assert [(each.number, each.signed_on) for each in signed.avenants] == [
        (1, date(2025, 2, 2)),
        (2, date(2025, 3, 2)),
    ]


def test_premises_are_told_with_the_days_of_each_loan() -> None:
    lent = PremisesLent(place=PLACE, by=OURS, weekly_minutes=240)
    first, second = row(lent, PremisesReturned(place=PLACE), lent).premises
    assert (first.since, first.until) == (date(2025, 2, 2), date(2025, 3, 2))
    assert (second.since, second.until) == (date(2025, 4, 2), None)


def test_a_target_is_told_as_last_revised() -> None:
    targets = row(
        TargetSet(target="seances", value=60),
        TargetSet(target="cycles_ravie", value=12),
        TargetSet(target="seances", value=80),
    ).targets
    assert [(each.target, each.value) for each in targets] == [
        ("cycles_ravie", 12),
        ("seances", 80),
    ]


def test_how_a_convention_ended_is_told_apart() -> None:
    ended = row(ConventionEnded(reason="terme"))
    assert (ended.state, ended.over_on, ended.reason) == ("ended", date(2025, 2, 2), "terme")
    denounced = row(ConventionDenounced(reason="desaccord", by=OURS))
    assert (denounced.state, denounced.denounced_by) == ("denounced", OURS)


def test_a_deliverable_handed_in_after_its_day_is_late() -> None:
    early = DeliverablePostponed(deliverable=REPORT, due_on=date(2025, 3, 1))
    assert [each.late for each in row(AGREED, early, DELIVERED).deliverables] == [True]
    assert [each.late for each in row(AGREED, DELIVERED).deliverables] == [False]


def test_what_is_due_is_told_with_its_day_until_it_is_delivered_or_waived() -> None:
    assert (due(AGREED).open, due(AGREED).due_on) == (True, AGREED.due_on)
    assert (due(AGREED).convention, due(AGREED).by) == (CONVENTION_ID, OURS)
    later = DeliverablePostponed(deliverable=REPORT, due_on=date(2026, 3, 31))
    assert due(AGREED, later).due_on == date(2026, 3, 31)
    assert due(AGREED, DELIVERED).delivered_on == date(2025, 3, 2)
    waived = due(AGREED, DeliverableWaived(deliverable=REPORT, reason="accord"))
    assert (waived.open, waived.waived_on) == (False, date(2025, 3, 2))


def test_what_is_due_stays_due_once_the_convention_is_over() -> None:
    assert due(AGREED, ConventionEnded(reason="terme")).open
