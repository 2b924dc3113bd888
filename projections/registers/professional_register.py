"""The register of professionals: one line each, with everything they did before."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import msgspec

from core.domain.days import day_of
from core.domain.event import Recorded
from core.projection import Key, Projection
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


class WorkingTime(msgspec.Struct, frozen=True, kw_only=True):
    """A share of full time, in hundredths, from a day on."""

    since: date
    etp_percent: int


class AssignmentRow(msgspec.Struct, frozen=True, kw_only=True):
    """A function for a structure; it runs while `until` is null, which else is its last day."""

    assignment: str
    structure: str
    function: str
    since: date
    until: date | None = None
    reason: str | None = None
    etp_percent: int | None = None
    working_times: tuple[WorkingTime, ...] = ()


class QualificationRow(msgspec.Struct, frozen=True, kw_only=True):
    qualification: str
    on: date


class TrainingRow(msgspec.Struct, frozen=True, kw_only=True):
    training: str
    on: date
    minutes: int | None
    by: str | None


class ProfessionalRow(msgspec.Struct, frozen=True, kw_only=True):
    """
    One professional.

    `structures`, `functions` and `etp_percent` (hundredths of full time, null when none is known)
    are those of the assignments that run. `flags`: `above_full_time` beyond one full time.
    """

    professional: str
    person: str
    registered_on: date
    ended_on: date | None = None
    leaving_reason: str | None = None
    engaged: bool = True
    account: str | None = None
    structures: tuple[str, ...] = ()
    functions: tuple[str, ...] = ()
    etp_percent: int | None = None
    trained_in: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    assignments: tuple[AssignmentRow, ...] = ()
    qualifications: tuple[QualificationRow, ...] = ()
    trainings: tuple[TrainingRow, ...] = ()


def seen_from(row: ProfessionalRow, structures: frozenset[str]) -> ProfessionalRow:
    """The row as some structures may see it: what someone does for others is not told."""
    theirs = tuple(each for each in row.assignments if each.structure in structures)
    return _summed(msgspec.structs.replace(row, assignments=theirs))


def _keys(recorded: Recorded[Any]) -> Iterator[Key]:
    yield (recorded.stream,)


def _fold(row: ProfessionalRow | None, recorded: Recorded[Any]) -> ProfessionalRow | None:
    if isinstance(recorded.fact, ProfessionalRegistered):
        return ProfessionalRow(
            professional=recorded.stream,
            person=recorded.fact.person,
            registered_on=day_of(recorded.occurred_at),
        )
    return None if row is None else _summed(_changed(row, recorded))


def _changed(row: ProfessionalRow, recorded: Recorded[Any]) -> ProfessionalRow:
    change, day = msgspec.structs.replace, day_of(recorded.occurred_at)
    match recorded.fact:
        case AssignmentStarted() as fact:
            started = AssignmentRow(
                assignment=fact.assignment,
                structure=fact.structure,
                function=fact.function,
                since=day,
            )
            assignments = (*row.assignments, _timed(started, day, fact.etp_percent))
            return change(row, assignments=tuple(sorted(assignments, key=_order)))
        case WorkingTimeChanged() as fact:
            return _assigned(row, _timed(_the(row, fact.assignment), day, fact.etp_percent))
        case AssignmentEnded() as fact:
            ended = change(_the(row, fact.assignment), until=day, reason=fact.reason)
            return _assigned(row, ended)
        case QualificationObtained() as fact:
            obtained = (
                *row.qualifications,
                QualificationRow(qualification=fact.qualification, on=day),
            )
            return change(
                row, qualifications=tuple(sorted(obtained, key=lambda q: (q.on, q.qualification)))
            )
        case TrainingFollowed() as fact:
            followed = TrainingRow(training=fact.training, on=day, minutes=fact.minutes, by=fact.by)
            trainings = sorted((*row.trainings, followed), key=lambda t: (t.on, t.training))
            return change(row, trainings=tuple(trainings))
        case AccountLinked() as fact:
            return change(row, account=fact.account)
        case AccountUnlinked():
            return change(row, account=None)
        case EngagementEnded() as fact:
            return change(row, engaged=False, ended_on=day, leaving_reason=fact.reason)
        case _:
            return row


def _the(row: ProfessionalRow, assignment: str) -> AssignmentRow:
    return next(each for each in row.assignments if each.assignment == assignment)


def _assigned(row: ProfessionalRow, changed: AssignmentRow) -> ProfessionalRow:
    assignments = tuple(
        changed if each.assignment == changed.assignment else each for each in row.assignments
    )
    return msgspec.structs.replace(row, assignments=assignments)


def _timed(assignment: AssignmentRow, day: date, etp_percent: int | None) -> AssignmentRow:
    """With one more working time: the last by date holds, in whatever order they were told."""
    if etp_percent is None:
        return assignment
    told = (*assignment.working_times, WorkingTime(since=day, etp_percent=etp_percent))
    times = tuple(sorted(told, key=lambda time: time.since))
    return msgspec.structs.replace(
        assignment, working_times=times, etp_percent=times[-1].etp_percent
    )


def _summed(row: ProfessionalRow) -> ProfessionalRow:
    running = [each for each in row.assignments if each.until is None]
    times = [each.etp_percent for each in running if each.etp_percent is not None]
    return msgspec.structs.replace(
        row,
        structures=tuple(sorted({each.structure for each in running})),
        functions=tuple(sorted({each.function for each in running})),
        etp_percent=sum(times) if times else None,
        trained_in=tuple(sorted({each.training for each in row.trainings})),
        flags=("above_full_time",) if sum(times) > 100 else (),
    )


def _order(assignment: AssignmentRow) -> tuple[date, str]:
    return assignment.since, assignment.assignment


PROFESSIONAL_REGISTER: Projection[ProfessionalRow] = Projection(
    name="registers.professional_register",
    version=1,
    row=ProfessionalRow,
    key=("professional",),
    facts=FACTS,
    keys=_keys,
    fold=_fold,
    indexes=(("registered_on",), ("person",), ("account",)),
    structure="structures",
)
