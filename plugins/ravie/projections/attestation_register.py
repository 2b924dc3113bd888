"""The register of attestations: one line a paper, what it states and what has become of it."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import msgspec

from core.domain.days import day_of
from core.domain.event import Recorded
from core.projection import Key, Projection
from plugins.ravie.attestation.events import AttestationIssued, AttestationWithdrawn


class Attestation(msgspec.Struct, frozen=True, kw_only=True):
    """
    One attestation; `state` is valid, replaced or withdrawn. `minutes` and `days` are what it says.

    It stays when the person is erased: hours were signed, and a paper was given.
    """

    attestation: str
    cycle: str
    person: str
    number: str
    theme: str
    structure: str | None
    minutes: int
    min_minutes: int
    complete: bool
    interrupted: bool
    days: tuple[date, ...]
    state: str = "valid"
    issued_at: datetime
    issued_on: date
    issued_by: str
    replaces: str | None = None
    replaced_by: str | None = None
    ended_on: date | None = None
    reason: str | None = None


def _keys(recorded: Recorded[Any]) -> Iterator[Key]:
    fact = recorded.fact
    if isinstance(fact, AttestationIssued) and fact.replaces is not None:
        yield (fact.replaces,)
    yield (fact.attestation,)


def _fold(row: Attestation | None, recorded: Recorded[Any]) -> Attestation | None:
    match recorded.fact:
        case AttestationIssued() as fact if row is None:
            return _issued(fact, recorded)
        case AttestationIssued() as fact if row is not None:
            return msgspec.structs.replace(
                row,
                state="replaced",
                replaced_by=fact.attestation,
                ended_on=day_of(recorded.occurred_at),
            )
        case AttestationWithdrawn() as fact if row is not None:
            return msgspec.structs.replace(
                row,
                state="withdrawn",
                reason=fact.reason,
                ended_on=day_of(recorded.occurred_at),
            )
        case _:
            return row


def _issued(fact: AttestationIssued, recorded: Recorded[Any]) -> Attestation:
    return Attestation(
        attestation=fact.attestation,
        cycle=fact.cycle,
        person=fact.person,
        number=fact.number,
        theme=fact.theme,
        structure=fact.structure,
        minutes=fact.minutes,
        min_minutes=fact.min_minutes,
        complete=fact.complete,
        interrupted=fact.interrupted,
        days=fact.days,
        issued_at=recorded.occurred_at,
        issued_on=day_of(recorded.occurred_at),
        issued_by=recorded.actor,
        replaces=fact.replaces,
    )


ATTESTATION_REGISTER: Projection[Attestation] = Projection(
    name="ravie.attestation_register",
    version=1,
    row=Attestation,
    key=("attestation",),
    facts=(AttestationIssued, AttestationWithdrawn),
    keys=_keys,
    fold=_fold,
    structure="structure",
    indexes=(("number",), ("cycle", "number"), ("person",), ("issued_on",)),
)
