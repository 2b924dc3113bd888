"""Conventions to tell stories of."""

from datetime import UTC, date, datetime

from core.domain.event import Fact, Subject
from core.registers.conventions.events import ConventionSigned, DeliverableAgreed
from core.registers.structures.events import StructureRegistered
from core.testing.scenario import Scenario, an_id
from projections.registers.module import MODULE

CONVENTION_ID, PLACE = Subject(an_id(0x91)), Subject(an_id(0x93))
OURS, THEIRS, NOBODY = Subject(an_id(0x51)), Subject(an_id(0x52)), Subject(an_id(0x99))
REPORT = Subject(an_id(0xD1))

SIGNED = ConventionSigned(
    kind="lieu_partenaire",
    parties=(OURS,),
    with_tenant=True,
    starts_on=date(2025, 1, 1),
    ends_on=date(2025, 12, 31),
    amount_cents=1_500_000,
)
AGREED = DeliverableAgreed(
    deliverable=REPORT, code="bilan_annuel", due_on=date(2026, 1, 31), by=OURS
)


def on(month: int, day: int) -> datetime:
    return datetime(2025, month, day, 9, tzinfo=UTC)


def two_structures() -> Scenario:
    scenario = Scenario(MODULE)
    for structure in (OURS, THEIRS):
        fact = StructureRegistered(kinds=("partenaire",), name="Aidants 05")
        scenario.given(fact, stream=structure, occurred_at=on(1, 1))
    return scenario


def a_convention(*facts: Fact) -> Scenario:
    """One signed on 2 January 2025, each further fact a month later than the one before."""
    scenario = two_structures()
    for month, fact in enumerate((SIGNED, *facts), 1):
        scenario.given(fact, stream=CONVENTION_ID, occurred_at=on(month, 2))
    return scenario
