"""
What a cycle has come to, from the facts of its own stream; its sessions have theirs.

`evolve` raises `ValueError` on a fact that does not fit what came before: this is how a correction
or an annulment that would leave an incoherent history is found and refused.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from core.domain.decider import Aggregate
from core.domain.event import Recorded
from core.session.vocabulary import Modality
from plugins.ravie.cycle.events import (
    FACTS,
    AnimateurDesignated,
    AnimateurEnded,
    CycleClosed,
    CycleInterrupted,
    CycleOpened,
    ParticipantEnrolled,
    ParticipantQueued,
    ParticipantWithdrawn,
    ProductionRecorded,
    QuestionsGathered,
    SessionsPlanned,
)
from plugins.ravie.effects.events import FACTS as EFFECTS_FACTS
from plugins.ravie.effects.events import EffectsMeasured
from plugins.ravie.vocabulary import CycleKind, CycleStatus, Role


class Cycle(msgspec.Struct, frozen=True, kw_only=True):
    """`enrolled`, `waiting` (in order) and `withdrawn` give each person's role."""

    theme: str
    kind: CycleKind
    session_count: int
    session_minutes: int
    weeks_apart: int
    capacity_max: int
    min_minutes: int
    modality: Modality
    place: str | None
    animateur: str | None
    structure: str | None
    actors: frozenset[str]
    """Who opened it and who animates it; whoever was replaced is no longer among them."""
    status: CycleStatus = "open"
    sessions: tuple[str, ...] = ()
    enrolled: Mapping[str, Role] = {}
    waiting: Mapping[str, Role] = {}
    withdrawn: Mapping[str, Role] = {}
    productions: int = 0
    measured: tuple[EffectsMeasured, ...] = ()
    """The evaluations of its participants, those that were annulled since included."""

    @property
    def has_a_place(self) -> bool:
        return len(self.enrolled) < self.capacity_max

    def role_of(self, person: str) -> Role | None:
        """The role of whoever was ever enrolled or waiting."""
        for people in (self.enrolled, self.waiting, self.withdrawn):
            if person in people:
                return people[person]
        return None


def evolve(cycle: Cycle | None, recorded: Recorded[Any]) -> Cycle:
    """The cycle after one more fact."""
    fact = recorded.fact
    if isinstance(fact, CycleOpened):
        return _opened(fact, recorded.actor)
    if cycle is None:
        message = f"{fact.stored_name} without an opened cycle"
        raise ValueError(message)
    match fact:
        case AnimateurDesignated() if cycle.animateur is None:
            return _animated(cycle, fact.animateur)
        case AnimateurEnded() if fact.animateur == cycle.animateur:
            return _animated(cycle, None)
        case ParticipantEnrolled() | ParticipantQueued():
            return _joined(cycle, fact)
        case ParticipantWithdrawn():
            return _withdrawn(cycle, fact)
        case SessionsPlanned():
            return msgspec.structs.replace(cycle, sessions=(*cycle.sessions, *fact.sessions))
        case QuestionsGathered() if fact.session in cycle.sessions:
            return cycle
        case ProductionRecorded():
            return msgspec.structs.replace(cycle, productions=cycle.productions + 1)
        case EffectsMeasured() if cycle.role_of(fact.person) is not None:
            return msgspec.structs.replace(cycle, measured=(*cycle.measured, fact))
        case CycleClosed() if cycle.productions:
            return msgspec.structs.replace(cycle, status="closed")
        case CycleInterrupted():
            return msgspec.structs.replace(cycle, status="interrupted")
        case _:
            message = f"{fact.stored_name} does not fit the cycle"
            raise ValueError(message)


def _opened(fact: CycleOpened, actor: str) -> Cycle:
    if fact.capacity_min > fact.capacity_max:
        message = "the smallest group is larger than the largest"
        raise ValueError(message)
    return Cycle(
        theme=fact.theme,
        kind=fact.kind,
        session_count=fact.sessions,
        session_minutes=fact.session_minutes,
        weeks_apart=fact.weeks_apart,
        capacity_max=fact.capacity_max,
        min_minutes=fact.min_minutes,
        modality=fact.modality,
        place=fact.place,
        animateur=fact.animateur,
        structure=fact.structure,
        actors=frozenset({actor} if fact.animateur is None else {actor, fact.animateur}),
    )


def _animated(cycle: Cycle, animateur: str | None) -> Cycle:
    others = cycle.actors - {cycle.animateur}
    actors = others if animateur is None else others | {animateur}
    return msgspec.structs.replace(cycle, animateur=animateur, actors=actors)


def _joined(cycle: Cycle, fact: ParticipantEnrolled | ParticipantQueued) -> Cycle:
    moves_up = isinstance(fact, ParticipantEnrolled) and fact.from_waiting_list
    if fact.person in cycle.enrolled or moves_up != (fact.person in cycle.waiting):
        message = "the person already has a place, or does not wait for one"
        raise ValueError(message)
    if fact.role == "partenaire" and cycle.kind != "project":
        message = "a partner takes part in project cycles only"
        raise ValueError(message)
    if fact.min_minutes != cycle.min_minutes:
        # A participation was told this threshold: it cannot change under it.
        message = f"the cycle asks for {cycle.min_minutes} minutes, not {fact.min_minutes}"
        raise ValueError(message)
    left = {
        "waiting": _without(cycle.waiting, fact.person),
        "withdrawn": _without(cycle.withdrawn, fact.person),
    }
    if isinstance(fact, ParticipantEnrolled):
        enrolled = {**cycle.enrolled, fact.person: fact.role}
        return msgspec.structs.replace(cycle, **left, enrolled=enrolled)
    left["waiting"] = {**left["waiting"], fact.person: fact.role}
    return msgspec.structs.replace(cycle, **left)


def _withdrawn(cycle: Cycle, fact: ParticipantWithdrawn) -> Cycle:
    role = cycle.enrolled.get(fact.person) or cycle.waiting[fact.person]
    return msgspec.structs.replace(
        cycle,
        enrolled=_without(cycle.enrolled, fact.person),
        waiting=_without(cycle.waiting, fact.person),
        withdrawn={**cycle.withdrawn, fact.person: role},
    )


def _without(people: Mapping[str, Role], person: str) -> dict[str, Role]:
    return {other: role for other, role in people.items() if other != person}


def _actors(cycle: Cycle) -> frozenset[str]:
    return cycle.actors


def _structures(cycle: Cycle) -> frozenset[str]:
    return frozenset() if cycle.structure is None else frozenset({cycle.structure})


CYCLE: Aggregate[Cycle] = Aggregate(
    name="ravie.cycle",
    facts=(*FACTS, *EFFECTS_FACTS),
    evolve=evolve,
    related=_actors,
    structures=_structures,
    # Its sessions were planned with them, or given to another with them.
    kept=(SessionsPlanned, EffectsMeasured, AnimateurDesignated, AnimateurEnded),
)
