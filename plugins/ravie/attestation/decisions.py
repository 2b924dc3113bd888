"""The rules of attestations. Where each comes from is in the README."""

from collections.abc import Iterable, Mapping
from datetime import date

import msgspec

from core.domain.days import day_of
from core.domain.decider import At, Context, Decided, Reads
from core.domain.event import PersonId, Subject
from core.domain.refusal import Refused
from core.session.state import SESSION, Session
from plugins.ravie.attestation.commands import IssueAttestations, WithdrawAttestation
from plugins.ravie.attestation.events import AttestationIssued, AttestationWithdrawn, NumbersTaken
from plugins.ravie.attestation.state import (
    ATTESTATIONS,
    NUMBERS,
    NUMBERS_STREAM,
    Attestations,
    Numbers,
    attestations_of,
)
from plugins.ravie.cycle.state import Cycle


class Signed(msgspec.Struct, frozen=True):
    """What one person really signed in a cycle, and the days on which they did."""

    minutes: int
    days: tuple[date, ...]


def reads_hours_and_numbers(command: IssueAttestations, cycle: Cycle) -> tuple[Reads, ...]:
    """What is attested rests on every sheet, on what was attested before, and on the numbers."""
    return (
        Reads(SESSION, cycle.sessions),
        Reads(ATTESTATIONS, (attestations_of(command.cycle),)),
        Reads(NUMBERS, (NUMBERS_STREAM,)),
    )


def reads_its_attestations(command: WithdrawAttestation, _cycle: Cycle) -> tuple[Reads, ...]:
    """What can be withdrawn is what was issued for the cycle."""
    return (Reads(ATTESTATIONS, (attestations_of(command.cycle),)),)


def issue_attestations(command: IssueAttestations, cycle: Cycle, context: Context) -> Decided:
    """
    States the minutes signed on the sheets as they stand, for one person or all of them.

    A cycle that was interrupted attests what was signed too: those hours were really done, and the
    paper says that the cycle stopped. Who holds an attestation that still says the same gets no
    second one; whose hours have changed since gets one that replaces it.
    """
    if cycle.status == "open":
        # More could still be signed: the paper would be wrong the week after.
        return Refused("cycle_is_not_over", "cycle")
    if cycle.kind == "project":
        return Refused("project_cycle_attests_nothing", "cycle")
    signed = signed_in(context.read(SESSION).values())
    if not signed:
        return Refused("nobody_signed", "cycle")
    before = context.read(ATTESTATIONS).get(attestations_of(command.cycle))
    if command.person is not None:
        if command.person not in signed:
            return Refused("person_signed_nothing", "person")
        if number := _attested_as_it_stands(before, command.person, signed[command.person]):
            return Refused("attestation_already_issued", "person", {"number": number})
        signed = {command.person: signed[command.person]}
    wanted = {
        person: hours
        for person, hours in signed.items()
        if not _attested_as_it_stands(before, person, hours)
    }
    return _issued(command.cycle, cycle, wanted, before, context) if wanted else []


def withdraw_attestation(command: WithdrawAttestation, _cycle: Cycle, context: Context) -> Decided:
    """Ends what an attestation is worth; the hours stay as they were signed."""
    stream = attestations_of(command.cycle)
    known = context.read(ATTESTATIONS).get(stream)
    paper = None if known is None else known.papers.get(command.attestation)
    if paper is None:
        return Refused("not_found", "attestation")
    if paper.status == "withdrawn":
        return Refused("attestation_is_withdrawn", "attestation")
    if paper.status == "replaced":
        return Refused("attestation_is_replaced", "attestation")
    withdrawn = AttestationWithdrawn(
        attestation=Subject(command.attestation),
        cycle=Subject(command.cycle),
        person=PersonId(paper.person),
        reason=command.reason,
    )
    return [At(fact=withdrawn, stream=stream)]


def signed_in(sessions: Iterable[Session]) -> dict[str, Signed]:
    """By person, what the sheets of these sessions say; who signed nothing is left out."""
    lines = [
        (person, line.minutes, day_of(session.started_at))
        for session in sessions
        if session.started_at is not None
        for person, line in session.attendance.items()
        if line.minutes > 0
    ]
    return {
        person: Signed(
            minutes=sum(minutes for one, minutes, _ in lines if one == person),
            days=tuple(sorted({day for one, _, day in lines if one == person})),
        )
        for person in dict.fromkeys(person for person, _, _ in lines)
    }


def _attested_as_it_stands(before: Attestations | None, person: str, hours: Signed) -> str | None:
    """The number of the person's valid attestation when it says what is signed now."""
    valid = None if before is None else before.valid_for(person)
    if valid is None or (valid[1].minutes, valid[1].days) != (hours.minutes, hours.days):
        return None
    return valid[1].number


def _issued(
    cycle_id: str,
    cycle: Cycle,
    wanted: Mapping[str, Signed],
    before: Attestations | None,
    context: Context,
) -> Decided:
    year = day_of(context.now).year
    given = context.read(NUMBERS).get(NUMBERS_STREAM, Numbers()).last.get(year, 0)
    issued = []
    for number, (person, hours) in enumerate(wanted.items(), given + 1):
        valid = None if before is None else before.valid_for(person)
        fact = AttestationIssued(
            attestation=Subject(context.new_id()),
            cycle=Subject(cycle_id),
            person=PersonId(person),
            number=f"{year}-{number:05}",
            theme=cycle.theme,
            minutes=hours.minutes,
            min_minutes=cycle.min_minutes,
            complete=hours.minutes >= cycle.min_minutes,
            interrupted=cycle.status == "interrupted",
            days=hours.days,
            structure=None if cycle.structure is None else Subject(cycle.structure),
            replaces=None if valid is None else Subject(valid[0]),
        )
        issued.append(At(fact=fact, stream=attestations_of(cycle_id)))
    taken = NumbersTaken(year=year, first=given + 1, last=given + len(issued))
    return [*issued, At(fact=taken, stream=NUMBERS_STREAM)]
