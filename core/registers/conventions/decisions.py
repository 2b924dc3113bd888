"""The rules of the register of conventions."""

from collections.abc import Iterator

from core.domain.decider import Context, Decided, Reads
from core.domain.event import Subject
from core.domain.refusal import Refused
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
    ConventionSigned,
    DeliverableAgreed,
    DeliverableDelivered,
    DeliverablePostponed,
    DeliverableWaived,
    PremisesLent,
    PremisesReturned,
    TargetSet,
)
from core.registers.conventions.state import Convention, Deliverable, Target
from core.registers.structures.state import STRUCTURE


def reads_its_parties(command: SignConvention, _state: Convention | None) -> Iterator[Reads]:
    """The structures that sign."""
    yield Reads(STRUCTURE, command.parties)


def sign_convention(
    command: SignConvention, _state: Convention | None, context: Context
) -> Decided:
    """Two parties at least, all of them known."""
    parties = tuple(dict.fromkeys(command.parties))
    if len(parties) + command.with_tenant < 2:
        return Refused("convention_has_one_party", "parties")
    if set(parties) - context.read(STRUCTURE).keys():
        return Refused("party_not_found", "parties")
    if command.ends_on is not None and command.ends_on < command.starts_on:
        return Refused("convention_ends_before_it_starts", "ends_on")
    return [
        ConventionSigned(
            kind=command.kind,
            parties=tuple(Subject(party) for party in parties),
            with_tenant=command.with_tenant,
            starts_on=command.starts_on,
            ends_on=command.ends_on,
            amount_cents=command.amount_cents,
        )
    ]


def sign_avenant(command: SignAvenant, state: Convention, _context: Context) -> Decided:
    """Numbered in the order in which they are signed."""
    if state.over:
        return Refused("convention_is_over")
    if command.ends_on is not None and command.ends_on < state.starts_on:
        return Refused("convention_ends_before_it_starts", "ends_on")
    ends_on = command.ends_on or state.ends_on
    amount = state.amount_cents if command.amount_cents is None else command.amount_cents
    if (ends_on, amount) == (state.ends_on, state.amount_cents):
        return Refused("avenant_changes_nothing")
    return [
        AvenantSigned(
            number=state.avenants + 1,
            ends_on=command.ends_on,
            amount_cents=command.amount_cents,
        )
    ]


def lend_premises(command: LendPremises, state: Convention, _context: Context) -> Decided:
    """A party lends a place; once at a time under one convention."""
    if state.over:
        return Refused("convention_is_over")
    if not state.has_party(command.by):
        return Refused("not_a_party", "by")
    if command.place in state.premises:
        return Refused("premises_already_lent", "place")
    return [PremisesLent(place=command.place, by=command.by, weekly_minutes=command.weekly_minutes)]


def return_premises(command: ReturnPremises, state: Convention, _context: Context) -> Decided:
    """Also once the convention is over."""
    if command.place not in state.premises:
        return Refused("premises_not_lent", "place")
    return [PremisesReturned(place=command.place)]


def agree_deliverable(command: AgreeDeliverable, state: Convention, context: Context) -> Decided:
    """A party owes it; it may be due after the convention has ended, as a last report is."""
    if state.over:
        return Refused("convention_is_over")
    if not state.has_party(command.by):
        return Refused("not_a_party", "by")
    return [
        DeliverableAgreed(
            deliverable=Subject(context.new_id()),
            code=command.code,
            due_on=command.due_on,
            by=command.by,
        )
    ]


def postpone_deliverable(
    command: PostponeDeliverable, state: Convention, _context: Context
) -> Decided:
    """To a later day or an earlier one; the day it was due before stays in the history."""
    due = _due(state, command.deliverable)
    if isinstance(due, Refused):
        return due
    if due.due_on == command.due_on:
        return []
    return [DeliverablePostponed(deliverable=command.deliverable, due_on=command.due_on)]


def deliver(command: Deliver, state: Convention, _context: Context) -> Decided:
    """Once; late is recorded like in time."""
    due = _due(state, command.deliverable)
    if isinstance(due, Refused):
        return due
    return [DeliverableDelivered(deliverable=command.deliverable)]


def waive_deliverable(command: WaiveDeliverable, state: Convention, _context: Context) -> Decided:
    """What nobody expects any more is no longer late."""
    due = _due(state, command.deliverable)
    if isinstance(due, Refused):
        return due
    return [DeliverableWaived(deliverable=command.deliverable, reason=command.reason)]


def set_target(command: SetTarget, state: Convention, _context: Context) -> Decided:
    """What the convention is to reach; set again, it is revised."""
    if state.over:
        return Refused("convention_is_over")
    if state.targets.get(command.target) == Target(command.value, command.by_day):
        return []
    return [TargetSet(target=command.target, value=command.value, by_day=command.by_day)]


def end_convention(command: EndConvention, state: Convention, _context: Context) -> Decided:
    """What is still owed stays owed."""
    if state.over:
        return Refused("convention_is_over")
    return [ConventionEnded(reason=command.reason)]


def denounce_convention(
    command: DenounceConvention, state: Convention, _context: Context
) -> Decided:
    """By one of its parties."""
    if state.over:
        return Refused("convention_is_over")
    if not state.has_party(command.by):
        return Refused("not_a_party", "by")
    return [ConventionDenounced(reason=command.reason, by=command.by)]


def _due(state: Convention, deliverable: str) -> Deliverable | Refused:
    found = state.deliverables.get(deliverable)
    if found is None:
        return Refused("deliverable_not_found", "deliverable")
    if found.status != "due":
        return Refused("deliverable_is_settled", "deliverable")
    return found
