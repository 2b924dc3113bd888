"""
What an experimentation has come to.

`evolve` raises `ValueError` on a fact that does not fit what came before: this is how a correction
that would leave an incoherent history is found and refused.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

import msgspec

from core.domain.decider import Aggregate
from core.domain.event import Recorded
from core.registers.experimentations.events import (
    FACTS,
    CommunicationMade,
    CriterionReviewed,
    ExperimentationConcluded,
    ExperimentationExtended,
    ExperimentationOpened,
    ExperimentationSpread,
    KitHandedOver,
    KitPublished,
    ProjectMeetingHeld,
    ProjectMemberJoined,
    ProjectMemberLeft,
)


class Stay(msgspec.Struct, frozen=True):
    """From a day to another, both included; still there without the second."""

    since: date
    until: date | None = None

    def holds(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day <= self.until)


class Experimentation(msgspec.Struct, frozen=True, kw_only=True):
    """`reviews` gives the stages at which each criterion was judged, `latest` the last day told."""

    structure: str | None
    starts_on: date
    ends_on: date
    review_due_on: date | None
    latest: date
    reviews: Mapping[str, frozenset[str]]
    members: Mapping[str, tuple[Stay, ...]] = {}
    told: frozenset[str] = frozenset()
    """The meetings and the communication actions, by id."""
    kits: Mapping[str, date] = {}
    handed: frozenset[tuple[str, str]] = frozenset()
    concluded_on: date | None = None
    spread: frozenset[str] = frozenset()

    @property
    def unreviewed(self) -> list[str]:
        """The criteria that nobody has judged, nor said why not."""
        return [code for code, stages in self.reviews.items() if not stages]

    def is_member(self, who: str, day: date | None = None) -> bool:
        """Whether somebody is in the groupe projet, now or on a day."""
        stays = self.members.get(who, ())
        return any(stay.until is None if day is None else stay.holds(day) for stay in stays)


def evolve(state: Experimentation | None, recorded: Recorded[Any]) -> Experimentation:
    """The experimentation after one more fact."""
    fact = recorded.fact
    if isinstance(fact, ExperimentationOpened):
        if len(fact.criteria) != len(fact.sentences) or fact.ends_on < fact.starts_on:
            raise ValueError(fact.stored_name)
        return Experimentation(
            structure=fact.structure,
            starts_on=fact.starts_on,
            ends_on=fact.ends_on,
            review_due_on=fact.review_due_on,
            latest=fact.starts_on,
            reviews={criterion.code: frozenset() for criterion in fact.criteria},
        )
    if state is None:
        raise ValueError(fact.stored_name)
    change = msgspec.structs.replace
    match fact:
        case ExperimentationExtended():
            if fact.from_on != state.ends_on or fact.to_on <= fact.from_on:
                raise ValueError(fact.stored_name)
            due = fact.review_due_on or state.review_due_on
            return change(state, ends_on=fact.to_on, review_due_on=due)
        case ProjectMemberJoined():
            stays = (*state.members.get(fact.member, ()), Stay(fact.since))
            return change(state, members={**state.members, fact.member: stays})
        case ProjectMemberLeft():
            return _left(state, fact)
        case ProjectMeetingHeld():
            if not all(state.is_member(one, fact.on) for one in (*fact.present, *fact.excused)):
                raise ValueError(fact.stored_name)
            return change(state, told=state.told | {fact.meeting}, latest=_later(state, fact.on))
        case CommunicationMade():
            return change(state, told=state.told | {fact.action})
        case CriterionReviewed():
            if fact.criterion not in state.reviews:
                raise ValueError(fact.stored_name)
            stages = state.reviews[fact.criterion] | {fact.stage}
            return change(
                state,
                reviews={**state.reviews, fact.criterion: stages},
                latest=_later(state, fact.on),
            )
        case KitPublished():
            return change(state, kits={**state.kits, fact.version: fact.on})
        case KitHandedOver():
            if state.kits.get(fact.version, date.max) > fact.on:
                raise ValueError(fact.stored_name)
            return change(state, handed=state.handed | {(fact.version, fact.structure)})
        case ExperimentationConcluded():
            if state.unreviewed or fact.on < state.latest:
                raise ValueError(fact.stored_name)
            return change(state, concluded_on=fact.on)
        case ExperimentationSpread():
            if state.concluded_on is None:
                raise ValueError(fact.stored_name)
            return change(state, spread=state.spread | {fact.territory})
        case _:
            return state


def _left(state: Experimentation, fact: ProjectMemberLeft) -> Experimentation:
    *before, last = state.members.get(fact.member, (Stay(date.max),))
    if last.until is not None or fact.on < last.since:
        raise ValueError(fact.stored_name)
    stays = (*before, Stay(last.since, fact.on))
    return msgspec.structs.replace(state, members={**state.members, fact.member: stays})


def _later(state: Experimentation, day: date) -> date:
    return max(state.latest, day)


EXPERIMENTATION = Aggregate[Experimentation](
    name="registers.experimentation",
    facts=FACTS,
    evolve=evolve,
    structures=lambda state: frozenset(() if state.structure is None else (state.structure,)),
)
