"""The register of conventions over HTTP; a structure reads those it has signed."""

from typing import Annotated, Literal

import msgspec
from litestar import get, post
from litestar.params import JSONBody, QueryParameter
from litestar.status_codes import HTTP_200_OK

from core.domain.command import SubjectId
from core.domain.event import Subject
from core.http.guard import needs
from core.http.paging import AtLeast, Page, PageAfter, PageLimit
from core.http.request import ApiRequest, PathId
from core.http.times import AsOf, KnownAt
from core.http.writing import Written, new_id, run
from core.registers.conventions import commands
from core.registers.conventions.commands import Parties
from core.registers.conventions.state import CONVENTION
from core.registers.conventions.vocabulary import (
    Cents,
    ConventionKind,
    Day,
    DeliverableCode,
    Reason,
    TargetCode,
    TargetValue,
    WeeklyMinutes,
)
from core.registers.conventions.wiring import KEEP, READ
from projections.reading import asked, reading
from projections.records import record
from projections.registers.api.body import Body
from projections.registers.convention_register import CONVENTION_REGISTER, ConventionRow
from projections.registers.deliverables import DELIVERABLES, DeliverableDue

_Party = Annotated[
    SubjectId,
    msgspec.Meta(
        description="Structure signataire (UUID) ; la collectivité elle-même si absente.",
        examples=["01890a5d-ac96-774b-bcce-b302099a8057"],
    ),
]
_Place = Annotated[
    SubjectId,
    msgspec.Meta(description="Lieu (UUID).", examples=["01890a5d-ac96-774b-bcce-b302099a8058"]),
]
_BY_COMMAND = needs(KEEP.code, by_command=True)


class ConventionToSign(Body, frozen=True, kw_only=True):
    """Les signataires, et la collectivité si `with_tenant` ; le dernier jour est compris."""

    kind: ConventionKind
    parties: Parties
    with_tenant: bool = True
    starts_on: Day
    ends_on: Day | None = None
    amount_cents: Cents | None = None


class AvenantToSign(Body, frozen=True, kw_only=True):
    """Ce que l'avenant change : le terme, le montant, ou les deux."""

    ends_on: Day | None = None
    amount_cents: Cents | None = None


class PremisesToLend(Body, frozen=True, kw_only=True):
    """Un lieu prêté par un signataire."""

    place: _Place
    by: _Party | None = None
    weekly_minutes: WeeklyMinutes | None = None


class Returning(Body, frozen=True, kw_only=True):
    """Quand le lieu a été rendu."""


class DeliverableToAgree(Body, frozen=True, kw_only=True):
    """Ce qu'un signataire doit, et pour quel jour au plus tard."""

    code: DeliverableCode
    due_on: Day
    by: _Party | None = None


class NewDueDay(Body, frozen=True, kw_only=True):
    """Le nouveau jour attendu."""

    due_on: Day


class DeliverableHandedIn(Body, frozen=True, kw_only=True):
    """Quand le livrable a été remis."""


class Waiver(Body, frozen=True, kw_only=True):
    """Pourquoi le livrable n'est plus attendu."""

    reason: Reason


class TargetToSet(Body, frozen=True, kw_only=True):
    """Un objectif chiffré ; fixé de nouveau, il est révisé."""

    target: TargetCode
    value: TargetValue
    by_day: Day | None = None


class Ending(Body, frozen=True, kw_only=True):
    """Quand et pourquoi la convention prend fin."""

    reason: Reason


class Denunciation(Body, frozen=True, kw_only=True):
    """Quand, pourquoi et par qui la convention est dénoncée."""

    reason: Reason
    by: _Party | None = None


@post("/conventions", opt=_BY_COMMAND, summary="Enregistrer une convention signée")
async def sign(request: ApiRequest, data: JSONBody[ConventionToSign]) -> Written:
    convention, fields = Subject(await new_id(request)), msgspec.structs.asdict(data)
    return await run(request, commands.SignConvention(convention=convention, **fields))


@post(
    "/conventions/{convention:str}/avenants",
    opt=_BY_COMMAND,
    summary="Enregistrer un avenant",
)
async def amend(request: ApiRequest, convention: PathId, data: JSONBody[AvenantToSign]) -> Written:
    fields = msgspec.structs.asdict(data)
    return await run(request, commands.SignAvenant(convention=convention, **fields))


@post(
    "/conventions/{convention:str}/premises",
    opt=_BY_COMMAND,
    summary="Enregistrer un lieu prêté",
)
async def lend(request: ApiRequest, convention: PathId, data: JSONBody[PremisesToLend]) -> Written:
    fields = msgspec.structs.asdict(data)
    return await run(request, commands.LendPremises(convention=convention, **fields))


@post(
    "/conventions/{convention:str}/premises/{place:str}/return",
    opt=_BY_COMMAND,
    summary="Enregistrer le retour d'un lieu prêté",
    status_code=HTTP_200_OK,
)
async def give_back(
    request: ApiRequest, convention: PathId, place: PathId, data: JSONBody[Returning]
) -> Written:
    command = commands.ReturnPremises(
        convention=convention, place=place, occurred_at=data.occurred_at
    )
    return await run(request, command)


@post(
    "/conventions/{convention:str}/deliverables",
    opt=_BY_COMMAND,
    summary="Convenir d'un livrable",
)
async def agree(
    request: ApiRequest, convention: PathId, data: JSONBody[DeliverableToAgree]
) -> Written:
    fields = msgspec.structs.asdict(data)
    return await run(request, commands.AgreeDeliverable(convention=convention, **fields))


