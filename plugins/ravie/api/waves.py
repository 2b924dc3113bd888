"""Follow-up waves: who is asked months after a cycle, and what becomes of it."""

from datetime import date
from typing import Annotated

import msgspec
from litestar import get, post
from litestar.params import JSONBody
from litestar.status_codes import HTTP_200_OK
from psycopg import sql

from core.domain.command import SubjectId
from core.domain.event import Subject
from core.http.guard import needs
from core.http.paging import AtLeast, Page, PageAfter, PageLimit
from core.http.problem import FieldError, Malformed
from core.http.request import ApiRequest, PathId, PathPerson
from core.http.times import AsOf, KnownAt
from core.http.writing import Written, new_id, run
from plugins.ravie.api.answers import GivenAnswers, GivenTexts, sealed_answers
from plugins.ravie.api.body import Body
from plugins.ravie.effects.commands import InstrumentVersion
from plugins.ravie.effects.vocabulary import FOLLOW_UP
from plugins.ravie.follow_up import commands
from plugins.ravie.follow_up.commands import (
    AskedPeople,
    FollowedCycles,
    InstrumentName,
    MonthsAfter,
)
from plugins.ravie.follow_up.state import WAVE
from plugins.ravie.follow_up.vocabulary import Channel, NoAnswer
from plugins.ravie.permissions import FOLLOW, OPEN_WAVES, READ
from plugins.ravie.projections.cycle_register import CYCLE_REGISTER
from plugins.ravie.projections.wave_register import WAVE_REGISTER, WaveRow
from projections.reading import reading
from projections.records import record

MOST_CYCLES = 100


class WaveToOpen(Body, frozen=True, kw_only=True):
    """
    Les cycles à suivre, nommés, ou tous ceux qui se sont terminés entre deux dates.

    `closed_from` est compté, `closed_to` ne l'est plus ; sans version, celle qui est en vigueur.
    """

    cycles: FollowedCycles | None = None
    closed_from: date | None = None
    closed_to: date | None = None
    months: Annotated[MonthsAfter, msgspec.Meta(examples=[6])]
    due_on: Annotated[date, msgspec.Meta(examples=["2026-12-15"])]
    instrument: InstrumentName = FOLLOW_UP
    instrument_version: InstrumentVersion | None = None
    assigned: SubjectId | None = None
    structure: SubjectId | None = None


class PeopleToAsk(Body, frozen=True, kw_only=True):
    """Les personnes à interroger ; aucune : toutes celles qui sont inscrites à ces cycles."""

    people: AskedPeople = ()
    channel: Channel | None = None


class Reminder(Body, frozen=True, kw_only=True):
    """Par quel moyen la personne a été relancée."""

    channel: Channel | None = None


class WaveAnswer(Body, frozen=True, kw_only=True):
    """Ce que la personne a répondu."""

    answers: Annotated[GivenAnswers, msgspec.Meta(examples=[{"situation": "meme_emploi"}])]
    texts: GivenTexts = msgspec.field(default_factory=dict)
    assessor: SubjectId | None = None


class AbsenceOfAnswer(Body, frozen=True, kw_only=True):
    """Pourquoi aucune réponse n'est à attendre."""

    reason: NoAnswer


class WaveClosing(Body, frozen=True, kw_only=True):
    """Quand la vague a été close."""


@post("/waves", opt=needs(OPEN_WAVES.code, by_command=True), summary="Ouvrir une vague de suivi")
async def open_wave(request: ApiRequest, data: JSONBody[WaveToOpen]) -> Written:
    command = commands.OpenWave(
        wave=Subject(await new_id(request)),
        cycles=await _cycles(request, data),
        months=data.months,
        due_on=data.due_on,
        instrument=data.instrument,
        instrument_version=data.instrument_version,
        assigned=data.assigned,
        structure=data.structure,
        occurred_at=data.occurred_at,
    )
    return await run(request, command)


@post(
    "/waves/{wave:str}/people",
    opt=needs(FOLLOW.code, by_command=True),
    summary="Interroger des personnes",
    status_code=HTTP_200_OK,
)
async def ask_people(request: ApiRequest, wave: PathId, data: JSONBody[PeopleToAsk]) -> Written:
    fields = msgspec.structs.asdict(data)
    return await run(request, commands.AskPeople(wave=wave, **fields))


