"""Attestations: issued, replaced, withdrawn, printed; and checked by whoever is shown one."""

from typing import Annotated

import msgspec
from litestar import Response, get, post
from litestar.params import JSONBody
from litestar.status_codes import HTTP_200_OK

from core.documents.documents import render
from core.domain.command import Code, PersonRef
from core.http.attachments import file
from core.http.guard import needs
from core.http.paging import AtLeast, Page, PageAfter, PageLimit
from core.http.problem import NotFound
from core.http.request import ApiRequest, PathId
from core.http.times import AsOf, KnownAt
from core.http.writing import Written, execute, run
from plugins.ravie.api.attestation_check import check_path, replacing, structure_of
from plugins.ravie.api.body import Body
from plugins.ravie.attestation.commands import IssueAttestations, WithdrawAttestation
from plugins.ravie.attestation.events import AttestationIssued
from plugins.ravie.cycle.state import CYCLE
from plugins.ravie.papers.attestation import TEMPLATE, attestation_data
from plugins.ravie.papers.check import check_code
from plugins.ravie.permissions import ATTEST, READ
from plugins.ravie.projections.attestation_register import ATTESTATION_REGISTER, Attestation
from plugins.ravie.projections.participations import PARTICIPATIONS, Participation
from projections.reading import ReadModels, reading
from projections.records import record
from projections.registers.structure_register import STRUCTURE_REGISTER

_ONE_CYCLE = needs(READ.code, related=CYCLE, by="cycle")


