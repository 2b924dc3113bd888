"""
What a convention has come to.

`evolve` raises `ValueError` on a fact that does not fit what came before: this is how a correction
or an annulment that would leave an incoherent history is found and refused.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, Literal

import msgspec

from core.domain.decider import Aggregate
from core.domain.event import Recorded
from core.registers.conventions.events import (
    FACTS,
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

DeliverableStatus = Literal["due", "delivered", "waived"]


class Deliverable(msgspec.Struct, frozen=True, kw_only=True):
    due_on: date
    status: DeliverableStatus = "due"


class Target(msgspec.Struct, frozen=True):
    value: int
    by_day: date | None


class Convention(msgspec.Struct, frozen=True, kw_only=True):
    """`ends_on` and `amount_cents` are those of the last avenant; `premises` are lent now."""

    parties: tuple[str, ...]
    with_tenant: bool
    starts_on: date
    ends_on: date | None
    amount_cents: int | None
    avenants: int = 0
    premises: frozenset[str] = frozenset()
    deliverables: Mapping[str, Deliverable] = {}
    targets: Mapping[str, Target] = {}
    over: bool = False

    def has_party(self, structure: str | None) -> bool:
        """Whether a structure, or the collectivité when None, has signed."""
        return self.with_tenant if structure is None else structure in self.parties


def evolve(convention: Convention | None, recorded: Recorded[Any]) -> Convention:
    """The convention after one more fact."""
    fact = recorded.fact
    if isinstance(fact, ConventionSigned):
        return _signed(fact)
    if convention is None:
        message = f"{fact.stored_name} without a signed convention"
        raise ValueError(message)
    change = msgspec.structs.replace
    match fact:
        case AvenantSigned() if fact.ends_on is None or fact.ends_on >= convention.starts_on:
            return change(
                convention,
                avenants=convention.avenants + 1,
                ends_on=fact.ends_on or convention.ends_on,
                amount_cents=(
                    convention.amount_cents if fact.amount_cents is None else fact.amount_cents
                ),
            )
        case PremisesLent() if convention.has_party(fact.by):
            return change(convention, premises=convention.premises | {fact.place})
        case PremisesReturned() if fact.place in convention.premises:
            return change(convention, premises=convention.premises - {fact.place})
        case DeliverableAgreed() if convention.has_party(fact.by):
            return _with(convention, fact.deliverable, Deliverable(due_on=fact.due_on))
        case DeliverablePostponed():
            due = _due(convention, fact.deliverable)
            return _with(convention, fact.deliverable, change(due, due_on=fact.due_on))
        case DeliverableDelivered():
            due = _due(convention, fact.deliverable)
            return _with(convention, fact.deliverable, change(due, status="delivered"))
        case DeliverableWaived():
            due = _due(convention, fact.deliverable)
            return _with(convention, fact.deliverable, change(due, status="waived"))
        case TargetSet():
            targets = {**convention.targets, fact.target: Target(fact.value, fact.by_day)}
            return change(convention, targets=targets)
        case ConventionEnded() | ConventionDenounced() if not convention.over:
            return change(convention, over=True)
        case _:
            message = f"{fact.stored_name} does not fit the convention"
            raise ValueError(message)


def _signed(fact: ConventionSigned) -> Convention:
    if fact.ends_on is not None and fact.ends_on < fact.starts_on:
        raise ValueError("the convention ends before it starts")
    if len(set(fact.parties)) + fact.with_tenant < 2:
        raise ValueError("nobody signs a convention alone")
    return Convention(
        parties=fact.parties,
        with_tenant=fact.with_tenant,
        starts_on=fact.starts_on,
        ends_on=fact.ends_on,
        amount_cents=fact.amount_cents,
    )


def _due(convention: Convention, deliverable: str) -> Deliverable:
    found = convention.deliverables[deliverable]
    if found.status != "due":
        raise ValueError("the deliverable is no longer due")
    return found


def _with(convention: Convention, id_: str, deliverable: Deliverable) -> Convention:
    deliverables = {**convention.deliverables, id_: deliverable}
    return msgspec.structs.replace(convention, deliverables=deliverables)


def _structures(convention: Convention) -> frozenset[str]:
    return frozenset(convention.parties)


CONVENTION: Aggregate[Convention] = Aggregate(
    name="registers.convention", facts=FACTS, evolve=evolve, structures=_structures
)
