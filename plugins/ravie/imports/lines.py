"""
What a line of the file says, as commands.

What is already so is not said again, so that the same file twice writes nothing. What a line says
otherwise than before is a correction: the fact that was recorded stays, and the line's stands.
"""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

import msgspec

from core.domain.command import PersonRef, SubjectId
from core.domain.days import PARIS, noon_of
from core.domain.event import PersonId, Subject
from core.importable import BadCell, Desk, Line
from core.session.events import AttendanceRecorded, SessionHeld
from core.session.state import SESSION, Session
from core.session.vocabulary import Presence
from plugins.ravie.cycle.commands import (
    AddSession,
    CloseCycle,
    EnrolParticipant,
    OpenCycle,
    RecordProduction,
)
from plugins.ravie.cycle.events import (
    CycleOpened,
    ParticipantEnrolled,
    ParticipantQueued,
)
from plugins.ravie.cycle.state import CYCLE, Cycle
from plugins.ravie.session.commands import HoldSession, SignHours

_SHAPE: Mapping[str, str] = {
    "theme": "theme",
    "nature": "kind",
    "seances_prevues": "sessions",
    "minutes_par_seance": "session_minutes",
    "places": "capacity_max",
}
"""What a later line may say better of the cycle: the column, and the field of the fact."""


async def take(desk: Desk, line: Line) -> None:
    """One line: the cycle, then who takes part, the session, the signature, the end."""
    cycle = await _cycle(desk, line)
    person = await _participant(desk, line, cycle)
    session = None if line["date"] is None else await _session(desk, line, cycle)
    if person is not None and session is not None:
        await _signature(desk, line, person, session)
    elif line["minutes"] is not None or line["presence"] is not None:
        missing = "date" if session is None else "participant"
        raise BadCell(missing, "required", "À remplir : des minutes sont signées à une séance.")
    await _end(desk, line, cycle)


async def _cycle(desk: Desk, line: Line) -> Subject:
    cycle = await desk.id_of("ravie.cycle", line["cycle"])
    if await desk.state(CYCLE, cycle) is None:
        opened_on = line["ouvert_le"] or line["inscrit_le"] or line["date"]
        places = line["places"]
        await desk.do(
            OpenCycle(
                cycle=SubjectId(cycle),
                theme=line.need("theme", "c'est la première ligne de ce cycle"),
                kind=line["nature"] or "professional",
                sessions=line["seances_prevues"],
                session_minutes=line["minutes_par_seance"],
                min_minutes=line["minutes_requises"],
                capacity_min=None if places is None else min(places, 7),
                capacity_max=places,
                modality=line["modalite"] or "in_person",
                outside_model=line["modele"] == "outside",
                occurred_at=None if opened_on is None else _at_noon(opened_on),
            )
        )
        return cycle
    told = {field: value for column, field in _SHAPE.items() if (value := line[column]) is not None}
    if told:
        (opened, *_) = await desk.standing(cycle)
        assert isinstance(opened.fact, CycleOpened)  # noqa: S101 - what a cycle begins with
        await desk.correct(opened, msgspec.structs.replace(opened.fact, **told))
    return cycle


async def _participant(desk: Desk, line: Line, cycle: Subject) -> PersonId | None:
    identity = _identity(line)
    if line["participant"] is None and identity is None:
        return None
    try:
        person = await desk.person(line["participant"], identity)
    except LookupError:
        message = "À remplir, avec le prénom et la naissance : cette personne est nouvelle."
        raise BadCell("nom", "required", message) from None
    state = await _state_of(desk, cycle)
    role = state.role_of(person)
    if role is None or (person in state.withdrawn and line["inscrit_le"] is not None):
        day = line["inscrit_le"] or line["date"]
        await desk.do(
            EnrolParticipant(
                cycle=SubjectId(cycle),
                person=PersonRef(person),
                role=line.need("role", "cette personne n'est pas encore inscrite à ce cycle"),
                occurred_at=None if day is None else _at_noon(day),
            )
        )
    elif line["role"] not in (None, role):
        for recorded in reversed(await desk.standing(cycle)):
            fact = recorded.fact
            if isinstance(fact, ParticipantEnrolled | ParticipantQueued) and fact.person == person:
                await desk.correct(recorded, msgspec.structs.replace(fact, role=line["role"]))
                break
    return person


