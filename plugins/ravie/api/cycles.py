"""What may be asked of a cycle."""

from datetime import date
from typing import Annotated

import msgspec
from litestar import post
from litestar.params import JSONBody
from litestar.status_codes import HTTP_200_OK

from core.directory.vault import Plain
from core.domain.command import Code, Moment, PersonRef, SubjectId
from core.domain.event import Subject
from core.domain.file import Sha256
from core.http.guard import needs
from core.http.request import ApiRequest, PathId, PathPerson
from core.http.writing import Written, new_id, run
from core.session.vocabulary import Modality
from plugins.ravie.api.body import Body, Text
from plugins.ravie.cycle import commands
from plugins.ravie.cycle.commands import Places, SessionMinutes, Sessions, WallClock, WeeksApart
from plugins.ravie.permissions import CLOSE_CYCLES, ENROL, OPEN_CYCLES, PLAN, RECORD
from plugins.ravie.vocabulary import CycleKind, Role, WithdrawalReason


class CycleToOpen(Body, frozen=True, kw_only=True):
    """
    Le thème du cycle ; la forme laissée de côté est celle du modèle que suit la collectivité, sinon
    celle qu'elle a réglée. La structure et le lieu sont ceux du relais s'ils ne sont pas dits.
    """

    theme: Annotated[Code, msgspec.Meta(examples=["fin_de_vie"])]
    kind: CycleKind = "professional"
    sessions: Sessions | None = None
    session_minutes: SessionMinutes | None = None
    weeks_apart: WeeksApart | None = None
    capacity_min: Places | None = None
    capacity_max: Places | None = None
    min_minutes: Annotated[int, msgspec.Meta(ge=1)] | None = None
    modality: Modality = "in_person"
    place: SubjectId | None = None
    animateur: SubjectId | None = None
    structure: SubjectId | None = None
    relais: SubjectId | None = None
    outside_model: Annotated[
        bool, msgspec.Meta(description="Vrai pour un cycle hors du modèle suivi.", examples=[False])
    ] = False


class ParticipantToEnrol(Body, frozen=True, kw_only=True):
    """Une personne inscrite à l'annuaire, et à quel titre elle participe."""

    person: PersonRef
    role: Role


class Withdrawal(Body, frozen=True, kw_only=True):
    """Le motif, et une note scellée sous la clé de la personne."""

    reason: WithdrawalReason
    note: Text | None = None


class SessionsToPlan(Body, frozen=True, kw_only=True):
    """Le premier jour et l'heure de Paris ; les jours sautés repoussent la suite."""

    first_on: date
    at: Annotated[WallClock, msgspec.Meta(examples=["14:00"])]
    skipping: tuple[date, ...] = ()
    purposes: tuple[Code, ...] = ()
    modalities: Annotated[
        tuple[Modality, ...],
        msgspec.Meta(
            description="Comment se tient chaque séance ; vide : comme le cycle.",
            examples=[["in_person", "remote", "in_person", "in_person", "in_person"]],
        ),
    ] = ()


class SessionToAdd(Body, frozen=True, kw_only=True):
    """Une séance de plus, à la place d'une séance annulée."""

    starts_at: Moment
    purpose: Code | None = None
    modality: Modality | None = None


class QuestionsToGather(Body, frozen=True, kw_only=True):
    """Les questions du groupe, en toutes lettres : elles sont scellées sous la clé du cycle."""

    session: SubjectId
    questions: Annotated[tuple[Text, ...], msgspec.Meta(min_length=1, max_length=100)]


class ProductionToRecord(Body, frozen=True, kw_only=True):
    """Ce que le groupe a produit ; le titre est scellé sous la clé du cycle."""

    kind: Annotated[Code, msgspec.Meta(examples=["booklet"])]
    title: Text
    sha256: Sha256 | None = None


class Closing(Body, frozen=True, kw_only=True):
    """Quand le cycle a été clos."""


class Offer(Body, frozen=True, kw_only=True):
    """Quand la place a été proposée."""


class Interruption(Body, frozen=True, kw_only=True):
    """Le motif, et une note scellée sous la clé du cycle."""

    reason: Annotated[Code, msgspec.Meta(examples=["group_too_small"])]
    note: Text | None = None


@post("/cycles", opt=needs(OPEN_CYCLES.code, by_command=True), summary="Ouvrir un cycle")
async def open_cycle(request: ApiRequest, data: JSONBody[CycleToOpen]) -> Written:
    cycle = Subject(await new_id(request))
    return await run(request, commands.OpenCycle(cycle=cycle, **msgspec.structs.asdict(data)))


