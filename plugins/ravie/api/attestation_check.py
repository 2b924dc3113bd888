"""What an attestation is worth, for whoever is shown one: no account, and nobody's name."""

from datetime import date
from typing import Annotated

import msgspec
from litestar import Response, get
from litestar.params import PathParameter

from core.domain.refusal import Refusal
from core.http.guard import PUBLIC
from core.http.problem import NotFound
from core.http.request import ApiRequest
from core.tenancy import Tenant, UnknownTenant
from plugins.ravie.papers.attestation import name_on
from plugins.ravie.papers.check import check_code as code_of
from plugins.ravie.papers.check import same_code
from plugins.ravie.papers.words import hours_in_words
from plugins.ravie.projections.attestation_register import ATTESTATION_REGISTER, Attestation
from projections.reading import ReadModels, reading
from projections.registers.structure_register import STRUCTURE_REGISTER, StructureRow

_CHECK = "/attestations/check"

# No pattern: whatever is wrong with an attestation that is checked, the answer is the same.
_Number = Annotated[str, PathParameter(description="Numéro de l'attestation.", max_length=100)]
_CheckCode = Annotated[str, PathParameter(description="Code de vérification.", max_length=100)]


def check_path(tenant: Tenant, number: str, code: str) -> str:
    """Where an attestation is checked; printed on it, so never changed."""
    return f"/api/v1/tenants/{tenant.code}/ravie{_CHECK}/{number}/{code}"


class CheckedAttestation(msgspec.Struct, frozen=True, kw_only=True):
    """
    Ce que vaut une attestation, et ce qu'elle dit ; jamais à qui elle a été délivrée.

    `status` vaut valid, replaced ou withdrawn ; `hours` s'écrit « 14 h 15 ».
    """

    number: str
    status: str
    issuer: str
    structure: str | None
    theme: str
    hours: str
    minutes: int
    complete: bool
    interrupted: bool
    days: list[date]
    issued_on: date
    ended_on: date | None
    replaced_by: str | None


@get(
    f"{_CHECK}/{{number:str}}/{{check_code:str}}",
    opt=PUBLIC,
    summary="Vérifier une attestation, sans compte",
)
async def check_attestation(
    request: ApiRequest, number: _Number, check_code: _CheckCode
) -> Response[CheckedAttestation]:
    """Le numéro et le code imprimés sur l'attestation ; ce qui n'existe pas n'est pas trouvé."""
    try:
        async with reading(request, ATTESTATION_REGISTER, STRUCTURE_REGISTER) as models:
            found = await models.page(ATTESTATION_REGISTER, where={"number": number}, limit=1)
            row = found.items[0] if found.items else None
            structure = None if row is None else await structure_of(models, row)
            replaced_by = None if row is None else await replacing(models, row)
    except (UnknownTenant, Refusal) as error:
        # No such tenant, or none that issues attestations: told like a wrong code.
        raise NotFound from error
    if not await _is_its_code(request, row, check_code) or row is None:
        raise NotFound
    checked = CheckedAttestation(
        number=row.number,
        status=row.state,
        issuer=request.tenant.name,
        structure=None if structure is None else name_on(structure, row.issued_on),
        theme=row.theme,
        hours=hours_in_words(row.minutes),
        minutes=row.minutes,
        complete=row.complete,
        interrupted=row.interrupted,
        days=list(row.days),
        issued_on=row.issued_on,
        ended_on=row.ended_on,
        replaced_by=replaced_by,
    )
    return Response(checked, headers={"Cache-Control": "no-store"})


async def _is_its_code(request: ApiRequest, row: Attestation | None, code: str) -> bool:
    """A number that was never given takes as long as one that was."""
    attestation = "none" if row is None else row.attestation
    expected = await code_of(request.house.vault, request.tenant, attestation)
    return same_code(code, expected)


async def structure_of(models: ReadModels, row: Attestation) -> StructureRow | None:
    """The structure that ran the cycle, when one did."""
    return None if row.structure is None else await models.one(STRUCTURE_REGISTER, row.structure)


async def replacing(models: ReadModels, row: Attestation) -> str | None:
    """The number of the attestation that took the place of this one."""
    if row.replaced_by is None:
        return None
    replacing = await models.one(ATTESTATION_REGISTER, row.replaced_by)
    return None if replacing is None else replacing.number


ROUTES = (check_attestation,)
