"""What is owed under conventions, one line a deliverable: the deadlines read it."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import msgspec

from core.domain.days import day_of
from core.domain.event import Recorded
from core.projection import Key, Projection
from core.registers.conventions.events import (
    DeliverableAgreed,
    DeliverableDelivered,
    DeliverablePostponed,
    DeliverableWaived,
)


class DeliverableDue(msgspec.Struct, frozen=True, kw_only=True):
    """
    `by` is the structure that owes it, null for the collectivité itself.

    It is expected (`open`) until it is delivered or waived, be the convention over or not.
    """

    deliverable: str
    convention: str
    code: str
    by: str | None
    due_on: date
    open: bool = True
    delivered_on: date | None = None
    waived_on: date | None = None


_FACTS = (DeliverableAgreed, DeliverablePostponed, DeliverableDelivered, DeliverableWaived)


def _keys(recorded: Recorded[Any]) -> Iterator[Key]:
    yield (recorded.fact.deliverable,)


def _fold(row: DeliverableDue | None, recorded: Recorded[Any]) -> DeliverableDue | None:
    fact, day = recorded.fact, day_of(recorded.occurred_at)
    if isinstance(fact, DeliverableAgreed):
        return DeliverableDue(
            deliverable=fact.deliverable,
            convention=recorded.stream,
            code=fact.code,
            by=fact.by,
            due_on=fact.due_on,
        )
    if row is None:
        return None
    match fact:
        case DeliverablePostponed():
            return msgspec.structs.replace(row, due_on=fact.due_on)
        case DeliverableDelivered():
            return msgspec.structs.replace(row, open=False, delivered_on=day)
        case DeliverableWaived():
            return msgspec.structs.replace(row, open=False, waived_on=day)
        case _:
            return row


DELIVERABLES: Projection[DeliverableDue] = Projection(
    name="registers.deliverables",
    version=1,
    row=DeliverableDue,
    key=("deliverable",),
    facts=_FACTS,
    keys=_keys,
    fold=_fold,
    indexes=(("due_on",), ("convention",)),
    structure="by",
)
