"""A walk and its steps: the smallest history with persons, subjects and corrections."""

from typing import Any, ClassVar

import msgspec

from core.domain.command import Command, PersonRef, SubjectId
from core.domain.correction import CORRECTIONS
from core.domain.decider import Aggregate, Context, Decided, Decision
from core.domain.event import Fact, PersonId, Recorded, Subject, Upcaster
from core.domain.refusal import Refused
from core.domain.sealed import Sealed
from core.module import Module, Permission, Setting


class WalkBegun(Fact, frozen=True, kw_only=True):
    stored_name: ClassVar[str] = "walk.begun.v1"

    place: str


class StepTaken(Fact, frozen=True, kw_only=True):
    stored_name: ClassVar[str] = "walk.step_taken.v2"

    walker: PersonId
    metres: int
    together: tuple[Subject, ...] = ()
    remark: Sealed | None = None


class Walk(msgspec.Struct, frozen=True):
    place: str
    metres: int = 0
    walkers: frozenset[str] = frozenset()


def evolve(walk: Walk | None, recorded: Recorded[Any]) -> Walk:
    match recorded.fact:
        case WalkBegun(place=place):
            return Walk(place)
        case StepTaken(walker=walker, metres=metres) if walk is not None:
            return Walk(walk.place, walk.metres + metres, walk.walkers | {walker})
    message = "a walk begins before its steps"
    raise ValueError(message)


class BeginWalk(Command, frozen=True, kw_only=True):
    name: ClassVar[str] = "walk.begin"

    walk: SubjectId
    place: str


class TakeStep(Command, frozen=True, kw_only=True):
    name: ClassVar[str] = "walk.take_step"

    walk: SubjectId
    walker: PersonRef
    metres: int


def begin(command: BeginWalk, _walk: Walk | None, _context: Context) -> Decided:
    return [WalkBegun(place=command.place)]


def take_step(command: TakeStep, walk: Walk, context: Context) -> Decided:
    longest = context.settings["walk.longest"]
    if walk.metres + command.metres > longest:
        return Refused("walk_is_too_long", "metres", {"longest": longest})
    return [StepTaken(walker=command.walker, metres=command.metres)]


WALK = Aggregate(name="walk", facts=(WalkBegun, StepTaken), evolve=evolve)

MODULE = Module(
    name="walk",
    title="Marche",
    version="1",
    facts=(WalkBegun, StepTaken),
    upcasters=(
        Upcaster(
            source="walk.step_taken.v1",
            target="walk.step_taken.v2",
            upcast=lambda body: {"walker": body["walker"], "metres": body["feet"] * 3 // 10},
        ),
    ),
    aggregates=(WALK,),
    decisions=(
        Decision(
            command=BeginWalk,
            aggregate=WALK,
            stream="walk",
            decide=begin,
            permission="walk.begin",
            opens=True,
        ),
        Decision(
            command=TakeStep,
            aggregate=WALK,
            stream="walk",
            decide=take_step,
            permission="walk.take_step",
        ),
    ),
    permissions=(Permission("walk.begin", "Commencer."), Permission("walk.take_step", "Marcher.")),
    settings=(
        Setting(code="walk.longest", sentence="Longueur maximale.", kind=int, default=10_000),
    ),
    refusals={"walk_is_too_long": "La marche dépasserait {longest} mètres."},
)

ALL_FACTS = (*CORRECTIONS, WalkBegun, StepTaken)
