"""
What happens to attestations. Those of a cycle are one history, and the tenant's numbers another.

An attestation says what was signed on the day it was issued, and never changes: when the hours are
corrected it is replaced by another one, when it should not have been given it is withdrawn.
"""

from datetime import date
from typing import Annotated, ClassVar

import msgspec

from core.domain.command import Code
from core.domain.event import Fact, PersonId, Subject

Number = Annotated[str, msgspec.Meta(pattern="^[0-9]{4}-[0-9]{5,}$")]
"""The year and the rank in it, without a gap within a tenant: 2026-00042."""


class AttestationIssued(Fact, frozen=True, kw_only=True):
    """
    What the paper states: `minutes` really signed, on `days` (in Paris), never rounded.

    `complete` when they reach the cycle's `min_minutes`. `interrupted`: the cycle stopped before
    its end. `replaces` is the person's attestation that this one takes the place of.
    """

    stored_name: ClassVar[str] = "ravie.attestation_issued.v1"

    attestation: Subject
    cycle: Subject
    person: PersonId
    number: Number
    theme: Code
    minutes: int
    min_minutes: int
    complete: bool
    interrupted: bool
    days: tuple[date, ...]
    structure: Subject | None = None
    replaces: Subject | None = None


class AttestationWithdrawn(Fact, frozen=True, kw_only=True):
    """The attestation should not have been given: from now on its check says so."""

    stored_name: ClassVar[str] = "ravie.attestation_withdrawn.v1"

    attestation: Subject
    cycle: Subject
    person: PersonId
    reason: Code


class NumbersTaken(Fact, frozen=True, kw_only=True):
    """The numbers of a year from `first` to `last` are those of attestations issued together."""

    stored_name: ClassVar[str] = "ravie.numbers_taken.v1"

    year: int
    first: int
    last: int


OF_A_CYCLE: tuple[type[Fact], ...] = (AttestationIssued, AttestationWithdrawn)
OF_NUMBERS: tuple[type[Fact], ...] = (NumbersTaken,)
FACTS: tuple[type[Fact], ...] = (*OF_A_CYCLE, *OF_NUMBERS)
