"""Two conventions: one goes to its term, the other is denounced."""

from datetime import date

from core.domain.command import Command
from core.domain.event import Subject
from core.registers.conventions import commands as c
from core.registers.conventions.events import DeliverableAgreed
from core.testing.scenario import Scenario, an_id
from projections.registers.tests.story_of_structures import ASSOCIATION, TRAINING_BODY

CONVENTION, DENOUNCED, PLACE = Subject(an_id(0x91)), Subject(an_id(0x92)), Subject(an_id(0x93))


def tell_of_conventions(told: Scenario) -> None:
    """A partner place, with all that may be agreed; a training body that gives up."""
    _tell(
        told,
        c.SignConvention(
            convention=CONVENTION,
            kind="lieu_partenaire",
            parties=(ASSOCIATION, TRAINING_BODY),
            starts_on=date(2026, 1, 1),
            ends_on=date(2026, 12, 31),
            amount_cents=1_500_000,
        ),
        c.SignAvenant(convention=CONVENTION, ends_on=date(2027, 12, 31), amount_cents=2_000_000),
        c.LendPremises(convention=CONVENTION, place=PLACE, by=ASSOCIATION, weekly_minutes=240),
        c.ReturnPremises(convention=CONVENTION, place=PLACE),
        c.SetTarget(
            convention=CONVENTION, target="cycles_ravie", value=12, by_day=date(2026, 12, 31)
        ),
    )
    delivered, waived = (_agreed(told, code) for code in ("bilan_annuel", "bilan_final"))
    later = date(2027, 3, 31)
    _tell(
        told,
        c.PostponeDeliverable(convention=CONVENTION, deliverable=delivered, due_on=later),
        c.Deliver(convention=CONVENTION, deliverable=delivered),
        c.WaiveDeliverable(convention=CONVENTION, deliverable=waived, reason="accord"),
        c.EndConvention(convention=CONVENTION, reason="terme"),
        c.SignConvention(
            convention=DENOUNCED,
            kind="iperia_organisme_de_formation",
            parties=(TRAINING_BODY,),
            starts_on=date(2026, 1, 1),
        ),
        c.DenounceConvention(convention=DENOUNCED, reason="liquidation", by=TRAINING_BODY),
    )


def _agreed(told: Scenario, code: str) -> Subject:
    agree = c.AgreeDeliverable(
        convention=CONVENTION, code=code, due_on=date(2027, 1, 31), by=ASSOCIATION
    )
    (agreed,) = told.when(agree).written
    assert isinstance(agreed, DeliverableAgreed)
    return agreed.deliverable


def _tell(told: Scenario, *commands: Command) -> None:
    for command in commands:
        assert told.when(command).written, command.name
