"""
What a person's own stream adds up to.

`evolve` raises `ValueError` on a fact that does not fit what came before: this is how a correction
that would leave an incoherent file is found and refused.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import msgspec

from core.domain.decider import Aggregate
from core.domain.event import Recorded
from core.registers.people.events import (
    FACTS,
    DuplicateDismissed,
    DuplicateProposed,
    NoticeGiven,
    OppositionRaised,
    OppositionWithdrawn,
    PersonRegistered,
    PersonsMerged,
    PersonsUnmerged,
    RepresentationEnded,
    RepresentativeAppointed,
)
from core.registers.people.vocabulary import PairState


class Representation(msgspec.Struct, frozen=True, kw_only=True):
    """`kind` and `representative` tell one representation from another; `until` is its last day."""

    kind: str
    representative: str
    since: date
    until: date | None
    ended: bool = False


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """
    A person known to the tenant, since when.

    `kept` is the id they go on under when they were merged into another, `absorbed` the ids that
    were merged into this one, `pairs` what was said of who may be the same person.
    """

    id: str
    known_since: datetime
    representations: Mapping[str, Representation] = {}
    notices: frozenset[tuple[str, date]] = frozenset()
    oppositions: Mapping[str, date] = {}
    """Since when each scope is opposed, for those that stand."""
    pairs: Mapping[str, PairState] = {}
    kept: str | None = None
    absorbed: frozenset[str] = frozenset()


def evolve(person: Person | None, recorded: Recorded[Any]) -> Person:
    """The person after one more fact of their file."""
    if isinstance(recorded.fact, PersonRegistered):
        return Person(id=recorded.stream, known_since=recorded.occurred_at)
    if person is None:
        raise ValueError(recorded.fact.stored_name)
    change = msgspec.structs.replace
    match recorded.fact:
        case RepresentativeAppointed() as fact:
            one = Representation(
                kind=fact.kind,
                representative=fact.representative,
                since=fact.since,
                until=fact.until,
            )
            known = {**person.representations, fact.representation: one}
            return change(person, representations=known)
        case RepresentationEnded() as fact:
            return _ended(person, fact)
        case NoticeGiven() as fact:
            return change(person, notices=person.notices | {(fact.version, fact.on)})
        case OppositionRaised() as fact:
            return change(person, oppositions={**person.oppositions, fact.scope: fact.on})
        case OppositionWithdrawn() as fact:
            standing = {**person.oppositions}
            if standing.pop(fact.scope, date.max) > fact.on:
                raise ValueError(fact.scope)
            return change(person, oppositions=standing)
        case DuplicateProposed() as fact:
            return change(person, pairs={**person.pairs, fact.other: "proposed"})
        case DuplicateDismissed() as fact:
            return change(person, pairs={**person.pairs, fact.other: "dismissed"})
        case PersonsMerged() as fact:
            if fact.merged == person.id:
                return change(person, kept=fact.kept)
            return change(person, absorbed=person.absorbed | {fact.merged})
        case PersonsUnmerged() as fact:
            if fact.merged == person.id:
                return change(person, kept=None)
            return change(person, absorbed=person.absorbed - {fact.merged})
        case _:
            return person


def _ended(person: Person, fact: RepresentationEnded) -> Person:
    one = person.representations.get(fact.representation)
    if one is None or one.since > fact.on:
        raise ValueError(fact.representation)
    ended = msgspec.structs.replace(one, until=fact.on, ended=True)
    return msgspec.structs.replace(
        person, representations={**person.representations, fact.representation: ended}
    )


PERSON = Aggregate[Person](
    name="directory.person",
    facts=FACTS,
    evolve=evolve,
    kept=(PersonsMerged, PersonsUnmerged),
)
