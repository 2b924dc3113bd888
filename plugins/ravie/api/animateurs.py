"""Who conducts a cycle, and whether they followed the training that its référentiel asks."""

from typing import Annotated

import msgspec
from litestar import get, post
from litestar.params import JSONBody, QueryParameter
from litestar.status_codes import HTTP_200_OK

from core.domain.command import Code, SubjectId
from core.http.guard import needs
from core.http.paging import PAGE_LIMIT, AtLeast, Page, PageAfter, PageLimit
from core.http.problem import NotFound
from core.http.request import ApiRequest, PathId
from core.http.writing import Written, run
from plugins.ravie.animateur import commands
from plugins.ravie.api.body import Body
from plugins.ravie.cycle.state import CYCLE
from plugins.ravie.permissions import PLAN, READ
from plugins.ravie.projections.animateurs import ANIMATEURS, Animateur, Animation, animations
from plugins.ravie.projections.attendance_sheet import ATTENDANCE_SHEET
from plugins.ravie.projections.cycle_register import CYCLE_REGISTER
from projections.reading import asked, reading


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


@get(
    "/animateurs",
    opt=needs(READ.code),
    summary="Les animateurs, leur formation et les cycles qu'ils ont animés",
)
async def list_animateurs(
    request: ApiRequest,
    trained: Annotated[
        bool | None, QueryParameter(description="Formés à l'animation, ou non.")
    ] = None,
    at_least: AtLeast = None,
    after: PageAfter = None,
    limit: PageLimit = 50,
) -> Page[Animateur]:
    async with reading(request, ANIMATEURS, at_least=at_least) as models:
        return await models.page(ANIMATEURS, where=asked(trained=trained), after=after, limit=limit)


@get(
    "/cycles/{cycle:str}/animateurs",
    opt=needs(READ.code, related=CYCLE, by="cycle"),
    summary="Qui a animé un cycle, et si la formation demandée était suivie",
)
async def list_of_cycle(
    request: ApiRequest, cycle: PathId, at_least: AtLeast = None
) -> list[Animation]:
    of_three = (CYCLE_REGISTER, ATTENDANCE_SHEET, ANIMATEURS)
    async with reading(request, *of_three, at_least=at_least) as models:
        row = await models.one(CYCLE_REGISTER, cycle)
        if row is None:
            raise NotFound
        sheets = await models.page(ATTENDANCE_SHEET, where={"cycle": cycle}, limit=PAGE_LIMIT)
        people = await models.page(
            ANIMATEURS, where={"animateur": frozenset(row.animateurs)}, limit=PAGE_LIMIT
        )
    return animations(row, sheets.items, people.items)


ROUTES = (designate, end, list_animateurs, list_of_cycle)
