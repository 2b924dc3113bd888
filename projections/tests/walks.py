"""Read models, figures and a policy of walks: every kind of key, column and row there is."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, Literal

import msgspec

from core.domain.event import PersonId, Recorded, Subject
from core.domain.tests.walk import MODULE, BeginWalk, StepTaken, WalkBegun
from core.indicator import Indicator
from core.module import Module, Policy
from core.projection import Key, Projection

POISON = 666
"""Metres that the register cannot fold."""

FAREWELL = 13
"""Metres after which two companions part: their row is gone."""


class Register(msgspec.Struct, frozen=True, kw_only=True):
    walk: Subject
    place: str
    metres: int = 0
    steps: int = 0
    last: datetime | None = None


class Leg(msgspec.Struct, frozen=True):
    on: date
    metres: int


class Walker(msgspec.Struct, frozen=True, kw_only=True):
    walk: Subject
    walker: PersonId
    kilometres: float = 0.0
    legs: tuple[Leg, ...] = ()
    best: Leg | None = None


class Companions(msgspec.Struct, frozen=True, kw_only=True):
    walker: PersonId
    companion: Subject
    since: date | None = None
    times: int = 0
    far: bool = False
    pace: Literal["slow", "fast"] = "slow"
    by_walk: dict[str, int] = {}


def by_walk(recorded: Recorded[Any]) -> Iterable[Key]:
    yield (recorded.stream,)


def by_walker(recorded: Recorded[StepTaken]) -> Iterable[Key]:
    yield (recorded.stream, recorded.fact.walker)


def by_pair(recorded: Recorded[StepTaken]) -> Iterable[Key]:
    return [(recorded.fact.walker, companion) for companion in recorded.fact.together]


def register(row: Register | None, recorded: Recorded[Any]) -> Register | None:
    match recorded.fact:
        case WalkBegun(place=place):
            return Register(walk=Subject(recorded.stream), place=place)
        case StepTaken(metres=metres) if row is not None:
            if metres == POISON:
                message = f"the walk of {row.place} leads nowhere"
                raise ValueError(message)
            return msgspec.structs.replace(
                row, metres=row.metres + metres, steps=row.steps + 1, last=recorded.occurred_at
            )
    return row


def walkers(row: Walker | None, recorded: Recorded[StepTaken]) -> Walker:
    fact = recorded.fact
    before = row or Walker(walk=Subject(recorded.stream), walker=fact.walker)
    leg = Leg(recorded.occurred_at.date(), fact.metres)
    return msgspec.structs.replace(
        before,
        kilometres=before.kilometres + fact.metres / 1000,
        legs=(*before.legs, leg),
        best=max(before.best or leg, leg, key=lambda each: each.metres),
    )


def strangers(key: Key) -> Companions:
    return Companions(walker=PersonId(key[0]), companion=Subject(key[1]))


def companions(row: Companions | None, recorded: Recorded[StepTaken]) -> Companions | None:
    fact = recorded.fact
    if row is None or fact.metres == FAREWELL:
        return None
    return msgspec.structs.replace(
        row,
        since=row.since or recorded.occurred_at.date(),
        times=row.times + 1,
        far=row.far or fact.metres > 100,
        pace="fast" if fact.metres > 50 else "slow",
        by_walk={**row.by_walk, recorded.stream: row.by_walk.get(recorded.stream, 0) + 1},
    )


REGISTER: Projection[Register] = Projection(
    name="walk.register",
    version=1,
    row=Register,
    key=("walk",),
    facts=(WalkBegun, StepTaken),
    keys=by_walk,
    fold=register,
    indexes=(("place",), ("metres", "walk")),
)
WALKERS: Projection[Walker] = Projection(
    name="walk.walkers",
    version=1,
    row=Walker,
    key=("walk", "walker"),
    facts=(StepTaken,),
    keys=by_walker,
    fold=walkers,
)
COMPANIONS: Projection[Companions] = Projection(
    name="walk.companions",
    version=1,
    row=Companions,
    key=("walker", "companion"),
    facts=(StepTaken,),
    keys=by_pair,
    fold=companions,
    begin=strangers,
)


METRES = Indicator(
    name="walk.metres",
    version=3,
    sentence="Mètres marchés pendant la période.",
    unit="activity",
    kind="sum",
    scale="mètres",
    secrecy="activity",
    dimensions=("place",),
    base="""
        select r.metres as measure, r.place from {walk.register} r
         where r.last >= %(start)s and r.last < %(end)s
    """,
    recount="""
        select (s.content ->> 'metres')::bigint as measure, b.content ->> 'place' as place
          from {facts} s join {facts} b on b.stream = s.stream and b.name = 'walk.begun.v1'
         where s.name = 'walk.step_taken.v2' and s.occurred_at >= %(start)s
           and s.occurred_at < %(end)s
    """,
)
WALKERS_SEEN = Indicator(
    name="walk.walkers_seen",
    version=1,
    sentence="Personnes ayant marché.",
    unit="person",
    kind="distinct",
    scale="personnes",
    secrecy="person",
    base="select w.walker as measure from {walk.walkers} w where %(start)s < %(end)s",
    recount="""
        select s.person as measure from {facts} s
         where s.name = 'walk.step_taken.v2' and %(start)s < %(end)s
    """,
)
PACE = Indicator(
    name="walk.pace",
    version=1,
    sentence="Mètres par pas.",
    unit="activity",
    kind="ratio",
    scale="mètres par pas",
    secrecy="activity",
    base="""
        select r.metres as numerator, r.steps as denominator from {walk.register} r
         where r.last >= %(start)s and r.last < %(end)s
    """,
    recount="""
        select (s.content ->> 'metres')::bigint as numerator, 1 as denominator from {facts} s
         where s.name = 'walk.step_taken.v2' and s.occurred_at >= %(start)s
           and s.occurred_at < %(end)s
    """,
)


def celebrate(recorded: Recorded[StepTaken]) -> Iterable[BeginWalk]:
    """A long step begins a walk of honour, which bears the id of the step."""
    if recorded.fact.metres > 100:
        yield BeginWalk(walk=Subject(recorded.id), place="Gap")


CELEBRATE = Policy(name="walk.celebrate", facts=(StepTaken,), react=celebrate)

WALKS: Module = msgspec.structs.replace(
    MODULE,
    projections=(REGISTER, WALKERS, COMPANIONS),
    indicators=(METRES, WALKERS_SEEN, PACE),
    policies=(CELEBRATE,),
)

AGREED = {projection.name: 0 for projection in WALKS.projections}
"""What a comparison gives when followed rows are what the facts say."""
