"""Relais and their partners: what may be asked, and what is read."""

from typing import Annotated

import msgspec
from litestar import get, post
from litestar.params import JSONBody, QueryParameter
from litestar.status_codes import HTTP_200_OK

from core.domain.command import Code, SubjectId
from core.domain.event import Subject
from core.http.guard import needs
from core.http.paging import AtLeast, Page, PageAfter, PageLimit
from core.http.request import ApiRequest, PathId
from core.http.times import AsOf, KnownAt
from core.http.writing import Written, new_id, run
from plugins.ravie.api.body import Body
from plugins.ravie.permissions import READ, RUN_RELAIS
from plugins.ravie.projections.cycle_register import CYCLE_REGISTER
from plugins.ravie.projections.relais_dashboard import RelaisDashboard, dashboard
from plugins.ravie.projections.relais_register import RELAIS_REGISTER, RelaisRegister
from plugins.ravie.relais import commands
from plugins.ravie.relais.events import AddressKey, Commune, RelaisName
from plugins.ravie.relais.state import RELAIS
from plugins.ravie.vocabulary import PartnerRole, RelaisStatus
from projections.reading import asked, reading
from projections.records import record

_REASON = msgspec.Meta(description="Motif (code).", examples=["convention_ended"])
_ROLE = msgspec.Meta(description="Ce que la structure fait dans le relais.", examples=["host"])


class RelaisToOpen(Body, frozen=True, kw_only=True):
    """Un relais : son nom, la structure qui le porte, le lieu où il reçoit."""

    name: Annotated[RelaisName, msgspec.Meta(examples=["Relais assistants de vie de Gap"])]
    structure: SubjectId | None = None
    place: SubjectId | None = None
    commune: Commune | None = None
    address: AddressKey | None = None


class PartnerToAttach(Body, frozen=True, kw_only=True):
    """Une structure, son rôle dans le relais, et la convention qui le dit."""

    structure: SubjectId
    role: Annotated[PartnerRole, _ROLE]
    convention: SubjectId | None = None


class PartnerDeparture(Body, frozen=True, kw_only=True):
    """Le rôle que la structure n'a plus, et pourquoi."""

    role: Annotated[PartnerRole, _ROLE]
    reason: Annotated[Code, _REASON]


class RelaisReason(Body, frozen=True, kw_only=True):
    """Quand, et pour quel motif."""

    reason: Annotated[Code, msgspec.Meta(description="Motif (code).", examples=["works"])]


class Resumption(Body, frozen=True, kw_only=True):
    """Quand le relais a repris."""


@post("/relais", opt=needs(RUN_RELAIS.code), summary="Ouvrir un relais")
async def open_relais(request: ApiRequest, data: JSONBody[RelaisToOpen]) -> Written:
    command = commands.OpenRelais(
        relais=Subject(await new_id(request)),
        title=data.name,
        structure=data.structure,
        place=data.place,
        commune=data.commune,
        address=data.address,
        occurred_at=data.occurred_at,
    )
    return await run(request, command)


@post(
    "/relais/{relais:str}/partners",
    opt=needs(RUN_RELAIS.code),
    summary="Rattacher un partenaire à un relais",
)
async def attach_partner(
    request: ApiRequest, relais: PathId, data: JSONBody[PartnerToAttach]
) -> Written:
    fields = msgspec.structs.asdict(data)
    return await run(request, commands.AttachPartner(relais=relais, **fields))


@post(
    "/relais/{relais:str}/partners/{structure:str}/departure",
    opt=needs(RUN_RELAIS.code),
    summary="Enregistrer le départ d'un partenaire",
    status_code=HTTP_200_OK,
)
async def detach_partner(
    request: ApiRequest, relais: PathId, structure: PathId, data: JSONBody[PartnerDeparture]
) -> Written:
    fields = msgspec.structs.asdict(data)
    command = commands.DetachPartner(relais=relais, structure=structure, **fields)
    return await run(request, command)


@post(
    "/relais/{relais:str}/suspension",
    opt=needs(RUN_RELAIS.code),
    summary="Suspendre un relais",
    status_code=HTTP_200_OK,
)
async def suspend(request: ApiRequest, relais: PathId, data: JSONBody[RelaisReason]) -> Written:
    fields = msgspec.structs.asdict(data)
    return await run(request, commands.SuspendRelais(relais=relais, **fields))


@post(
    "/relais/{relais:str}/resumption",
    opt=needs(RUN_RELAIS.code),
    summary="Reprendre un relais suspendu",
    status_code=HTTP_200_OK,
)
async def resume(request: ApiRequest, relais: PathId, data: JSONBody[Resumption]) -> Written:
    return await run(request, commands.ResumeRelais(relais=relais, occurred_at=data.occurred_at))


@post(
    "/relais/{relais:str}/closing",
    opt=needs(RUN_RELAIS.code),
    summary="Clore un relais",
    status_code=HTTP_200_OK,
)
async def close(request: ApiRequest, relais: PathId, data: JSONBody[RelaisReason]) -> Written:
    fields = msgspec.structs.asdict(data)
    return await run(request, commands.CloseRelais(relais=relais, **fields))


_State = Annotated[
    RelaisStatus | None, QueryParameter(name="state", description="Ouverts, suspendus, clos.")
]


@get("/relais", opt=needs(READ.code, listed=True), summary="Les relais et leurs partenaires")
async def list_relais(
    request: ApiRequest,
    status: _State = None,
    at_least: AtLeast = None,
    after: PageAfter = None,
    limit: PageLimit = 50,
) -> Page[RelaisRegister]:
    async with reading(request, RELAIS_REGISTER, at_least=at_least) as models:
        return await models.page(
            RELAIS_REGISTER,
            where=asked(state=status),
            order=("opened_on",),
            after=after,
            limit=limit,
        )


@get(
    "/relais/{relais:str}",
    opt=needs(READ.code, related=RELAIS, by="relais"),
    summary="Un relais et ses partenaires",
)
async def read_relais(
    request: ApiRequest,
    relais: PathId,
    at_least: AtLeast = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
) -> RelaisRegister:
    return await record(
        request, RELAIS_REGISTER, relais, at_least=at_least, as_of=as_of, known_at=known_at
    )


@get(
    "/relais-dashboard",
    opt=needs(READ.code, listed=True),
    summary="Le tableau de bord des relais : cycles, heures, productions, partenaires",
)
async def read_dashboard(
    request: ApiRequest,
    status: _State = None,
    at_least: AtLeast = None,
    after: PageAfter = None,
    limit: PageLimit = 50,
) -> Page[RelaisDashboard]:
    now = request.house.application.clock.now(request.tenant.code)
    async with reading(request, RELAIS_REGISTER, CYCLE_REGISTER, at_least=at_least) as models:
        page = await models.page(
            RELAIS_REGISTER,
            where=asked(state=status),
            order=("opened_on",),
            after=after,
            limit=limit,
        )
        return Page(await dashboard(models, page.items, now), page.next)


ROUTES = (
    open_relais,
    attach_partner,
    detach_partner,
    suspend,
    resume,
    close,
    list_relais,
    read_relais,
    read_dashboard,
)
