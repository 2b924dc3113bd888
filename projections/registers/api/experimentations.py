"""
What may be told of an experimentation over HTTP.

Free text is plain in the request, and is sealed here under the key of the experimentation.
"""

from collections.abc import Sequence
from typing import Annotated

import msgspec
from litestar import post
from litestar.params import JSONBody, PathParameter
from litestar.status_codes import HTTP_200_OK

from core.directory.vault import Plain
from core.domain.command import Code
from core.domain.event import Subject
from core.domain.sealed import Sealed
from core.http.guard import needs
from core.http.request import ApiRequest, PathId
from core.http.writing import Written, new_id, run
from core.registers.experimentations import commands
from core.registers.experimentations.vocabulary import (
    Criterion,
)
from core.registers.experimentations.wiring import KEEP
from projections.registers.api.experimentation_bodies import (
    CommunicationToRecord,
    Conclusion,
    ExperimentationToOpen,
    Extension,
    KitToHandOver,
    KitToPublish,
    MeetingToRecord,
    MemberToJoin,
    MemberToLeave,
    ReviewToRecord,
    SpreadToRecord,
)

_TAGS = ["Expérimentations"]
_MAY = needs(KEEP.code, by_command=True)
PathCode = Annotated[
    Code, PathParameter(pattern="^[a-z0-9][a-z0-9_.:-]{0,63}$", description="Version (code).")
]


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
