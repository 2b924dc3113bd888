"""
What may be told of an experimentation over HTTP.

Free text is plain in the request, and is sealed here under the key of the experimentation.
"""

from collections.abc import Sequence
from datetime import date
from typing import Annotated

import msgspec
from litestar import post
from litestar.params import JSONBody, PathParameter
from litestar.status_codes import HTTP_200_OK

from core.directory.vault import Plain
from core.domain.command import Code, SubjectId
from core.domain.event import Subject
from core.domain.sealed import Sealed
from core.http.guard import needs
from core.http.request import ApiRequest, PathId
from core.http.writing import Written, new_id, run
from core.registers.experimentations import commands
from core.registers.experimentations.commands import Members, Territories, Volunteers
from core.registers.experimentations.events import Sha256
from core.registers.experimentations.vocabulary import (
    Assessment,
    Communication,
    Criterion,
    MemberKind,
    Outcome,
    Spreading,
    Stage,
    TerritoryCode,
)
from core.registers.experimentations.wiring import KEEP

_TAGS = ["Expérimentations"]
_MAY = needs(KEEP.code, by_command=True)
_DAY = msgspec.Meta(description="Le jour, à Paris.", examples=["2020-10-15"])
_REASON = msgspec.Meta(description="Motif (code).", examples=["covid_19"])
_STRUCTURE = msgspec.Meta(description="Structure du registre (UUID).")
_Text = Annotated[
    str,
    msgspec.Meta(
        min_length=1,
        max_length=10_000,
        description="En toutes lettres ; scellé sous la clé de l'expérimentation.",
        examples=["Le lieu est ouvert à Gap, avec deux présences au nord et deux au sud."],
    ),
]
PathCode = Annotated[
    Code, PathParameter(pattern="^[a-z0-9][a-z0-9_.:-]{0,63}$", description="Version (code).")
]


