"""The rules of a household."""

from collections.abc import Iterable
from datetime import date

from core.domain.decider import At, Context, Decided, Reads
from core.domain.event import PersonId
from core.domain.refusal import Refused
from core.registers.households.commands import (
    DissolveHousehold,
    FormHousehold,
    JoinHousehold,
    LeaveHousehold,
)
from core.registers.households.events import (
    HouseholdDissolved,
    HouseholdFormed,
    HouseholdMemberJoined,
    HouseholdMemberLeft,
)
from core.registers.households.state import Household
from core.registers.people.decisions import in_the_future, merged_elsewhere, on_its_day
from core.registers.people.state import PERSON

DISSOLVED = Refused("household_is_dissolved", "household")


def reads_who_comes(
    command: FormHousehold | JoinHousehold, _household: Household | None
) -> Iterable[Reads]:
    """Whoever joins is known, under the id they go on with."""
    persons = (
        [member.person for member in command.members]
        if isinstance(command, FormHousehold)
        else [command.person]
    )
    return (Reads(PERSON, tuple(persons)),)


def form_household(command: FormHousehold, _state: None, context: Context) -> Decided:
    """All its first members at once, each of them known, each once."""
    persons = [member.person for member in command.members]
    if len(set(persons)) < len(persons):
        return Refused("already_in_household", "members")
    refused = in_the_future(command.since, context, "since")
    for person in persons:
        refused = refused or _cannot_come(person, context, "members")
    if refused:
        return refused
    joined = [
        HouseholdMemberJoined(
            person=PersonId(member.person), place=member.place, since=command.since
        )
        for member in command.members
    ]
    formed = HouseholdFormed(on=command.since)
    return [on_its_day(fact, command.since, context) for fact in (formed, *joined)]


def join_household(command: JoinHousehold, household: Household, context: Context) -> Decided:
    """Whoever left may come back, on a later day."""
    if household.dissolved_on is not None:
        return DISSOLVED
    if command.person in household.members:
        return Refused("already_in_household", "person")
    refused = in_the_future(command.since, context, "since") or _cannot_come(
        command.person, context, "person"
    )
    if refused:
        return refused
    earliest = max(household.formed_on, household.left.get(command.person, date.min))
    if command.since < earliest:
        return Refused("period_is_upside_down", "since")
    fact = HouseholdMemberJoined(
        person=PersonId(command.person), place=command.place, since=command.since
    )
    return [on_its_day(fact, command.since, context)]


def leave_household(command: LeaveHousehold, household: Household, context: Context) -> Decided:
    """Not before having come; an id that was merged since may still leave."""
    if household.dissolved_on is not None:
        return DISSOLVED
    since = household.members.get(command.person)
    if since is None:
        return Refused("not_in_household", "person")
    if refused := in_the_future(command.on, context):
        return refused
    if command.on < since:
        return Refused("period_is_upside_down", "on")
    fact = HouseholdMemberLeft(
        person=PersonId(command.person), on=command.on, reason=command.reason
    )
    return [on_its_day(fact, command.on, context)]


def dissolve_household(
    command: DissolveHousehold, household: Household, context: Context
) -> Decided:
    """After whatever is told of it."""
    if household.dissolved_on is not None:
        return DISSOLVED
    if refused := in_the_future(command.on, context):
        return refused
    if command.on < household.latest:
        return Refused("period_is_upside_down", "on")
    fact = HouseholdDissolved(on=command.on, reason=command.reason)
    placed: At = on_its_day(fact, command.on, context)
    return [placed]


def _cannot_come(person: str, context: Context, field: str) -> Refused | None:
    known = context.read(PERSON).get(person)
    if known is None:
        return Refused("member_is_unknown", field)
    return merged_elsewhere(known, field)
