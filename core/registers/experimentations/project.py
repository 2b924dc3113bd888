"""
The groupe projet of an experimentation: who sits in it, when it met, who came, what it decided.

Members are professionals and structures of the registers; volunteers who come are counted.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from core.domain.decider import Aggregate, Context, Decided, Reads
from core.domain.event import Subject
from core.domain.refusal import Refused
from core.registers.experimentations.commands import (
    HoldProjectMeeting,
    JoinProject,
    LeaveProject,
)
from core.registers.experimentations.decisions import CONCLUDED
from core.registers.experimentations.events import (
    ProjectMeetingHeld,
    ProjectMemberJoined,
    ProjectMemberLeft,
)
from core.registers.experimentations.state import Experimentation
from core.registers.experimentations.vocabulary import MemberKind
from core.registers.people.decisions import in_the_future, on_its_day
from core.registers.professionals.state import PROFESSIONAL
from core.registers.structures.state import STRUCTURE

_REGISTERS: Mapping[MemberKind, Aggregate[Any]] = {
    "professional": PROFESSIONAL,
    "structure": STRUCTURE,
}


def reads_who_joins(command: JoinProject, _state: Experimentation) -> Iterable[Reads]:
    """Whoever joins is of the register they are said to be of."""
    yield Reads(_REGISTERS[command.kind], (command.member,))


def join_project(command: JoinProject, state: Experimentation, context: Context) -> Decided:
    """The group may gather before the first day; whoever left may come back."""
    if state.concluded_on is not None:
        return CONCLUDED
    if state.is_member(command.member) or state.is_member(command.member, command.since):
        return Refused("already_project_member", "member")
    if command.member not in context.read(_REGISTERS[command.kind]):
        return Refused("project_member_is_not_registered", "member")
    if refused := in_the_future(command.since, context, "since"):
        return refused
    fact = ProjectMemberJoined(
        member=Subject(command.member),
        kind=command.kind,
        role=command.role,
        since=command.since,
    )
    return [on_its_day(fact, command.since, context)]


def leave_project(command: LeaveProject, state: Experimentation, context: Context) -> Decided:
    """On a last day that has come."""
    if state.concluded_on is not None:
        return CONCLUDED
    if not state.is_member(command.member):
        return Refused("not_project_member", "member")
    if refused := in_the_future(command.on, context):
        return refused
    if command.on < state.members[command.member][-1].since:
        return Refused("period_is_upside_down", "on")
    fact = ProjectMemberLeft(member=Subject(command.member), on=command.on, reason=command.reason)
    return [on_its_day(fact, command.on, context)]


def hold_project_meeting(
    command: HoldProjectMeeting, state: Experimentation, context: Context
) -> Decided:
    """Only who was a member that day is present or excused; anybody else is a volunteer."""
    if state.concluded_on is not None:
        return CONCLUDED
    if command.meeting in state.told:
        return Refused("already_exists", "meeting")
    if refused := in_the_future(command.on, context):
        return refused
    present, excused = sorted(set(command.present)), sorted(set(command.excused))
    if not present and not command.volunteers:
        return Refused("nobody_met", "present")
    if set(present) & set(excused):
        return Refused("both_present_and_excused", "excused")
    for field, told in (("present", present), ("excused", excused)):
        if not all(state.is_member(one, command.on) for one in told):
            return Refused("not_project_member", field)
    fact = ProjectMeetingHeld(
        meeting=Subject(command.meeting),
        on=command.on,
        present=tuple(Subject(one) for one in present),
        excused=tuple(Subject(one) for one in excused),
        volunteers=command.volunteers,
        decisions=command.decisions,
    )
    return [on_its_day(fact, command.on, context)]
