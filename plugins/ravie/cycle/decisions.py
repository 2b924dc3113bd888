"""The rules of a cycle. Where each comes from is in the README."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, time
from typing import Any

from core.domain.decider import At, Context, Decided, Reads
from core.domain.event import PersonId, Subject
from core.domain.refusal import Refused
from core.domain.sealed import Sealed
from core.session import decisions as sessions
from core.session.events import SessionCancelled
from core.session.recurrence import weekly
from core.session.state import SESSION
from core.session.vocabulary import Modality
from plugins.ravie.cycle.commands import (
    AddSession,
    CloseCycle,
    EnrolParticipant,
    GatherQuestions,
    InterruptCycle,
    OfferFreedPlace,
    PlanSessions,
    RecordProduction,
    WithdrawParticipant,
)
from plugins.ravie.cycle.events import (
    CycleClosed,
    CycleInterrupted,
    ParticipantEnrolled,
    ParticipantQueued,
    ParticipantWithdrawn,
    ProductionRecorded,
    QuestionsGathered,
    SessionsPlanned,
)
from plugins.ravie.cycle.state import Cycle
from plugins.ravie.vocabulary import MODULE_NAME

CLOSED = Refused("cycle_is_closed")


def reads_its_sessions(_command: Any, cycle: Cycle) -> tuple[Reads, ...]:
    """What becomes of a cycle rests on what became of each of its sessions."""
    return (Reads(SESSION, cycle.sessions),)


def enrol_participant(command: EnrolParticipant, cycle: Cycle, _context: Context) -> Decided:
    """A place when one is free and nobody waits for it, else the end of the waiting list."""
    if cycle.status != "open":
        return CLOSED
    if command.person in cycle.enrolled:
        return Refused("person_already_enrolled", "person")
    if command.person in cycle.waiting:
        return Refused("person_already_waiting", "person")
    if command.role == "partenaire" and cycle.kind != "project":
        return Refused("partner_outside_a_project_cycle", "role")
    person = PersonId(command.person)
    if not cycle.has_a_place or cycle.waiting:
        return [ParticipantQueued(person=person, role=command.role, min_minutes=cycle.min_minutes)]
    return [ParticipantEnrolled(person=person, role=command.role, min_minutes=cycle.min_minutes)]


def withdraw_participant(command: WithdrawParticipant, cycle: Cycle, _context: Context) -> Decided:
    """Frees a place, or leaves the waiting list. Hours already signed stay signed."""
    if cycle.status != "open":
        return CLOSED
    if command.person not in cycle.enrolled and command.person not in cycle.waiting:
        return Refused("person_not_in_cycle", "person")
    note = None if command.note is None else Sealed(command.note)
    return [ParticipantWithdrawn(person=PersonId(command.person), reason=command.reason, note=note)]


def offer_freed_place(_command: OfferFreedPlace, cycle: Cycle, _context: Context) -> Decided:
    """The first who waits takes a free place; nothing when there is no place or nobody waits."""
    if cycle.status != "open" or not cycle.has_a_place or not cycle.waiting:
        return []
    person, role = next(iter(cycle.waiting.items()))
    return [
        ParticipantEnrolled(
            person=PersonId(person),
            role=role,
            min_minutes=cycle.min_minutes,
            from_waiting_list=True,
        )
    ]


def plan_sessions(command: PlanSessions, cycle: Cycle, context: Context) -> Decided:
    """All the sessions at once, from the cycle's rhythm; they are then edited one by one."""
    if cycle.status != "open":
        return CLOSED
    if cycle.sessions:
        return Refused("sessions_already_planned", "cycle")
    if command.purposes and len(command.purposes) != cycle.session_count:
        numbers: dict[str, str | int] = {
            "given": len(command.purposes),
            "count": cycle.session_count,
        }
        return Refused("purposes_do_not_match", "purposes", numbers)
    if command.modalities and len(command.modalities) != cycle.session_count:
        counts: dict[str, str | int] = {
            "given": len(command.modalities),
            "count": cycle.session_count,
        }
        return Refused("modalities_do_not_match", "modalities", counts)
    starts = weekly(
        command.first_on,
        time.fromisoformat(command.at),
        cycle.session_count,
        skipping=command.skipping,
        weeks_apart=cycle.weeks_apart,
    )
    return _planned(command, cycle, starts, command.purposes, command.modalities, context)


