"""
The register of persons: one line a person, what is in their file, and the id they go on under.

Who they are is not here: names and birth dates are in the directory alone. `kept` is what figures
count people by, see `core.registers.people.counting`.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

import msgspec

from core.domain.days import day_of
from core.domain.event import Recorded
from core.projection import Key, Projection
from core.registers.people.events import FACTS as OF_PEOPLE
from core.registers.people.events import (
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

_OF_PAIRS = (DuplicateProposed, DuplicateDismissed)


class Represented(msgspec.Struct, frozen=True, kw_only=True):
    """Who acts for the person; `until` is the last day, told ahead or once it has come."""

    representation: str
    kind: str
    representative: str
    representing: str
    since: date
    until: date | None = None
    ended: bool = False
    reason: str | None = None


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """The text the person was given, when and how."""

    version: str
    on: date
    means: str


class Opposition(msgspec.Struct, frozen=True, kw_only=True):
    """`grounds` is a token, under the person's key; it stands until it was `withdrawn_on`."""

    scope: str
    on: date
    grounds: str | None = None
    withdrawn_on: date | None = None


class PersonRow(msgspec.Struct, frozen=True, kw_only=True):
    """
    One id of a person. `kept` is itself, unless the id was merged into another.

    `absorbed` are the ids merged into this one, `opposed` the scopes of what stands; `represented`
    until every representation was ended.
    """

    person: str
    kept: str
    known_since: date
    merged_on: date | None = None
    absorbed: tuple[str, ...] = ()
    represented: bool = False
    opposed: tuple[str, ...] = ()
    representatives: tuple[Represented, ...] = ()
    notices: tuple[Notice, ...] = ()
    oppositions: tuple[Opposition, ...] = ()


def _keys(recorded: Recorded[Any]) -> Iterator[Key]:
    yield (recorded.stream,)


def _fold(row: PersonRow | None, recorded: Recorded[Any]) -> PersonRow | None:
    fact = recorded.fact
    if isinstance(fact, PersonRegistered):
        return PersonRow(
            person=recorded.stream,
            kept=recorded.stream,
            known_since=day_of(recorded.occurred_at),
        )
    if row is None:
        return None
    change = msgspec.structs.replace
    match fact:
        case PersonsMerged() if fact.merged == row.person:
            # A merge takes its place in the past: when it was decided is when it was recorded.
            return change(row, kept=fact.kept, merged_on=day_of(recorded.recorded_at))
        case PersonsMerged():
            return change(row, absorbed=tuple(sorted({*row.absorbed, fact.merged})))
        case PersonsUnmerged() if fact.merged == row.person:
            return change(row, kept=row.person, merged_on=None)
        case PersonsUnmerged():
            return change(row, absorbed=tuple(one for one in row.absorbed if one != fact.merged))
        case RepresentativeAppointed():
            one = Represented(
                representation=fact.representation,
                kind=fact.kind,
                representative=fact.representative,
                representing=fact.representing,
                since=fact.since,
                until=fact.until,
            )
            return _represented(row, (*row.representatives, one))
        case RepresentationEnded():
            return _represented(row, tuple(_ended(row.representatives, fact)))
        case NoticeGiven():
            notice = Notice(version=fact.version, on=fact.on, means=fact.means)
            return change(row, notices=(*row.notices, notice))
        case OppositionRaised():
            raised = Opposition(scope=fact.scope, on=fact.on, grounds=fact.grounds)
            return _opposed(row, (*row.oppositions, raised))
        case OppositionWithdrawn():
            return _opposed(row, tuple(_withdrawn(row.oppositions, fact)))
        case _:
            return row


def _represented(row: PersonRow, representatives: tuple[Represented, ...]) -> PersonRow:
    represented = any(not one.ended for one in representatives)
    return msgspec.structs.replace(row, representatives=representatives, represented=represented)


def _ended(known: tuple[Represented, ...], fact: RepresentationEnded) -> Iterator[Represented]:
    for one in known:
        if one.representation == fact.representation:
            yield msgspec.structs.replace(one, until=fact.on, ended=True, reason=fact.reason)
        else:
            yield one


def _withdrawn(known: tuple[Opposition, ...], fact: OppositionWithdrawn) -> Iterator[Opposition]:
    for one in known:
        if one.scope == fact.scope and one.withdrawn_on is None:
            yield msgspec.structs.replace(one, withdrawn_on=fact.on)
        else:
            yield one


def _opposed(row: PersonRow, oppositions: tuple[Opposition, ...]) -> PersonRow:
    standing = tuple(sorted(one.scope for one in oppositions if one.withdrawn_on is None))
    return msgspec.structs.replace(row, oppositions=oppositions, opposed=standing)


PERSONS: Projection[PersonRow] = Projection(
    name="registers.persons",
    version=1,
    row=PersonRow,
    key=("person",),
    facts=tuple(fact for fact in OF_PEOPLE if fact not in _OF_PAIRS),
    keys=_keys,
    fold=_fold,
    indexes=(("kept",), ("represented", "kept")),
)