@post(
    "/waves/{wave:str}/people/{person:str}/reminders",
    opt=needs(FOLLOW.code, by_command=True),
    summary="Enregistrer une relance",
    status_code=HTTP_200_OK,
)
async def send_reminder(
    request: ApiRequest, wave: PathId, person: PathPerson, data: JSONBody[Reminder]
) -> Written:
    fields = msgspec.structs.asdict(data)
    return await run(request, commands.SendReminder(wave=wave, person=person, **fields))


@post(
    "/waves/{wave:str}/people/{person:str}/answers",
    opt=needs(FOLLOW.code, by_command=True),
    summary="Enregistrer ce qu'une personne a répondu",
)
async def record_answer(
    request: ApiRequest, wave: PathId, person: PathPerson, data: JSONBody[WaveAnswer]
) -> Written:
    command = commands.RecordWaveAnswer(
        wave=wave,
        person=person,
        assessor=data.assessor,
        answers=data.answers,
        sealed_answers=await sealed_answers(request, person, data.texts),
        occurred_at=data.occurred_at,
    )
    return await run(request, command)


@post(
    "/waves/{wave:str}/people/{person:str}/no-answer",
    opt=needs(FOLLOW.code, by_command=True),
    summary="Enregistrer un refus de répondre, ou une personne injoignable",
    status_code=HTTP_200_OK,
)
async def record_no_answer(
    request: ApiRequest, wave: PathId, person: PathPerson, data: JSONBody[AbsenceOfAnswer]
) -> Written:
    fields = msgspec.structs.asdict(data)
    return await run(request, commands.RecordNoAnswer(wave=wave, person=person, **fields))


@post(
    "/waves/{wave:str}/closing",
    opt=needs(FOLLOW.code, by_command=True),
    summary="Clore une vague de suivi",
    status_code=HTTP_200_OK,
)
async def close_wave(request: ApiRequest, wave: PathId, data: JSONBody[WaveClosing]) -> Written:
    return await run(request, commands.CloseWave(wave=wave, occurred_at=data.occurred_at))


@get("/waves", opt=needs(READ.code, listed=True), summary="Les vagues de suivi, par échéance")
async def list_waves(
    request: ApiRequest, at_least: AtLeast = None, after: PageAfter = None, limit: PageLimit = 50
) -> Page[WaveRow]:
    async with reading(request, WAVE_REGISTER, at_least=at_least) as models:
        return await models.page(WAVE_REGISTER, order=("due_on",), after=after, limit=limit)


@get(
    "/waves/{wave:str}",
    opt=needs(READ.code, related=WAVE, by="wave"),
    summary="Une vague de suivi et ce qu'est devenue chaque demande",
)
async def read_wave(
    request: ApiRequest,
    wave: PathId,
    at_least: AtLeast = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
) -> WaveRow:
    return await record(
        request, WAVE_REGISTER, wave, at_least=at_least, as_of=as_of, known_at=known_at
    )


async def _cycles(request: ApiRequest, data: WaveToOpen) -> tuple[Subject, ...]:
    """The cycles named, or those that ended in the period; raises `Malformed`."""
    if data.cycles is not None and data.closed_from is None and data.closed_to is None:
        return data.cycles
    if data.cycles is not None or data.closed_from is None or data.closed_to is None:
        sentence = "Nommez les cycles, ou donnez les deux dates entre lesquelles ils ont fini."
        raise Malformed([FieldError("cycles_or_period", sentence, "cycles")])
    async with reading(request, CYCLE_REGISTER) as models:
        query = sql.SQL(
            """select cycle from {} where not project and closed_on >= %s and closed_on < %s
                order by closed_on, cycle limit %s"""
        ).format(sql.Identifier(models.tenant.read_schema, CYCLE_REGISTER.table))
        values = (data.closed_from, data.closed_to, MOST_CYCLES + 1)
        found = await (await models.connection.execute(query, values)).fetchall()
    if not 0 < len(found) <= MOST_CYCLES:
        sentence = f"De 1 à {MOST_CYCLES} cycles doivent avoir fini entre ces dates."
        raise Malformed([FieldError("cycles_of_period", sentence, "closed_from")])
    return tuple(Subject(cycle) for (cycle,) in found)


ROUTES = (
    open_wave,
    ask_people,
    send_reminder,
    record_answer,
    record_no_answer,
    close_wave,
    list_waves,
    read_wave,
)
