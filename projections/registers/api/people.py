"""What is told of a person's file over HTTP; free text is sealed on the way, under their key."""

from datetime import date
from typing import Annotated

import msgspec
from litestar import post
from litestar.params import JSONBody
from litestar.status_codes import HTTP_200_OK

from core.domain.command import Code, SubjectId
from core.domain.event import Subject
from core.http.guard import needs
from core.http.request import ApiRequest, PathId, PathPerson
from core.http.writing import Written, new_id, run
from core.registers.people import commands
from core.registers.people.vocabulary import (
    NoticeMeans,
    OppositionScope,
    RepresentationKind,
    Representing,
)
from core.registers.people.wiring import KEEP_FILES

_TAGS = ["Personnes"]
_DAY = msgspec.Meta(description="Le jour, à Paris.", examples=["2026-01-15"])
_REASON = msgspec.Meta(description="Motif (code).", examples=["majority"])
_SCOPE = msgspec.Meta(
    description="Ce à quoi la personne s'oppose : tout traitement, la transmission, les "
    "statistiques, être contactée.",
    examples=["statistics"],
)
_Text = Annotated[
    str,
    msgspec.Meta(
        min_length=1,
        max_length=10_000,
        description="En toutes lettres ; scellé sous la clé de la personne.",
        examples=["Je ne veux pas que ma situation serve à des statistiques."],
    ),
]


class _Body(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is told of a day has no other date."""


class RepresentativeToAppoint(_Body, frozen=True, kw_only=True):
    """Qui agit en droit pour la personne, à quel titre, depuis quand."""

    kind: Annotated[
        RepresentationKind,
        msgspec.Meta(description="À quel titre, au sens du Code civil.", examples=["tuteur"]),
    ]
    representative: Annotated[
        SubjectId, msgspec.Meta(description="Personne, professionnel ou structure (UUID).")
    ]
    representing: Annotated[
        Representing,
        msgspec.Meta(description="De quel registre est l'identifiant.", examples=["structure"]),
    ]
    since: Annotated[date, _DAY]
    until: Annotated[date, msgspec.Meta(description="Dernier jour, s'il est fixé.")] | None = None


class RepresentationToEnd(_Body, frozen=True, kw_only=True):
    """Le dernier jour de la représentation, et son motif."""

    on: Annotated[date, _DAY]
    reason: Annotated[Code, _REASON]


class NoticeToRecord(_Body, frozen=True, kw_only=True):
    """L'information donnée à la personne sur le traitement de ses données."""

    version: Annotated[Code, msgspec.Meta(description="Version du texte.", examples=["2026-1"])]
    on: Annotated[date, _DAY]
    means: Annotated[NoticeMeans, msgspec.Meta(description="Par quel moyen.", examples=["paper"])]


class OppositionToRecord(_Body, frozen=True, kw_only=True):
    """Une opposition de la personne (RGPD, article 21)."""

    scope: Annotated[OppositionScope, _SCOPE]
    on: Annotated[date, _DAY]
    grounds: _Text | None = None


class OppositionToWithdraw(_Body, frozen=True, kw_only=True):
    """L'opposition que la personne retire."""

    scope: Annotated[OppositionScope, _SCOPE]
    on: Annotated[date, _DAY]


@post(
    "/people/{person:str}/representatives",
    opt=needs(KEEP_FILES.code),
    tags=_TAGS,
    summary="Enregistrer un représentant légal",
)
async def appoint_representative(
    request: ApiRequest, person: PathPerson, data: JSONBody[RepresentativeToAppoint]
) -> Written:
    representation = Subject(await new_id(request))
    fields = msgspec.structs.asdict(data)
    return await run(
        request,
        commands.AppointRepresentative(person=person, representation=representation, **fields),
    )


@post(
    "/people/{person:str}/representatives/{representation:str}/end",
    opt=needs(KEEP_FILES.code),
    tags=_TAGS,
    summary="Mettre fin à une représentation légale",
    status_code=HTTP_200_OK,
)
async def end_representation(
    request: ApiRequest,
    person: PathPerson,
    representation: PathId,
    data: JSONBody[RepresentationToEnd],
) -> Written:
    command = commands.EndRepresentation(
        person=person, representation=representation, on=data.on, reason=data.reason
    )
    return await run(request, command)


@post(
    "/people/{person:str}/notices",
    opt=needs(KEEP_FILES.code),
    tags=_TAGS,
    summary="Enregistrer l'information donnée à la personne",
)
async def give_notice(
    request: ApiRequest, person: PathPerson, data: JSONBody[NoticeToRecord]
) -> Written:
    fields = msgspec.structs.asdict(data)
    return await run(request, commands.GiveNotice(person=person, **fields))


@post(
    "/people/{person:str}/oppositions",
    opt=needs(KEEP_FILES.code),
    tags=_TAGS,
    summary="Enregistrer une opposition",
)
async def raise_opposition(
    request: ApiRequest, person: PathPerson, data: JSONBody[OppositionToRecord]
) -> Written:
    grounds = None
    if data.grounds is not None:
        vault = request.house.vault
        grounds = await vault.seal(request.tenant, person, "grounds", data.grounds, person=True)
    command = commands.RaiseOpposition(person=person, scope=data.scope, on=data.on, grounds=grounds)
    return await run(request, command)


@post(
    "/people/{person:str}/oppositions/withdrawal",
    opt=needs(KEEP_FILES.code),
    tags=_TAGS,
    summary="Retirer une opposition",
    status_code=HTTP_200_OK,
)
async def withdraw_opposition(
    request: ApiRequest, person: PathPerson, data: JSONBody[OppositionToWithdraw]
) -> Written:
    fields = msgspec.structs.asdict(data)
    return await run(request, commands.WithdrawOpposition(person=person, **fields))


ROUTES = (
    appoint_representative,
    end_representation,
    give_notice,
    raise_opposition,
    withdraw_opposition,
)