@post(
    "/cycles/{cycle:str}/participants",
    opt=needs(ENROL.code, by_command=True),
    summary="Inscrire une personne, ou la mettre en attente",
)
async def enrol(request: ApiRequest, cycle: PathId, data: JSONBody[ParticipantToEnrol]) -> Written:
    fields = msgspec.structs.asdict(data)
    return await run(request, commands.EnrolParticipant(cycle=cycle, **fields))


@post(
    "/cycles/{cycle:str}/participants/{person:str}/withdrawal",
    opt=needs(ENROL.code, by_command=True),
    summary="Désinscrire une personne",
    status_code=HTTP_200_OK,
)
async def withdraw(
    request: ApiRequest, cycle: PathId, person: PathPerson, data: JSONBody[Withdrawal]
) -> Written:
    note = None
    if data.note is not None:
        vault = request.house.vault
        note = await vault.seal(request.tenant, person, "note", data.note, person=True)
    command = commands.WithdrawParticipant(
        cycle=cycle,
        person=person,
        reason=data.reason,
        note=note,
        occurred_at=data.occurred_at,
    )
    return await run(request, command)


@post(
    "/cycles/{cycle:str}/offers",
    opt=needs(ENROL.code, by_command=True),
    summary="Proposer une place libre au premier qui attend",
    status_code=HTTP_200_OK,
)
async def offer_freed_place(request: ApiRequest, cycle: PathId, data: JSONBody[Offer]) -> Written:
    command = commands.OfferFreedPlace(cycle=cycle, occurred_at=data.occurred_at)
    return await run(request, command)


@post(
    "/cycles/{cycle:str}/plan",
    opt=needs(PLAN.code, by_command=True),
    summary="Planifier toutes les séances",
)
async def plan_sessions(
    request: ApiRequest, cycle: PathId, data: JSONBody[SessionsToPlan]
) -> Written:
    fields = msgspec.structs.asdict(data)
    return await run(request, commands.PlanSessions(cycle=cycle, **fields))


@post(
    "/cycles/{cycle:str}/sessions",
    opt=needs(PLAN.code, by_command=True),
    summary="Ajouter une séance",
)
async def add_session(request: ApiRequest, cycle: PathId, data: JSONBody[SessionToAdd]) -> Written:
    fields = msgspec.structs.asdict(data)
    return await run(request, commands.AddSession(cycle=cycle, **fields))


@post(
    "/cycles/{cycle:str}/questions",
    opt=needs(RECORD.code, by_command=True),
    summary="Recueillir les questions du groupe",
)
async def gather_questions(
    request: ApiRequest, cycle: PathId, data: JSONBody[QuestionsToGather]
) -> Written:
    plains = [Plain(key_subject=cycle, field="questions", text=text) for text in data.questions]
    questions = await request.house.vault.seal_many(request.tenant, plains)
    command = commands.GatherQuestions(
        cycle=cycle,
        session=data.session,
        questions=tuple(questions),
        occurred_at=data.occurred_at,
    )
    return await run(request, command)


@post(
    "/cycles/{cycle:str}/productions",
    opt=needs(RECORD.code, by_command=True),
    summary="Enregistrer la production du groupe",
)
async def record_production(
    request: ApiRequest, cycle: PathId, data: JSONBody[ProductionToRecord]
) -> Written:
    title = await request.house.vault.seal(request.tenant, cycle, "title", data.title)
    command = commands.RecordProduction(
        cycle=cycle,
        kind=data.kind,
        title=title,
        sha256=data.sha256,
        occurred_at=data.occurred_at,
    )
    return await run(request, command)


@post(
    "/cycles/{cycle:str}/closing",
    opt=needs(CLOSE_CYCLES.code, by_command=True),
    summary="Clore un cycle",
    status_code=HTTP_200_OK,
)
async def close_cycle(request: ApiRequest, cycle: PathId, data: JSONBody[Closing]) -> Written:
    return await run(request, commands.CloseCycle(cycle=cycle, occurred_at=data.occurred_at))


@post(
    "/cycles/{cycle:str}/interruption",
    opt=needs(CLOSE_CYCLES.code, by_command=True),
    summary="Interrompre un cycle",
    status_code=HTTP_200_OK,
)
async def interrupt_cycle(
    request: ApiRequest, cycle: PathId, data: JSONBody[Interruption]
) -> Written:
    note = None
    if data.note is not None:
        note = await request.house.vault.seal(request.tenant, cycle, "note", data.note)
    command = commands.InterruptCycle(
        cycle=cycle, reason=data.reason, note=note, occurred_at=data.occurred_at
    )
    return await run(request, command)


ROUTES = (
    open_cycle,
    enrol,
    withdraw,
    offer_freed_place,
    plan_sessions,
    add_session,
    gather_questions,
    record_production,
    close_cycle,
    interrupt_cycle,
)
