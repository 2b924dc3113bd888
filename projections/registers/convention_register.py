"""The register of conventions: one line each, as amended, with what is owed under it."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import msgspec

from core.domain.days import day_of
from core.domain.event import Recorded
from core.projection import Key, Projection
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


class AvenantRow(msgspec.Struct, frozen=True, kw_only=True):
    number: int
    signed_on: date
    ends_on: date | None
    amount_cents: int | None


class PremisesRow(msgspec.Struct, frozen=True, kw_only=True):
    """`by` is null when the collectivité lends it; lent while `until` is null."""

    place: str
    by: str | None
    since: date
    until: date | None = None
    weekly_minutes: int | None


class DeliverableRow(msgspec.Struct, frozen=True, kw_only=True):
    """`by` is null when the collectivité owes it."""

    deliverable: str
    code: str
    by: str | None
    due_on: date
    delivered_on: date | None = None
    waived_on: date | None = None
    late: bool = False


class TargetRow(msgspec.Struct, frozen=True, kw_only=True):
    target: str
    value: int
    by_day: date | None


class ConventionRow(msgspec.Struct, frozen=True, kw_only=True):
    """
    One convention. `ends_on` and `amount_cents` (cents of a euro) are those in force, avenants
    included; `state` is running, ended or denounced.
    """

    convention: str
    kind: str
    parties: tuple[str, ...]
    with_tenant: bool
    state: str
    signed_on: date
    starts_on: date
    ends_on: date | None
    amount_cents: int | None
    over_on: date | None = None
    reason: str | None = None
    denounced_by: str | None = None
    avenants: tuple[AvenantRow, ...] = ()
    premises: tuple[PremisesRow, ...] = ()
    deliverables: tuple[DeliverableRow, ...] = ()
    targets: tuple[TargetRow, ...] = ()


def _keys(recorded: Recorded[Any]) -> Iterator[Key]:
    yield (recorded.stream,)


def _fold(row: ConventionRow | None, recorded: Recorded[Any]) -> ConventionRow | None:
    fact, day = recorded.fact, day_of(recorded.occurred_at)
    if isinstance(fact, ConventionSigned):
        return ConventionRow(
            convention=recorded.stream,
            kind=fact.kind,
            parties=fact.parties,
            with_tenant=fact.with_tenant,
            state="running",
            signed_on=day,
            starts_on=fact.starts_on,
            ends_on=fact.ends_on,
            amount_cents=fact.amount_cents,
        )
    return None if row is None else _changed(row, fact, day)


def _changed(row: ConventionRow, fact: Any, day: date) -> ConventionRow:
    change = msgspec.structs.replace
    match fact:
        case AvenantSigned():
            return _amended(row, fact, day)
        case PremisesLent():
            lent = PremisesRow(
                place=fact.place, by=fact.by, since=day, weekly_minutes=fact.weekly_minutes
            )
            return change(row, premises=(*row.premises, lent))
        case PremisesReturned():
            premises = tuple(
                change(each, until=day) if each.place == fact.place and each.until is None else each
                for each in row.premises
            )
            return change(row, premises=premises)
        case DeliverableAgreed():
            agreed = DeliverableRow(
                deliverable=fact.deliverable, code=fact.code, by=fact.by, due_on=fact.due_on
            )
            return change(row, deliverables=(*row.deliverables, agreed))
        case DeliverablePostponed():
            return _settled(row, fact.deliverable, due_on=fact.due_on)
        case DeliverableDelivered():
            return _settled(row, fact.deliverable, delivered_on=day)
        case DeliverableWaived():
            return _settled(row, fact.deliverable, waived_on=day)
        case TargetSet():
            others = (each for each in row.targets if each.target != fact.target)
            target = TargetRow(target=fact.target, value=fact.value, by_day=fact.by_day)
            targets = sorted((*others, target), key=lambda each: each.target)
            return change(row, targets=tuple(targets))
        case ConventionEnded():
            return change(row, state="ended", over_on=day, reason=fact.reason)
        case ConventionDenounced():
            return change(
                row, state="denounced", over_on=day, reason=fact.reason, denounced_by=fact.by
            )
        case _:
            return row


def _amended(row: ConventionRow, fact: AvenantSigned, day: date) -> ConventionRow:
    avenant = AvenantRow(
        number=fact.number, signed_on=day, ends_on=fact.ends_on, amount_cents=fact.amount_cents
    )
    return msgspec.structs.replace(
        row,
        avenants=(*row.avenants, avenant),
        ends_on=fact.ends_on or row.ends_on,
        amount_cents=row.amount_cents if fact.amount_cents is None else fact.amount_cents,
    )


def _settled(row: ConventionRow, deliverable: str, **changes: Any) -> ConventionRow:
    return msgspec.structs.replace(
        row,
        deliverables=tuple(
            _timed(msgspec.structs.replace(each, **changes))
            if each.deliverable == deliverable
            else each
            for each in row.deliverables
        ),
    )


def _timed(row: DeliverableRow) -> DeliverableRow:
    late = row.delivered_on is not None and row.delivered_on > row.due_on
    return msgspec.structs.replace(row, late=late)


CONVENTION_REGISTER: Projection[ConventionRow] = Projection(
    name="registers.convention_register",
    version=1,
    row=ConventionRow,
    key=("convention",),
    facts=FACTS,
    keys=_keys,
    fold=_fold,
    indexes=(("signed_on",), ("ends_on",)),
    structure="parties",
)