class AttestationsToIssue(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Pour une personne, ou pour toutes celles qui ont signé et n'ont pas d'attestation à jour."""

    person: PersonRef | None = None


class AttestationToWithdraw(Body, frozen=True, kw_only=True):
    """Pourquoi l'attestation n'aurait pas dû être délivrée."""

    reason: Annotated[Code, msgspec.Meta(examples=["given_by_mistake"])]


class IssuedAttestation(msgspec.Struct, frozen=True, kw_only=True):
    """Ce qu'une attestation délivrée dit ; `replaces` est celle qu'elle remplace."""

    attestation: str
    number: str
    person: str
    minutes: int
    complete: bool
    replaces: str | None


class IssuedAttestations(msgspec.Struct, frozen=True, kw_only=True):
    """Les attestations délivrées, dans l'ordre de leurs numéros ; aucune si toutes sont à jour."""

    items: list[IssuedAttestation]
    position: int
    repeated: bool


@post(
    "/cycles/{cycle:str}/attestations",
    opt=needs(ATTEST.code, by_command=True),
    summary="Délivrer l'attestation d'une personne, ou celles de tout un cycle",
)
async def issue_attestations(
    request: ApiRequest, cycle: PathId, data: JSONBody[AttestationsToIssue]
) -> IssuedAttestations:
    """Elles disent les heures réellement signées ; celle qui ne les dit plus est remplacée."""
    done = await execute(request, IssueAttestations(cycle=cycle, person=data.person))
    issued = [r.fact for r in done.facts if isinstance(r.fact, AttestationIssued)]
    return IssuedAttestations(
        items=[
            IssuedAttestation(
                attestation=fact.attestation,
                number=fact.number,
                person=fact.person,
                minutes=fact.minutes,
                complete=fact.complete,
                replaces=fact.replaces,
            )
            for fact in issued
        ],
        position=done.position,
        repeated=done.repeated,
    )


@post(
    "/cycles/{cycle:str}/attestations/{attestation:str}/withdrawal",
    opt=needs(ATTEST.code, by_command=True),
    summary="Retirer une attestation",
    status_code=HTTP_200_OK,
)
async def withdraw_attestation(
    request: ApiRequest,
    cycle: PathId,
    attestation: PathId,
    data: JSONBody[AttestationToWithdraw],
) -> Written:
    command = WithdrawAttestation(
        cycle=cycle,
        attestation=attestation,
        reason=data.reason,
        occurred_at=data.occurred_at,
    )
    return await run(request, command)


@get(
    "/cycles/{cycle:str}/attestations",
    opt=_ONE_CYCLE,
    summary="Les attestations d'un cycle, par numéro",
)
async def list_attestations_of_cycle(
    request: ApiRequest,
    cycle: PathId,
    at_least: AtLeast = None,
    after: PageAfter = None,
    limit: PageLimit = 50,
) -> Page[Attestation]:
    async with reading(request, ATTESTATION_REGISTER, at_least=at_least) as models:
        return await models.page(
            ATTESTATION_REGISTER,
            where={"cycle": cycle},
            order=("number",),
            after=after,
            limit=limit,
        )


@get(
    "/attestations",
    opt=needs(READ.code, listed=True),
    summary="Les attestations de la collectivité, par numéro",
)
async def list_attestations(
    request: ApiRequest, at_least: AtLeast = None, after: PageAfter = None, limit: PageLimit = 50
) -> Page[Attestation]:
    async with reading(request, ATTESTATION_REGISTER, at_least=at_least) as models:
        return await models.page(ATTESTATION_REGISTER, order=("number",), after=after, limit=limit)


@get(
    "/attestations-to-reissue",
    opt=needs(READ.code),
    summary="Les participations dont l'attestation ne dit plus les heures signées",
)
async def list_attestations_to_reissue(
    request: ApiRequest, at_least: AtLeast = None, after: PageAfter = None, limit: PageLimit = 50
) -> Page[Participation]:
    async with reading(request, PARTICIPATIONS, at_least=at_least) as models:
        return await models.page(
            PARTICIPATIONS, where={"to_reissue": True}, after=after, limit=limit
        )


@get(
    "/cycles/{cycle:str}/attestations/{attestation:str}",
    opt=_ONE_CYCLE,
    summary="Une attestation",
)
async def read_attestation(
    request: ApiRequest,
    cycle: PathId,
    attestation: PathId,
    at_least: AtLeast = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
) -> Attestation:
    row = await record(
        request,
        ATTESTATION_REGISTER,
        attestation,
        at_least=at_least,
        as_of=as_of,
        known_at=known_at,
    )
    if row.cycle != cycle:
        raise NotFound
    return row


@get(
    "/cycles/{cycle:str}/attestations/{attestation:str}/attestation.pdf",
    opt=needs(ATTEST.code, related=CYCLE, by="cycle"),
    summary="L'attestation à remettre à la personne (PDF)",
    media_type="application/pdf",
)
async def print_attestation(
    request: ApiRequest, cycle: PathId, attestation: PathId, at_least: AtLeast = None
) -> Response[bytes]:
    """Le nom de la personne y figure : le journal des accès dit qui l'a imprimée."""
    house, tenant = request.house, request.tenant
    async with reading(
        request, ATTESTATION_REGISTER, STRUCTURE_REGISTER, at_least=at_least
    ) as models:
        row = await _of_cycle(models, cycle, attestation)
        structure = await structure_of(models, row)
        replaced_by = await replacing(models, row)
    identities = await house.people.identities(tenant, [row.person], request.reading)
    code = await check_code(house.vault, tenant, attestation)
    url = house.public_url + check_path(tenant, row.number, code)
    identity = next(iter(identities.values()), None)
    data = attestation_data(tenant.name, row, identity, structure, (url, code), replaced_by)
    content = await render(TEMPLATE, data, made_at=row.issued_at)
    response = file(content, "application/pdf", file_name=f"attestation-{row.number}")
    response.headers["Cache-Control"] = "no-store"
    return response


async def _of_cycle(models: ReadModels, cycle: str, attestation: str) -> Attestation:
    row = await models.one(ATTESTATION_REGISTER, attestation)
    if row is None or row.cycle != cycle:
        raise NotFound
    return row


ROUTES = (
    issue_attestations,
    withdraw_attestation,
    list_attestations_of_cycle,
    list_attestations,
    list_attestations_to_reissue,
    read_attestation,
    print_attestation,
)
