"""Who conducts a cycle."""

from typing import Annotated

import msgspec
from litestar import post
from litestar.params import JSONBody
from litestar.status_codes import HTTP_200_OK

from core.domain.command import Code, SubjectId
from core.http.guard import needs
from core.http.request import ApiRequest, PathId
from core.http.writing import Written, run
from plugins.ravie.animateur import commands
from plugins.ravie.api.body import Body
from plugins.ravie.permissions import PLAN


class Designation(Body, frozen=True, kw_only=True):
    """Un professionnel qui anime désormais le cycle ; le motif est celui du changement."""

    animateur: SubjectId
    reason: Annotated[Code, msgspec.Meta(description="Motif (code).", examples=["replaced"])] = (
        "replaced"
    )


class AnimateurEnd(Body, frozen=True, kw_only=True):
    """Pourquoi plus personne n'anime le cycle, jusqu'à une nouvelle désignation."""

    reason: Annotated[Code, msgspec.Meta(description="Motif (code).", examples=["resigned"])]


@post(
    "/cycles/{cycle:str}/animateur",
    opt=needs(PLAN.code, by_command=True),
    summary="Désigner l'animateur d'un cycle, ou en changer",
    status_code=HTTP_200_OK,
)
async def designate(request: ApiRequest, cycle: PathId, data: JSONBody[Designation]) -> Written:
    fields = msgspec.structs.asdict(data)
    return await run(request, commands.DesignateAnimateur(cycle=cycle, **fields))


@post(
    "/cycles/{cycle:str}/animateur/end",
    opt=needs(PLAN.code, by_command=True),
    summary="Mettre fin à l'animation d'un cycle",
    status_code=HTTP_200_OK,
)
async def end(request: ApiRequest, cycle: PathId, data: JSONBody[AnimateurEnd]) -> Written:
    fields = msgspec.structs.asdict(data)
    return await run(request, commands.EndAnimateur(cycle=cycle, **fields))


ROUTES = (designate, end)
