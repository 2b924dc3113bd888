"""The rules of the register of professionals."""

from collections.abc import Iterator
from datetime import datetime

from core.domain.command import Command
from core.domain.days import day_of
from core.domain.decider import Context, Decided, Reads
from core.domain.event import Subject
from core.domain.refusal import Refused
from core.registers.professionals.commands import (
    ChangeWorkingTime,
    EndAssignment,
    EndEngagement,
    LinkAccount,
    RecordQualification,
    RecordTraining,
    RegisterProfessional,
    StartAssignment,
    UnlinkAccount,
)
from core.registers.professionals.events import (
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
from core.registers.professionals.state import Assignment, Professional
from core.registers.structures.state import STRUCTURE


def reads_the_structure(
    command: RegisterProfessional | StartAssignment, _state: Professional | None
) -> Iterator[Reads]:
    """The structure of an assignment, which must be one that is registered and open."""
    if command.structure is not None:
        yield Reads(STRUCTURE, (command.structure,))


def reads_who_gave_it(command: RecordTraining, _state: Professional) -> Iterator[Reads]:
    """The structure that gave a training."""
    if command.by is not None:
        yield Reads(STRUCTURE, (command.by,))


def of_the_structure(
    command: RegisterProfessional | StartAssignment, _state: Professional | None
) -> frozenset[str]:
    """A structure says who works for itself, not for another one."""
    return frozenset() if command.structure is None else frozenset({command.structure})


def of_the_assignment(
    command: ChangeWorkingTime | EndAssignment, state: Professional | None
) -> frozenset[str]:
    """An assignment is its structure's business, not that of the professional's others."""
    if state is None or command.assignment not in state.assignments:
        return frozenset()
    return frozenset({state.assignments[command.assignment].structure})


def of_every_assignment(_command: EndEngagement, state: Professional | None) -> frozenset[str]:
    """Ending an engagement ends what the professional does for each structure."""
    if state is None:
        return frozenset()
    return frozenset(each.structure for each in state.running.values())


def register_professional(
    command: RegisterProfessional, _state: Professional | None, context: Context
) -> Decided:
    """Register, with a first assignment when a structure and a function are told."""
    if (command.structure is None) != (command.function is None):
        missing = "structure" if command.structure is None else "function"
        return Refused("assignment_is_incomplete", missing)
    if command.etp_percent is not None and command.structure is None:
        return Refused("assignment_is_incomplete", "structure")
    registered = ProfessionalRegistered(person=command.person)
    if command.structure is None or command.function is None:
        return [registered]
    if refused := _unfit(command.structure, _at(command, context), context):
        return refused
    first = AssignmentStarted(
        person=command.person,
        assignment=Subject(context.new_id()),
        structure=command.structure,
        function=command.function,
        etp_percent=command.etp_percent,
    )
    return [registered, first]


def start_assignment(command: StartAssignment, state: Professional, context: Context) -> Decided:
    """Someone may work for several structures, and exercise several functions for one."""
    if state.ended_at is not None:
        return Refused("engagement_is_ended")
    if refused := _unfit(command.structure, _at(command, context), context):
        return refused
    for running in state.running.values():
        if (running.structure, running.function) == (command.structure, command.function):
            return Refused("assignment_already_runs", "function")
    return [
        AssignmentStarted(
            person=state.person,
            assignment=Subject(context.new_id()),
            structure=command.structure,
            function=command.function,
            etp_percent=command.etp_percent,
        )
    ]


def change_working_time(
    command: ChangeWorkingTime, state: Professional, context: Context
) -> Decided:
    """From a day on; what it was before stays in the history."""
    running = _running(state, command.assignment, _at(command, context))
    if isinstance(running, Refused):
        return running
    if running.etp_percent == command.etp_percent:
        return []
    return [
        WorkingTimeChanged(
            person=state.person, assignment=command.assignment, etp_percent=command.etp_percent
        )
    ]


def end_assignment(command: EndAssignment, state: Professional, context: Context) -> Decided:
    """An assignment ends once, and not before it starts."""
    running = _running(state, command.assignment, _at(command, context))
    if isinstance(running, Refused):
        return running
    return [
        AssignmentEnded(person=state.person, assignment=command.assignment, reason=command.reason)
    ]


def record_qualification(
    command: RecordQualification, state: Professional, context: Context
) -> Decided:
    """A qualification is obtained once; it may be told long after."""
    if _is_over(state, _at(command, context)):
        return Refused("engagement_is_ended")
    if command.qualification in state.qualifications:
        return Refused("qualification_already_recorded", "qualification")
    return [QualificationObtained(person=state.person, qualification=command.qualification)]


def record_training(command: RecordTraining, state: Professional, context: Context) -> Decided:
    """The same training may be followed again, on another day."""
    at = _at(command, context)
    if _is_over(state, at):
        return Refused("engagement_is_ended")
    if command.by is not None and command.by not in context.read(STRUCTURE):
        return Refused("structure_not_found", "by")
    if any(code == command.training and day_of(on) == day_of(at) for code, on in state.trainings):
        return Refused("training_already_recorded", "training")
    return [
        TrainingFollowed(
            person=state.person,
            training=command.training,
            minutes=command.minutes,
            by=None if command.by is None else Subject(command.by),
        )
    ]


def link_account(command: LinkAccount, state: Professional, _context: Context) -> Decided:
    """One account at a time stands for a professional."""
    if state.ended_at is not None:
        return Refused("engagement_is_ended")
    if state.account == command.account:
        return []
    if state.account is not None:
        return Refused("account_already_linked", "account")
    return [AccountLinked(person=state.person, account=command.account)]


def unlink_account(_command: UnlinkAccount, state: Professional, _context: Context) -> Decided:
    """Also after the engagement has ended."""
    if state.account is None:
        return Refused("no_account_linked")
    return [AccountUnlinked(person=state.person, account=Subject(state.account))]


def end_engagement(command: EndEngagement, state: Professional, context: Context) -> Decided:
    """Nobody keeps a function in a structure they no longer work for."""
    if state.ended_at is not None:
        return Refused("engagement_is_ended")
    at = _at(command, context)
    if any(each.started_at > at for each in state.running.values()):
        return Refused("assignment_ends_before_it_starts", "occurred_at")
    ended = [
        AssignmentEnded(person=state.person, assignment=Subject(id_), reason=command.reason)
        for id_ in state.running
    ]
    return [*ended, EngagementEnded(person=state.person, reason=command.reason)]


def _at(command: Command, context: Context) -> datetime:
    return command.occurred_at or context.now


def _unfit(structure: str, at: datetime, context: Context) -> Refused | None:
    found = context.read(STRUCTURE).get(structure)
    if found is None:
        return Refused("structure_not_found", "structure")
    if found.closed_before(day_of(at)):
        return Refused("structure_is_closed", "structure")
    return None


def _running(state: Professional, assignment: str, at: datetime) -> Assignment | Refused:
    found = state.assignments.get(assignment)
    if found is None:
        return Refused("assignment_not_found", "assignment")
    if found.ended_at is not None:
        return Refused("assignment_is_ended", "assignment")
    if at < found.started_at:
        return Refused("assignment_ends_before_it_starts", "occurred_at")
    return found


def _is_over(state: Professional, at: datetime) -> bool:
    """Whether the engagement was over by then: what comes to light later is still recorded."""
    return state.ended_at is not None and day_of(at) > day_of(state.ended_at)