class _Body(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is told of a day has no other date."""


class CriterionToJudge(_Body, frozen=True, kw_only=True):
    """Un critère du cahier des charges : sa phrase, et le chiffre sur lequel on le juge."""

    code: Annotated[Code, msgspec.Meta(description="Son code.", examples=["frequentation"])]
    sentence: _Text
    figure: Annotated[
        Code,
        msgspec.Meta(
            description="Un indicateur, ou ce que l'on relève à la main.",
            examples=["ravie.new_participants"],
        ),
    ]
    target: Annotated[float, msgspec.Meta(description="La cible, s'il y en a une.")] | None = None


class ExperimentationToOpen(_Body, frozen=True, kw_only=True):
    """Ce que l'on expérimente, où, jusqu'à quand, et sur quoi on le jugera."""

    scheme: Annotated[
        Code, msgspec.Meta(description="Le dispositif (code).", examples=["lieu_ressources"])
    ]
    title: _Text
    structure: Annotated[SubjectId, _STRUCTURE] | None = None
    territories: Territories
    starts_on: Annotated[date, _DAY]
    ends_on: Annotated[date, msgspec.Meta(description="Dernier jour.", examples=["2021-12-31"])]
    review_due_on: (
        Annotated[date, msgspec.Meta(description="Échéance du bilan intermédiaire.")] | None
    ) = None
    criteria: Annotated[
        tuple[CriterionToJudge, ...],
        msgspec.Meta(min_length=1, max_length=100, description="Le cahier des charges."),
    ]


class Extension(_Body, frozen=True, kw_only=True):
    """Le nouveau dernier jour, et pourquoi ; le bilan intermédiaire peut être repoussé avec."""

    to_on: Annotated[date, msgspec.Meta(description="Dernier jour.", examples=["2021-12-31"])]
    review_due_on: (
        Annotated[date, msgspec.Meta(description="Échéance du bilan intermédiaire.")] | None
    ) = None
    reason: Annotated[Code, _REASON]
    note: _Text | None = None


class MemberToJoin(_Body, frozen=True, kw_only=True):
    """Un professionnel ou une structure qui entre au groupe projet."""

    member: Annotated[SubjectId, msgspec.Meta(description="Identifiant au registre (UUID).")]
    kind: Annotated[
        MemberKind, msgspec.Meta(description="De quel registre.", examples=["structure"])
    ]
    role: Annotated[Code, msgspec.Meta(description="À quel titre.", examples=["partenaire"])]
    since: Annotated[date, _DAY]


class MemberToLeave(_Body, frozen=True, kw_only=True):
    """Le dernier jour au groupe projet, et le motif."""

    on: Annotated[date, _DAY]
    reason: Annotated[Code, _REASON]


class MeetingToRecord(_Body, frozen=True, kw_only=True):
    """Une réunion du groupe projet ; les volontaires n'y sont qu'un nombre."""

    on: Annotated[date, _DAY]
    present: Annotated[Members, msgspec.Meta(description="Membres présents.")]
    excused: Annotated[Members, msgspec.Meta(description="Membres excusés.")] = ()
    volunteers: Volunteers = 0
    decisions: Annotated[
        tuple[_Text, ...], msgspec.Meta(max_length=100, description="Ce qui a été décidé.")
    ] = ()


class ReviewToRecord(_Body, frozen=True, kw_only=True):
    """Le jugement porté sur un critère ; un critère non évalué demande un motif."""

    stage: Annotated[
        Stage, msgspec.Meta(description="Bilan intermédiaire ou final.", examples=["interim"])
    ]
    criterion: Annotated[
        Code, msgspec.Meta(description="Le code du critère.", examples=["frequentation"])
    ]
    on: Annotated[date, _DAY]
    assessment: Annotated[
        Assessment,
        msgspec.Meta(description="Atteint, en partie, non, ou non évalué.", examples=["met"]),
    ]
    value: Annotated[float, msgspec.Meta(description="Le chiffre relevé.")] | None = None
    reason: Annotated[Code, _REASON] | None = None
    note: _Text | None = None


class CommunicationToRecord(_Body, frozen=True, kw_only=True):
    """Une action de communication, une inauguration, un article de presse."""

    kind: Annotated[
        Communication, msgspec.Meta(description="De quelle sorte.", examples=["inauguration"])
    ]
    on: Annotated[date, _DAY]
    title: _Text | None = None
    sha256: Annotated[Sha256, msgspec.Meta(description="Empreinte du document.")] | None = None


class KitToPublish(_Body, frozen=True, kw_only=True):
    """Une version de la mallette de développement, et pour qui elle est faite."""

    version: Annotated[Code, msgspec.Meta(description="La version.", examples=["v1"])]
    audience: Annotated[Code, msgspec.Meta(description="Le public.", examples=["animateurs"])]
    on: Annotated[date, _DAY]


class KitToHandOver(_Body, frozen=True, kw_only=True):
    """À quelle structure la mallette est remise, et quand."""

    structure: Annotated[SubjectId, _STRUCTURE]
    on: Annotated[date, _DAY]


class Conclusion(_Body, frozen=True, kw_only=True):
    """Ce que devient l'expérimentation, et si elle essaime ; ses conditions s'il y en a."""

    on: Annotated[date, _DAY]
    outcome: Annotated[
        Outcome, msgspec.Meta(description="Poursuivie, adaptée, arrêtée.", examples=["continued"])
    ]
    spreading: Annotated[
        Spreading, msgspec.Meta(description="Oui, non, sous conditions.", examples=["yes"])
    ]
    conditions: _Text | None = None


class SpreadToRecord(_Body, frozen=True, kw_only=True):
    """Un autre territoire qui reprend l'expérimentation."""

    territory: TerritoryCode
    structure: Annotated[SubjectId, _STRUCTURE] | None = None
    on: Annotated[date, _DAY]


@post("/experimentations", opt=_MAY, tags=_TAGS, summary="Ouvrir une expérimentation")
async def open_experimentation(
    request: ApiRequest, data: JSONBody[ExperimentationToOpen]
) -> Written:
    experimentation = Subject(await new_id(request))
    [title] = await _sealed(request, experimentation, "title", [data.title])
    sentences = await _sealed(
        request, experimentation, "sentences", [one.sentence for one in data.criteria]
    )
    command = commands.OpenExperimentation(
        experimentation=experimentation,
        scheme=data.scheme,
        title=title,
        structure=data.structure,
        territories=data.territories,
        starts_on=data.starts_on,
        ends_on=data.ends_on,
        review_due_on=data.review_due_on,
        criteria=tuple(
            Criterion(code=one.code, figure=one.figure, target=one.target) for one in data.criteria
        ),
        sentences=tuple(sentences),
    )
    return await run(request, command)


@post(
    "/experimentations/{experimentation:str}/extension",
    opt=_MAY,
    tags=_TAGS,
    summary="Prolonger une expérimentation",
    status_code=HTTP_200_OK,
)
async def extend_experimentation(
    request: ApiRequest, experimentation: PathId, data: JSONBody[Extension]
) -> Written:
    command = commands.ExtendExperimentation(
        experimentation=experimentation,
        to_on=data.to_on,
        review_due_on=data.review_due_on,
        reason=data.reason,
        note=await _sealed_one(request, experimentation, "note", data.note),
    )
    return await run(request, command)


@post(
    "/experimentations/{experimentation:str}/members",
    opt=_MAY,
    tags=_TAGS,
    summary="Faire entrer un membre au groupe projet",
)
async def join_project(
    request: ApiRequest, experimentation: PathId, data: JSONBody[MemberToJoin]
) -> Written:
    fields = msgspec.structs.asdict(data)
    return await run(request, commands.JoinProject(experimentation=experimentation, **fields))


@post(
    "/experimentations/{experimentation:str}/members/{member:str}/departure",
    opt=_MAY,
    tags=_TAGS,
    summary="Enregistrer le départ d'un membre du groupe projet",
    status_code=HTTP_200_OK,
)
async def leave_project(
    request: ApiRequest, experimentation: PathId, member: PathId, data: JSONBody[MemberToLeave]
) -> Written:
    command = commands.LeaveProject(
        experimentation=experimentation, member=member, on=data.on, reason=data.reason
    )
    return await run(request, command)


@post(
    "/experimentations/{experimentation:str}/meetings",
    opt=_MAY,
    tags=_TAGS,
    summary="Enregistrer une réunion du groupe projet",
)
async def hold_project_meeting(
    request: ApiRequest, experimentation: PathId, data: JSONBody[MeetingToRecord]
) -> Written:
    command = commands.HoldProjectMeeting(
        experimentation=experimentation,
        meeting=Subject(await new_id(request)),
        on=data.on,
        present=data.present,
        excused=data.excused,
        volunteers=data.volunteers,
        decisions=tuple(await _sealed(request, experimentation, "decisions", data.decisions)),
    )
    return await run(request, command)


@post(
    "/experimentations/{experimentation:str}/reviews",
    opt=_MAY,
    tags=_TAGS,
    summary="Évaluer un critère du cahier des charges",
)
async def review_criterion(
    request: ApiRequest, experimentation: PathId, data: JSONBody[ReviewToRecord]
) -> Written:
    fields = {
        **msgspec.structs.asdict(data),
        "note": await _sealed_one(request, experimentation, "note", data.note),
    }
    return await run(request, commands.ReviewCriterion(experimentation=experimentation, **fields))


@post(
    "/experimentations/{experimentation:str}/communications",
    opt=_MAY,
    tags=_TAGS,
    summary="Enregistrer une action de communication",
)
async def record_communication(
    request: ApiRequest, experimentation: PathId, data: JSONBody[CommunicationToRecord]
) -> Written:
    command = commands.MakeCommunication(
        experimentation=experimentation,
        action=Subject(await new_id(request)),
        kind=data.kind,
        on=data.on,
        title=await _sealed_one(request, experimentation, "title", data.title),
        sha256=data.sha256,
    )
    return await run(request, command)


@post(
    "/experimentations/{experimentation:str}/kits",
    opt=_MAY,
    tags=_TAGS,
    summary="Publier une version de la mallette de développement",
)
async def publish_kit(
    request: ApiRequest, experimentation: PathId, data: JSONBody[KitToPublish]
) -> Written:
    fields = msgspec.structs.asdict(data)
    return await run(request, commands.PublishKit(experimentation=experimentation, **fields))


@post(
    "/experimentations/{experimentation:str}/kits/{version:str}/deliveries",
    opt=_MAY,
    tags=_TAGS,
    summary="Enregistrer la remise de la mallette à une structure",
)
async def hand_over_kit(
    request: ApiRequest,
    experimentation: PathId,
    version: PathCode,
    data: JSONBody[KitToHandOver],
) -> Written:
    command = commands.HandOverKit(
        experimentation=experimentation,
        version=version,
        structure=data.structure,
        on=data.on,
    )
    return await run(request, command)


@post(
    "/experimentations/{experimentation:str}/conclusion",
    opt=_MAY,
    tags=_TAGS,
    summary="Conclure une expérimentation",
    status_code=HTTP_200_OK,
)
async def conclude_experimentation(
    request: ApiRequest, experimentation: PathId, data: JSONBody[Conclusion]
) -> Written:
    command = commands.ConcludeExperimentation(
        experimentation=experimentation,
        on=data.on,
        outcome=data.outcome,
        spreading=data.spreading,
        conditions=await _sealed_one(request, experimentation, "conditions", data.conditions),
    )
    return await run(request, command)


@post(
    "/experimentations/{experimentation:str}/spreading",
    opt=_MAY,
    tags=_TAGS,
    summary="Enregistrer l'essaimage sur un autre territoire",
)
async def spread_experimentation(
    request: ApiRequest, experimentation: PathId, data: JSONBody[SpreadToRecord]
) -> Written:
    fields = msgspec.structs.asdict(data)
    command = commands.SpreadExperimentation(experimentation=experimentation, **fields)
    return await run(request, command)


async def _sealed(
    request: ApiRequest, experimentation: str, field: str, texts: Sequence[str]
) -> list[Sealed]:
    plains = [Plain(key_subject=experimentation, field=field, text=text) for text in texts]
    return await request.house.vault.seal_many(request.tenant, plains) if plains else []


async def _sealed_one(
    request: ApiRequest, experimentation: str, field: str, text: str | None
) -> Sealed | None:
    if text is None:
        return None
    return (await _sealed(request, experimentation, field, [text]))[0]


ROUTES = (
    open_experimentation,
    extend_experimentation,
    join_project,
    leave_project,
    hold_project_meeting,
    review_criterion,
    record_communication,
    publish_kit,
    hand_over_kit,
    conclude_experimentation,
    spread_experimentation,
)