def add_session(command: AddSession, cycle: Cycle, context: Context) -> Decided:
    """One more session, as long as those that are not cancelled are fewer than the cycle's."""
    if cycle.status != "open":
        return CLOSED
    standing = sum(s.status != "cancelled" for s in context.read(SESSION).values())
    if standing >= cycle.session_count:
        return Refused("cycle_has_all_its_sessions", "cycle", {"count": cycle.session_count})
    purposes = () if command.purpose is None else (command.purpose,)
    modalities = () if command.modality is None else (command.modality,)
    starts = [command.starts_at.astimezone(UTC)]
    return _planned(command, cycle, starts, purposes, modalities, context)


def gather_questions(command: GatherQuestions, cycle: Cycle, context: Context) -> Decided:
    """What the group wants to know; gathered elsewhere than in the first session, it is flagged."""
    if cycle.status != "open":
        return CLOSED
    session = context.read(SESSION).get(command.session)
    if session is None:
        return Refused("session_of_another_cycle", "session")
    if session.status == "cancelled":
        return Refused("session_is_cancelled", "session")
    questions = tuple(Sealed(question) for question in command.questions)
    return [QuestionsGathered(session=Subject(command.session), questions=questions)]


def record_production(command: RecordProduction, cycle: Cycle, _context: Context) -> Decided:
    """What the group made; a group may make several things."""
    if cycle.status != "open":
        return CLOSED
    title = Sealed(command.title)
    return [ProductionRecorded(kind=command.kind, title=title, sha256=command.sha256)]


def close_cycle(_command: CloseCycle, cycle: Cycle, context: Context) -> Decided:
    """Ends a cycle that went to its end."""
    if cycle.status != "open":
        return CLOSED
    if not cycle.productions:
        # "une production du groupe est attendue afin de clore le cycle" (fiche Lieu Ressources)
        return Refused("cycle_has_no_production", "cycle")
    unsettled = sum(s.status == "planned" for s in context.read(SESSION).values())
    if unsettled:
        return Refused("session_neither_held_nor_cancelled", "cycle", {"count": unsettled})
    return [CycleClosed()]


def interrupt_cycle(command: InterruptCycle, cycle: Cycle, context: Context) -> Decided:
    """Stops a cycle; what was still planned is cancelled with it."""
    if cycle.status != "open":
        return CLOSED
    cancelled = SessionCancelled(series=Subject(command.cycle), reason="cycle_interrupted")
    note = None if command.note is None else Sealed(command.note)
    return [
        CycleInterrupted(reason=command.reason, note=note),
        *(
            At(fact=cancelled, stream=stream)
            for stream, session in context.read(SESSION).items()
            if session.status == "planned"
        ),
    ]


def _planned(
    command: PlanSessions | AddSession,
    cycle: Cycle,
    starts: Iterable[datetime],
    purposes: Sequence[str],
    modalities: Sequence[Modality],
    context: Context,
) -> Decided:
    """Sessions in the cycle's shape, and the cycle's own word that they are its sessions."""
    planned = sessions.plan_series(
        starts,
        cycle.session_minutes,
        context.new_id,
        module=MODULE_NAME,
        series=command.cycle,
        modality=cycle.modality,
        place=cycle.place,
        animateur=cycle.animateur,
        capacity=cycle.capacity_max,
        first_number=len(cycle.sessions) + 1,
        purposes=purposes,
        modalities=modalities,
    )
    return [
        SessionsPlanned(sessions=tuple(Subject(stream) for stream in planned)),
        *(At(fact=fact, stream=stream) for stream, fact in planned.items()),
    ]
