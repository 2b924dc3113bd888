"""
The attestations of a cycle, and the numbers a tenant has given.

Both streams have ids that follow from what they are of, so that a decision names them without
having to be told: the attestations of a cycle from the cycle's id, the numbers from nothing at all.
"""

import hashlib
from collections.abc import Mapping
from datetime import date
from typing import Any, Literal, TypeAlias

import msgspec

from core.domain.decider import Aggregate
from core.domain.event import Recorded, Subject
from plugins.ravie.attestation.events import (
    OF_A_CYCLE,
    OF_NUMBERS,
    AttestationIssued,
    AttestationWithdrawn,
    NumbersTaken,
)

PaperStatus: TypeAlias = Literal["valid", "replaced", "withdrawn"]


def attestations_of(cycle: str) -> Subject:
    """The stream of the attestations of a cycle."""
    return _stream("ravie.attestations", cycle)


class Paper(msgspec.Struct, frozen=True, kw_only=True):
    """One attestation, by what it states."""

    person: str
    number: str
    minutes: int
    days: tuple[date, ...]
    status: PaperStatus = "valid"


class Attestations(msgspec.Struct, frozen=True, kw_only=True):
    """Those of one cycle, by id; a person has one that is valid at most."""

    cycle: str
    papers: Mapping[str, Paper] = {}
    actors: frozenset[str] = frozenset()
    """Who issued them."""

    def valid_for(self, person: str) -> tuple[str, Paper] | None:
        """The valid attestation of a person, with its id."""
        for attestation, paper in self.papers.items():
            if paper.person == person and paper.status == "valid":
                return attestation, paper
        return None


class Numbers(msgspec.Struct, frozen=True, kw_only=True):
    """The last number given, by year."""

    last: Mapping[int, int] = {}


def evolve(state: Attestations | None, recorded: Recorded[Any]) -> Attestations:
    """The attestations of a cycle after one more fact; raises `ValueError` on one that does not
    fit.
    """
    fact: AttestationIssued | AttestationWithdrawn = recorded.fact
    known = Attestations(cycle=fact.cycle) if state is None else state
    papers = dict(known.papers)
    match fact:
        case AttestationIssued():
            valid = known.valid_for(fact.person)
            if fact.replaces != (None if valid is None else valid[0]):
                message = "an attestation replaces the valid one of its person, when there is one"
                raise ValueError(message)
            if valid is not None:
                papers[valid[0]] = msgspec.structs.replace(valid[1], status="replaced")
            papers[fact.attestation] = Paper(
                person=fact.person, number=fact.number, minutes=fact.minutes, days=fact.days
            )
        case AttestationWithdrawn():
            paper = papers[fact.attestation]
            if paper.status != "valid":
                message = "only a valid attestation is withdrawn"
                raise ValueError(message)
            papers[fact.attestation] = msgspec.structs.replace(paper, status="withdrawn")
    return msgspec.structs.replace(known, papers=papers, actors=known.actors | {recorded.actor})


def evolve_numbers(numbers: Numbers | None, recorded: Recorded[NumbersTaken]) -> Numbers:
    """The numbers after some more were taken; raises `ValueError` when they leave a gap."""
    fact, last = recorded.fact, {} if numbers is None else dict(numbers.last)
    if fact.first != last.get(fact.year, 0) + 1 or fact.last < fact.first:
        message = f"the numbers of {fact.year} go on from {last.get(fact.year, 0)}"
        raise ValueError(message)
    return Numbers(last={**last, fact.year: fact.last})


def _stream(*parts: str) -> Subject:
    """The UUID of version 8 (RFC 9562) of a name: it holds no chance and no hour."""
    digits = hashlib.sha256("\0".join(parts).encode()).hexdigest()
    variant = "89ab"[int(digits[16], 16) % 4]
    return Subject(
        f"{digits[:8]}-{digits[8:12]}-8{digits[13:16]}-{variant}{digits[17:20]}-{digits[20:32]}"
    )


def _actors(state: Attestations) -> frozenset[str]:
    return state.actors


ATTESTATIONS: Aggregate[Attestations] = Aggregate(
    name="ravie.attestations",
    facts=OF_A_CYCLE,
    evolve=evolve,
    related=_actors,
    within=lambda state: state.cycle,
    kept=(AttestationIssued,),
)
"""A paper that was given is replaced or withdrawn, never corrected: somebody holds it."""

NUMBERS: Aggregate[Numbers] = Aggregate(
    name="ravie.numbers", facts=OF_NUMBERS, evolve=evolve_numbers, kept=(NumbersTaken,)
)

NUMBERS_STREAM = _stream("ravie.numbers")
