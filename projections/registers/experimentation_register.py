"""
The register of experimentations: one line each, from its cahier des charges to what came of it.

What follows a fact is folded in `experimentation_lines.py`; what is still due, and what does not
keep to the rules, is told from the line itself.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

import msgspec

from core.domain.event import Recorded
from core.projection import Key, Projection
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
from projections.registers.experimentation_lines import (
    Action,
    Criterion,
    Extension,
    Kit,
    Meeting,
    Member,
    Spread,
    attended,
    gone,
    handed_over,
    opened_criteria,
    reviewed,
)


class Due(msgspec.Struct, frozen=True, kw_only=True):
    """An échéance: `interim_review` or `end`, and its day."""

    what: str
    on: date


class ExperimentationRow(msgspec.Struct, frozen=True, kw_only=True):
    """
    One experimentation; texts are tokens, under its own key.

    `next_due_on` is the earliest of `due`. `flags`: `review_late` (a criterion was
    judged after the day that was due), `concluded_late`, `spread_against_conclusion`.
    """

    experimentation: str
    scheme: str
    title: str
    structure: str | None
    territories: tuple[str, ...]
    starts_on: date
    ends_on: date
    review_due_on: date | None
    state: str = "open"
    concluded_on: date | None = None
    outcome: str | None = None
    spreading: str | None = None
    conditions: str | None = None
    next_due_on: date | None = None
    reviewed: int = 0
    unreviewed: tuple[str, ...] = ()
    due: tuple[Due, ...] = ()
    flags: tuple[str, ...] = ()
    criteria: tuple[Criterion, ...]
    extensions: tuple[Extension, ...] = ()
    members: tuple[Member, ...] = ()
    meetings: tuple[Meeting, ...] = ()
    actions: tuple[Action, ...] = ()
    kits: tuple[Kit, ...] = ()
    spread: tuple[Spread, ...] = ()


def _keys(recorded: Recorded[Any]) -> Iterator[Key]:
    yield (recorded.stream,)


def _fold(row: ExperimentationRow | None, recorded: Recorded[Any]) -> ExperimentationRow | None:
    fact = recorded.fact
    if isinstance(fact, ExperimentationOpened):
        opened = ExperimentationRow(
            experimentation=recorded.stream,
            scheme=fact.scheme,
            title=fact.title,
            structure=fact.structure,
            territories=fact.territories,
            starts_on=fact.starts_on,
            ends_on=fact.ends_on,
            review_due_on=fact.review_due_on,
            criteria=opened_criteria(fact),
        )
        return _told(opened)
    return None if row is None else _told(_changed(row, fact))


def _changed(row: ExperimentationRow, fact: Any) -> ExperimentationRow:
    change = msgspec.structs.replace
    match fact:
        case ExperimentationExtended():
            extension = Extension(
                from_on=fact.from_on, to_on=fact.to_on, reason=fact.reason, note=fact.note
            )
            return change(
                row,
                ends_on=fact.to_on,
                review_due_on=fact.review_due_on or row.review_due_on,
                extensions=(*row.extensions, extension),
            )
        case CriterionReviewed():
            return change(row, criteria=reviewed(row.criteria, fact))
        case ProjectMemberJoined():
            member = Member(member=fact.member, kind=fact.kind, role=fact.role, since=fact.since)
            return change(row, members=attended((*row.members, member), row.meetings))
        case ProjectMemberLeft():
            return change(row, members=attended(gone(row.members, fact), row.meetings))
        case ProjectMeetingHeld():
            meeting = Meeting(
                meeting=fact.meeting,
                on=fact.on,
                present=fact.present,
                excused=fact.excused,
                volunteers=fact.volunteers,
                decisions=fact.decisions,
            )
            meetings = (*row.meetings, meeting)
            return change(row, meetings=meetings, members=attended(row.members, meetings))
        case CommunicationMade():
            action = Action(
                action=fact.action,
                kind=fact.kind,
                on=fact.on,
                title=fact.title,
                sha256=fact.sha256,
            )
            return change(row, actions=(*row.actions, action))
        case KitPublished():
            kit = Kit(version=fact.version, audience=fact.audience, on=fact.on)
            return change(row, kits=(*row.kits, kit))
        case KitHandedOver():
            return change(row, kits=handed_over(row.kits, fact))
        case ExperimentationConcluded():
            return change(
                row,
                state="concluded",
                concluded_on=fact.on,
                outcome=fact.outcome,
                spreading=fact.spreading,
                conditions=fact.conditions,
            )
        case ExperimentationSpread():
            spread = Spread(territory=fact.territory, structure=fact.structure, on=fact.on)
            return change(row, spread=(*row.spread, spread))
        case _:
            return row


def _told(row: ExperimentationRow) -> ExperimentationRow:
    """The line with what follows from the rest of it."""
    unreviewed = tuple(one.criterion for one in row.criteria if not one.reviews)
    due = tuple(_due(row, unreviewed))
    return msgspec.structs.replace(
        row,
        reviewed=len(row.criteria) - len(unreviewed),
        unreviewed=unreviewed,
        due=due,
        next_due_on=min((one.on for one in due), default=None),
        flags=tuple(_flags(row)),
    )


def _due(row: ExperimentationRow, unreviewed: tuple[str, ...]) -> Iterator[Due]:
    if row.concluded_on is not None:
        return
    if unreviewed and row.review_due_on is not None:
        yield Due(what="interim_review", on=row.review_due_on)
    yield Due(what="end", on=row.ends_on)


def _flags(row: ExperimentationRow) -> Iterator[str]:
    firsts = [min(one.on for one in c.reviews) for c in row.criteria if c.reviews]
    if row.review_due_on is not None and firsts and max(firsts) > row.review_due_on:
        yield "review_late"
    if row.concluded_on is not None and row.concluded_on > row.ends_on:
        yield "concluded_late"
    if row.spreading == "no" and row.spread:
        yield "spread_against_conclusion"


EXPERIMENTATION_REGISTER: Projection[ExperimentationRow] = Projection(
    name="registers.experimentation_register",
    version=1,
    row=ExperimentationRow,
    key=("experimentation",),
    facts=FACTS,
    keys=_keys,
    fold=_fold,
    indexes=(("starts_on",), ("scheme",)),
    structure="structure",
)