@post(
    "/conventions/{convention:str}/deliverables/{deliverable:str}/due-day",
    opt=_BY_COMMAND,
    summary="Changer le jour attendu d'un livrable",
    status_code=HTTP_200_OK,
)
async def postpone(
    request: ApiRequest, convention: PathId, deliverable: PathId, data: JSONBody[NewDueDay]
) -> Written:
    command = commands.PostponeDeliverable(
        convention=convention, deliverable=deliverable, **msgspec.structs.asdict(data)
    )
    return await run(request, command)


@post(
    "/conventions/{convention:str}/deliverables/{deliverable:str}/delivery",
    opt=_BY_COMMAND,
    summary="Enregistrer la remise d'un livrable",
    status_code=HTTP_200_OK,
)
async def deliver(
    request: ApiRequest,
    convention: PathId,
    deliverable: PathId,
    data: JSONBody[DeliverableHandedIn],
) -> Written:
    command = commands.Deliver(
        convention=convention, deliverable=deliverable, occurred_at=data.occurred_at
    )
    return await run(request, command)


@post(
    "/conventions/{convention:str}/deliverables/{deliverable:str}/waiver",
    opt=_BY_COMMAND,
    summary="Renoncer à un livrable",
    status_code=HTTP_200_OK,
)
async def waive(
    request: ApiRequest, convention: PathId, deliverable: PathId, data: JSONBody[Waiver]
) -> Written:
    command = commands.WaiveDeliverable(
        convention=convention, deliverable=deliverable, **msgspec.structs.asdict(data)
    )
    return await run(request, command)


@post(
    "/conventions/{convention:str}/targets",
    opt=_BY_COMMAND,
    summary="Fixer ou réviser un objectif chiffré",
    status_code=HTTP_200_OK,
)
async def set_target(
    request: ApiRequest, convention: PathId, data: JSONBody[TargetToSet]
) -> Written:
    fields = msgspec.structs.asdict(data)
    return await run(request, commands.SetTarget(convention=convention, **fields))


@post(
    "/conventions/{convention:str}/end",
    opt=_BY_COMMAND,
    summary="Dire qu'une convention a pris fin",
    status_code=HTTP_200_OK,
)
async def end(request: ApiRequest, convention: PathId, data: JSONBody[Ending]) -> Written:
    fields = msgspec.structs.asdict(data)
    return await run(request, commands.EndConvention(convention=convention, **fields))


@post(
    "/conventions/{convention:str}/denunciation",
    opt=_BY_COMMAND,
    summary="Dire qu'une convention est dénoncée",
    status_code=HTTP_200_OK,
)
async def denounce(
    request: ApiRequest, convention: PathId, data: JSONBody[Denunciation]
) -> Written:
    fields = msgspec.structs.asdict(data)
    return await run(request, commands.DenounceConvention(convention=convention, **fields))


@get(
    "/conventions",
    opt=needs(READ.code, listed=True),
    summary="Les conventions, de la plus ancienne à la plus récente",
)
async def list_conventions(
    request: ApiRequest,
    kind: Annotated[
        ConventionKind | None, QueryParameter(description="Sorte de convention.")
    ] = None,
    party: Annotated[SubjectId | None, QueryParameter(description="Signataire.")] = None,
    standing: Annotated[
        Literal["running", "ended", "denounced"] | None,
        QueryParameter(name="state", description="En cours, terminée ou dénoncée."),
    ] = None,
    at_least: AtLeast = None,
    after: PageAfter = None,
    limit: PageLimit = 50,
) -> Page[ConventionRow]:
    async with reading(request, CONVENTION_REGISTER, at_least=at_least) as models:
        return await models.page(
            CONVENTION_REGISTER,
            where=asked(kind=kind, parties=party, state=standing),
            order=("signed_on",),
            after=after,
            limit=limit,
        )


@get(
    "/conventions/{convention:str}",
    opt=needs(READ.code, related=CONVENTION, by="convention"),
    summary="Une convention, ses avenants et ce qui est dû",
)
async def read(
    request: ApiRequest,
    convention: PathId,
    at_least: AtLeast = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
) -> ConventionRow:
    return await record(
        request, CONVENTION_REGISTER, convention, at_least=at_least, as_of=as_of, known_at=known_at
    )


@get(
    "/deliverables",
    opt=needs(READ.code, listed=True),
    summary="Les livrables des conventions, par jour attendu",
)
async def list_deliverables(
    request: ApiRequest,
    owed_by: Annotated[SubjectId | None, QueryParameter(description="Qui le doit.")] = None,
    is_open: Annotated[
        bool | None, QueryParameter(name="open", description="Attendus, ou soldés.")
    ] = None,
    at_least: AtLeast = None,
    after: PageAfter = None,
    limit: PageLimit = 50,
) -> Page[DeliverableDue]:
    async with reading(request, DELIVERABLES, at_least=at_least) as models:
        return await models.page(
            DELIVERABLES,
            where=asked(by=owed_by, open=is_open),
            order=("due_on",),
            after=after,
            limit=limit,
        )


ROUTES = (
    sign,
    amend,
    lend,
    give_back,
    agree,
    postpone,
    deliver,
    waive,
    set_target,
    end,
    denounce,
    list_conventions,
    read,
    list_deliverables,
)
