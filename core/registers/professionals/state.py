"""
What a professional has come to.

`evolve` raises `ValueError` on a fact that does not fit what came before: this is how a correction
or an annulment that would leave an incoherent history is found and refused.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from core.domain.decider import Aggregate
from core.domain.event import PersonId, Recorded
from core.registers.professionals.events import (
    FACTS,
    AccountLinked,
    AccountUnlinked,
    AssignmentEnded,
    AssignmentStarted,
    EngagementEnded,
    ProfessionalRegistered,
    QualificationObtained,
    TrainingFollowed,
    WorkingTimeChanged,
)


class Assignment(msgspec.Struct, frozen=True, kw_only=True):
    """`etp_percent` is the last one told."""

    structure: str
    function: str
    etp_percent: int | None
    started_at: datetime
    ended_at: datetime | None = None


class Professional(msgspec.Struct, frozen=True, kw_only=True):
    """`trainings` and `qualifications` are known by code and by instant."""

    id: str
    person: PersonId
    registered_at: datetime
    assignments: Mapping[str, Assignment] = {}
    qualifications: frozenset[str] = frozenset()
    trainings: frozenset[tuple[str, datetime]] = frozenset()
    account: str | None = None
    ended_at: datetime | None = None

    @property
    def running(self) -> Mapping[str, Assignment]:
        """The assignments that have not ended, by id."""
        return {key: each for key, each in self.assignments.items() if each.ended_at is None}


def evolve(professional: Professional | None, recorded: Recorded[Any]) -> Professional:
    """The professional after one more fact."""
    fact, at = recorded.fact, recorded.occurred_at
    if isinstance(fact, ProfessionalRegistered):
        return Professional(id=recorded.stream, person=fact.person, registered_at=at)
    if professional is None or fact.person != professional.person:
        message = f"{fact.stored_name} of no registered professional, or of another one"
        raise ValueError(message)
    change = msgspec.structs.replace
    match fact:
        case AssignmentStarted():
            return change(professional, assignments=_started(professional, fact, at))
        case WorkingTimeChanged():
            running = _running(professional, fact.assignment, at)
            changed = change(running, etp_percent=fact.etp_percent)
            return _assigned(professional, fact.assignment, changed)
        case AssignmentEnded():
            ended = change(_running(professional, fact.assignment, at), ended_at=at)
            return _assigned(professional, fact.assignment, ended)
        case QualificationObtained():
            known = professional.qualifications | {fact.qualification}
            return change(professional, qualifications=known)
        case TrainingFollowed():
            return change(professional, trainings=professional.trainings | {(fact.training, at)})
        case AccountLinked() if professional.account is None:
            return change(professional, account=fact.account)
        case AccountUnlinked() if professional.account == fact.account:
            return change(professional, account=None)
        case EngagementEnded() if not professional.running:
            return change(professional, ended_at=at)
        case _:
            message = f"{fact.stored_name} does not fit the professional"
            raise ValueError(message)


def _started(
    professional: Professional, fact: AssignmentStarted, at: datetime
) -> Mapping[str, Assignment]:
    if professional.ended_at is not None or fact.assignment in professional.assignments:
        message = "the engagement is over, or the assignment is already known"
        raise ValueError(message)
    started = Assignment(
        structure=fact.structure,
        function=fact.function,
        etp_percent=fact.etp_percent,
        started_at=at,
    )
    return {**professional.assignments, fact.assignment: started}


def _running(professional: Professional, assignment: str, at: datetime) -> Assignment:
    running = professional.running[assignment]
    if at < running.started_at:
        message = "the assignment had not started"
        raise ValueError(message)
    return running


def _assigned(professional: Professional, id_: str, assignment: Assignment) -> Professional:
    assignments = {**professional.assignments, id_: assignment}
    return msgspec.structs.replace(professional, assignments=assignments)


def _themselves(professional: Professional) -> frozenset[str]:
    account = professional.account
    return frozenset({professional.id} if account is None else {professional.id, account})


def _structures(professional: Professional) -> frozenset[str]:
    """Those they work for now: where someone worked once is no longer theirs to read."""
    return frozenset(each.structure for each in professional.running.values())


PROFESSIONAL: Aggregate[Professional] = Aggregate(
    name="registers.professional",
    facts=FACTS,
    evolve=evolve,
    related=_themselves,
    structures=_structures,
)
