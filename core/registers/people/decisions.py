"""
The rules of a person's file: representatives, notices, oppositions.

What is told under an id that was merged into another is refused and names the one to use; what is
read of a person joins both.
"""

from datetime import date

from core.domain.days import day_of, noon_of
from core.domain.decider import At, Context, Decided
from core.domain.event import Fact, PersonId, Subject
from core.domain.refusal import Refused
from core.registers.people.commands import (
    AppointRepresentative,
    EndRepresentation,
    GiveNotice,
    RaiseOpposition,
    WithdrawOpposition,
)
from core.registers.people.events import (
    NoticeGiven,
    OppositionRaised,
    OppositionWithdrawn,
    RepresentationEnded,
    RepresentativeAppointed,
)
from core.registers.people.state import Person


def appoint_representative(
    command: AppointRepresentative, person: Person, context: Context
) -> Decided:
    """Several may act together, as two parents do; one of a kind acts once at a time."""
    if refused := merged_elsewhere(person):
        return refused
    if str(command.representative) == command.person:
        return Refused("representative_of_oneself", "representative")
    if command.until is not None and command.until < command.since:
        return Refused("period_is_upside_down", "until")
    if command.representation in person.representations:
        return Refused("already_exists", "representation")
    for known in person.representations.values():
        same = (known.kind, known.representative) == (command.kind, command.representative)
        if same and _meet(known.since, known.until, command.since, command.until):
            return Refused("representative_already_appointed", "representative")
    fact = RepresentativeAppointed(
        person=PersonId(command.person),
        representation=Subject(command.representation),
        kind=command.kind,
        representative=Subject(command.representative),
        representing=command.representing,
        since=command.since,
        until=command.until,
    )
    return [on_its_day(fact, command.since, context)]


def end_representation(command: EndRepresentation, person: Person, context: Context) -> Decided:
    """Ends it on a day that has come; one that had a term may end before it."""
    if refused := merged_elsewhere(person):
        return refused
    known = person.representations.get(command.representation)
    if known is None:
        return Refused("representation_is_unknown", "representation")
    if known.ended:
        return Refused("representation_already_ended", "representation")
    if command.on < known.since:
        return Refused("period_is_upside_down", "on")
    if refused := in_the_future(command.on, context):
        return refused
    fact = RepresentationEnded(
        person=PersonId(command.person),
        representation=Subject(command.representation),
        on=command.on,
        reason=command.reason,
    )
    return [on_its_day(fact, command.on, context)]


def give_notice(command: GiveNotice, person: Person, context: Context) -> Decided:
    """The same text may be given again, on another day."""
    if refused := merged_elsewhere(person) or in_the_future(command.on, context):
        return refused
    if (command.version, command.on) in person.notices:
        return Refused("notice_already_given", "version")
    fact = NoticeGiven(
        person=PersonId(command.person),
        version=command.version,
        on=command.on,
        means=command.means,
    )
    return [on_its_day(fact, command.on, context)]


def raise_opposition(command: RaiseOpposition, person: Person, context: Context) -> Decided:
    """Recorded as soon as it is told (RGPD, article 21); whether it is granted is another act."""
    if refused := merged_elsewhere(person) or in_the_future(command.on, context):
        return refused
    if command.scope in person.oppositions:
        return Refused("opposition_already_raised", "scope")
    fact = OppositionRaised(
        person=PersonId(command.person),
        scope=command.scope,
        on=command.on,
        grounds=command.grounds,
    )
    return [on_its_day(fact, command.on, context)]


def withdraw_opposition(command: WithdrawOpposition, person: Person, context: Context) -> Decided:
    if refused := merged_elsewhere(person) or in_the_future(command.on, context):
        return refused
    since = person.oppositions.get(command.scope)
    if since is None:
        return Refused("opposition_does_not_stand", "scope")
    if command.on < since:
        return Refused("period_is_upside_down", "on")
    fact = OppositionWithdrawn(person=PersonId(command.person), scope=command.scope, on=command.on)
    return [on_its_day(fact, command.on, context)]


def merged_elsewhere(person: Person, field: str = "person") -> Refused | None:
    """Why nothing more is told under an id that was merged; names the one to use."""
    if person.kept is None:
        return None
    return Refused("person_is_merged", field, {"kept": person.kept})


def in_the_future(day: date, context: Context, field: str = "on") -> Refused | None:
    """Why what has not happened yet is not told as having happened."""
    return Refused("occurred_in_the_future", field) if day > day_of(context.now) else None


def on_its_day(fact: Fact, day: date, context: Context) -> At:
    """The fact, in its place in time."""
    return At(fact=fact, occurred_at=noon_of(day, context.now))


def _meet(since: date, until: date | None, from_: date, to: date | None) -> bool:
    """Whether two periods share a day; without an end they last."""
    return (until is None or from_ <= until) and (to is None or since <= to)