def _identity(line: Line) -> dict[str, Any] | None:
    names = {"family_name": "nom", "given_name": "prenom", "birth_date": "naissance"}
    told = {field: line[column] for field, column in names.items()}
    if all(value is None for value in told.values()):
        return None
    for column in names.values():
        line.need(column, "une identité a un nom, un prénom et une naissance")
    return told


async def _session(desk: Desk, line: Line, cycle: Subject) -> Subject:
    start = _moment(line["date"], line.need("debut", "une séance a une heure de début"))
    end = _moment(line["date"], line.need("fin", "une séance a une heure de fin"))
    if end <= start:
        raise BadCell("fin", "session_ends_before_it_starts", "La séance finit après son début.")
    for stream in (await _state_of(desk, cycle)).sessions:
        session = await desk.state(SESSION, stream)
        if session is not None and start in (session.started_at, session.starts_at):
            return await _held(desk, line, Subject(stream), session, end)
    await desk.do(AddSession(cycle=SubjectId(cycle), starts_at=start, occurred_at=start))
    added = Subject((await _state_of(desk, cycle)).sessions[-1])
    await _hold(desk, line, added, start, end)
    return added


async def _held(
    desk: Desk, line: Line, stream: Subject, session: Session, end: datetime
) -> Subject:
    """A session that is known: held now if it was planned, or as this line says it was."""
    if session.started_at is None:
        await _hold(desk, line, stream, session.starts_at, end)
        return stream
    if session.ended_at != end or line["modalite"] not in (None, session.modality):
        for recorded in await desk.standing(stream):
            if isinstance(fact := recorded.fact, SessionHeld):
                told = msgspec.structs.replace(
                    fact, ended_at=end, modality=line["modalite"] or fact.modality
                )
                await desk.correct(recorded, told)
    return stream


async def _hold(desk: Desk, line: Line, stream: Subject, start: datetime, end: datetime) -> None:
    await desk.do(
        HoldSession(
            session=SubjectId(stream),
            started_at=start,
            ended_at=end,
            modality=line["modalite"],
            occurred_at=start,
        )
    )


async def _signature(desk: Desk, line: Line, person: PersonId, session: Subject) -> None:
    presence: Presence = line["presence"] or "present"
    minutes = line["minutes"] or 0
    if presence == "present":
        minutes = line.need("minutes", "une personne présente a signé des minutes")
    held = await desk.state(SESSION, session)
    if held is None or person not in held.attendance:
        await desk.do(
            SignHours(
                session=SubjectId(session),
                person=PersonRef(person),
                presence=presence,
                minutes=minutes,
            )
        )
        return
    for recorded in await desk.standing(session):
        fact = recorded.fact
        if isinstance(fact, AttendanceRecorded) and fact.person == person:
            told = msgspec.structs.replace(fact, presence=presence, minutes=minutes)
            await desk.correct(recorded, told)


async def _end(desk: Desk, line: Line, cycle: Subject) -> None:
    day = line["clos_le"] or line["date"]
    occurred_at = None if day is None else _at_noon(day)
    state = await _state_of(desk, cycle)
    if line["production"] is not None and not state.productions:
        title = await desk.seal(cycle, "title", line["production"])
        await desk.do(
            RecordProduction(
                cycle=SubjectId(cycle), kind="production", title=title, occurred_at=occurred_at
            )
        )
    if line["clos_le"] is not None and state.status == "open":
        await desk.do(CloseCycle(cycle=SubjectId(cycle), occurred_at=occurred_at))


async def _state_of(desk: Desk, cycle: Subject) -> Cycle:
    state = await desk.state(CYCLE, cycle)
    assert state is not None  # noqa: S101 - opened by this line or before it
    return state


def _moment(day: date, hour: time) -> datetime:
    """An hour in Paris, where a sheet is signed, in the session's own terms."""
    return datetime.combine(day, hour, PARIS)


def _at_noon(day: date) -> datetime:
    return noon_of(day, datetime.max.replace(tzinfo=PARIS) - timedelta(days=1))
