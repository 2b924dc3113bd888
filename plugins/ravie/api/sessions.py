"""What may be asked of a session of a cycle."""

from typing import Annotated

import msgspec
from litestar import post
from litestar.params import JSONBody
from litestar.status_codes import HTTP_200_OK

from core.domain.command import Code, Moment, PersonRef, SubjectId
from core.http.guard import needs
from core.http.request import ApiRequest, PathId
from core.http.writing import Written, run
from core.session.commands import Headcount, Minutes
from core.session.vocabulary import Modality, Presence
from plugins.ravie.api.body import Body, Text
from plugins.ravie.permissions import PLAN, RECORD
from plugins.ravie.session import commands


class Move(Body, frozen=True, kw_only=True):
    """Le nouvel horaire ; la séance garde sa durée, son lieu et sa modalité s'ils sont tus."""

    starts_at: Moment
    place: SubjectId | None = None
    modality: Modality | None = None
    reason: Annotated[Code, msgspec.Meta(examples=["room_not_available"])]


class Cancellation(Body, frozen=True, kw_only=True):
    """Le motif, et une note scellée sous la clé de la séance."""

    reason: Annotated[Code, msgspec.Meta(examples=["snow"])]
    note: Text | None = None


class Holding(Body, frozen=True, kw_only=True):
    """Les horaires réels ; ce qui n'est pas dit a été comme prévu."""

    started_at: Moment
    ended_at: Moment
    modality: Modality | None = None
    place: SubjectId | None = None
    animateur: SubjectId | None = None


class Signature(Body, frozen=True, kw_only=True):
    """Une ligne de la feuille d'émargement : les minutes réellement signées."""

    person: PersonRef
    presence: Presence = "present"
    minutes: Minutes = 0


class Invitation(Body, frozen=True, kw_only=True):
    """Un expert, et le sujet, scellé sous la clé de la séance."""

    expert: SubjectId
    topic: Text | None = None


class HeadcountToRecord(Body, frozen=True, kw_only=True):
    """Combien de personnes d'un profil sont venues, sans les nommer."""

    profile: Annotated[Code, msgspec.Meta(examples=["elu"])]
    headcount: Headcount


@post(
    "/sessions/{session:str}/move",
    opt=needs(PLAN.code, by_command=True),
    summary="Déplacer une séance",
    status_code=HTTP_200_OK,
)
async def move(request: ApiRequest, session: PathId, data: JSONBody[Move]) -> Written:
    fields = msgspec.structs.asdict(data)
    return await run(request, commands.MoveSession(session=session, **fields))


@post(
    "/sessions/{session:str}/cancellation",
    opt=needs(PLAN.code, by_command=True),
    summary="Annuler une séance",
    status_code=HTTP_200_OK,
)
async def cancel(request: ApiRequest, session: PathId, data: JSONBody[Cancellation]) -> Written:
    note = None
    if data.note is not None:
        note = await request.house.vault.seal(request.tenant, session, "note", data.note)
    command = commands.CancelSession(
        session=session, reason=data.reason, note=note, occurred_at=data.occurred_at
    )
    return await run(request, command)


@post(
    "/sessions/{session:str}/holding",
    opt=needs(RECORD.code, by_command=True),
    summary="Enregistrer une séance tenue",
    status_code=HTTP_200_OK,
)
async def hold(request: ApiRequest, session: PathId, data: JSONBody[Holding]) -> Written:
    fields = msgspec.structs.asdict(data)
    return await run(request, commands.HoldSession(session=session, **fields))


@post(
    "/sessions/{session:str}/signatures",
    opt=needs(RECORD.code, by_command=True),
    summary="Émarger : la présence et les minutes d'une personne",
)
async def sign(request: ApiRequest, session: PathId, data: JSONBody[Signature]) -> Written:
    fields = msgspec.structs.asdict(data)
    return await run(request, commands.SignHours(session=session, **fields))


@post(
    "/sessions/{session:str}/experts",
    opt=needs(PLAN.code, by_command=True),
    summary="Inviter un expert",
)
async def invite(request: ApiRequest, session: PathId, data: JSONBody[Invitation]) -> Written:
    topic = None
    if data.topic is not None:
        topic = await request.house.vault.seal(request.tenant, session, "topic", data.topic)
    command = commands.InviteExpert(
        session=session, expert=data.expert, topic=topic, occurred_at=data.occurred_at
    )
    return await run(request, command)


@post(
    "/sessions/{session:str}/headcounts",
    opt=needs(RECORD.code, by_command=True),
    summary="Compter des personnes d'un profil",
)
async def count(request: ApiRequest, session: PathId, data: JSONBody[HeadcountToRecord]) -> Written:
    fields = msgspec.structs.asdict(data)
    return await run(request, commands.RecordHeadcount(session=session, **fields))


ROUTES = (move, cancel, hold, sign, invite, count)
