"""
The register of professionals over HTTP: ids, codes and dates, never a name.

Who answers for a structure sees and keeps what its own professionals do for it, and nothing of what
they do for another one.
"""

from typing import Annotated

import msgspec
from litestar import get, post
from litestar.params import JSONBody, QueryParameter
from litestar.status_codes import HTTP_200_OK

from core.domain.command import PersonRef, SubjectId
from core.domain.event import Subject
from core.http.guard import needs
from core.http.paging import AtLeast, Page, PageAfter, PageLimit
from core.http.request import ApiRequest, PathId
from core.http.times import AsOf, KnownAt
from core.http.writing import Written, new_id, run
from core.registers.professionals import commands
from core.registers.professionals.state import PROFESSIONAL
from core.registers.professionals.vocabulary import (
    EtpPercent,
    Function,
    LeavingReason,
    Qualification,
    Training,
    TrainingMinutes,
)
from core.registers.professionals.wiring import KEEP, READ
from projections.reading import asked, reading
from projections.records import record
from projections.registers.api.body import Body
from projections.registers.professional_register import (
    PROFESSIONAL_REGISTER,
    ProfessionalRow,
    seen_from,
)

_StructureRef = Annotated[
    SubjectId,
    msgspec.Meta(
        description="Structure (UUID).", examples=["01890a5d-ac96-774b-bcce-b302099a8057"]
    ),
]
_Reason = Annotated[
    LeavingReason,
    msgspec.Meta(description="Motif, parmi une liste fermée.", examples=["contract_ended"]),
]


class ProfessionalToRegister(Body, frozen=True, kw_only=True):
    """Une personne de l'annuaire ; une structure et une fonction font sa première affectation."""

    person: PersonRef
    structure: _StructureRef | None = None
    function: Function | None = None
    etp_percent: EtpPercent | None = None


class AssignmentToStart(Body, frozen=True, kw_only=True):
    """Une fonction pour une structure, à partir de cette date."""

    structure: _StructureRef
    function: Function
    etp_percent: EtpPercent | None = None


class NewWorkingTime(Body, frozen=True, kw_only=True):
    """La quotité de travail à partir de cette date."""

    etp_percent: EtpPercent


class Leaving(Body, frozen=True, kw_only=True):
    """Le dernier jour, et pourquoi."""

    reason: _Reason


class QualificationToRecord(Body, frozen=True, kw_only=True):
    """Un diplôme ou un titre, obtenu à cette date."""

    qualification: Qualification


class TrainingToRecord(Body, frozen=True, kw_only=True):
    """Une formation menée à son terme à cette date ; `by` est la structure qui l'a donnée."""

    training: Training
    minutes: TrainingMinutes | None = None
    by: _StructureRef | None = None


class AccountToLink(Body, frozen=True, kw_only=True):
    """Le compte qui représente ce professionnel : son identifiant au hasard, jamais un nom."""

    account: Annotated[
        SubjectId,
        msgspec.Meta(
            description="Compte (UUID).", examples=["01890a5d-ac96-774b-bcce-b302099a8059"]
        ),
    ]


class AccountToUnlink(Body, frozen=True, kw_only=True):
    """Le compte ne représente plus ce professionnel à partir de cette date."""


@post("/professionals", opt=needs(KEEP.code, by_command=True), summary="Inscrire un professionnel")
async def register(request: ApiRequest, data: JSONBody[ProfessionalToRegister]) -> Written:
    professional, fields = Subject(await new_id(request)), msgspec.structs.asdict(data)
    return await run(request, commands.RegisterProfessional(professional=professional, **fields))


@post(
    "/professionals/{professional:str}/assignments",
    opt=needs(KEEP.code, by_command=True),
    summary="Affecter un professionnel à une fonction dans une structure",
)
async def start_assignment(
    request: ApiRequest, professional: PathId, data: JSONBody[AssignmentToStart]
) -> Written:
    fields = msgspec.structs.asdict(data)
    return await run(request, commands.StartAssignment(professional=professional, **fields))


@post(
    "/professionals/{professional:str}/assignments/{assignment:str}/working-time",
    opt=needs(KEEP.code, by_command=True),
    summary="Changer la quotité de travail d'une affectation",
    status_code=HTTP_200_OK,
)
async def change_working_time(
    request: ApiRequest, professional: PathId, assignment: PathId, data: JSONBody[NewWorkingTime]
) -> Written:
    command = commands.ChangeWorkingTime(
        professional=professional, assignment=assignment, **msgspec.structs.asdict(data)
    )
    return await run(request, command)


@post(
    "/professionals/{professional:str}/assignments/{assignment:str}/end",
    opt=needs(KEEP.code, by_command=True),
    summary="Mettre fin à une affectation",
    status_code=HTTP_200_OK,
)
async def end_assignment(
    request: ApiRequest, professional: PathId, assignment: PathId, data: JSONBody[Leaving]
) -> Written:
    command = commands.EndAssignment(
        professional=professional, assignment=assignment, **msgspec.structs.asdict(data)
    )
    return await run(request, command)


@post(
    "/professionals/{professional:str}/qualifications",
    opt=needs(KEEP.code, by_command=True),
    summary="Enregistrer une qualification",
)
async def record_qualification(
    request: ApiRequest, professional: PathId, data: JSONBody[QualificationToRecord]
) -> Written:
    fields = msgspec.structs.asdict(data)
    return await run(request, commands.RecordQualification(professional=professional, **fields))


@post(
    "/professionals/{professional:str}/trainings",
    opt=needs(KEEP.code, by_command=True),
    summary="Enregistrer une formation suivie",
)
async def record_training(
    request: ApiRequest, professional: PathId, data: JSONBody[TrainingToRecord]
) -> Written:
    fields = msgspec.structs.asdict(data)
    return await run(request, commands.RecordTraining(professional=professional, **fields))


@post(
    "/professionals/{professional:str}/account",
    opt=needs(KEEP.code, by_command=True),
    summary="Dire quel compte représente un professionnel",
    status_code=HTTP_200_OK,
)
async def link_account(
    request: ApiRequest, professional: PathId, data: JSONBody[AccountToLink]
) -> Written:
    fields = msgspec.structs.asdict(data)
    return await run(request, commands.LinkAccount(professional=professional, **fields))


@post(
    "/professionals/{professional:str}/account/end",
    opt=needs(KEEP.code, by_command=True),
    summary="Dire qu'aucun compte ne représente plus un professionnel",
    status_code=HTTP_200_OK,
)
async def unlink_account(
    request: ApiRequest, professional: PathId, data: JSONBody[AccountToUnlink]
) -> Written:
    command = commands.UnlinkAccount(professional=professional, occurred_at=data.occurred_at)
    return await run(request, command)


@post(
    "/professionals/{professional:str}/end",
    opt=needs(KEEP.code, by_command=True),
    summary="Dire qu'un professionnel n'exerce plus",
    status_code=HTTP_200_OK,
)
async def end_engagement(
    request: ApiRequest, professional: PathId, data: JSONBody[Leaving]
) -> Written:
    fields = msgspec.structs.asdict(data)
    return await run(request, commands.EndEngagement(professional=professional, **fields))


@get(
    "/professionals",
    opt=needs(READ.code, listed=True),
    summary="Les professionnels, du plus anciennement inscrit au plus récent",
)
async def list_professionals(
    request: ApiRequest,
    structure: Annotated[
        SubjectId | None, QueryParameter(description="Structure pour laquelle ils travaillent.")
    ] = None,
    function: Annotated[
        Function | None, QueryParameter(description="Fonction qu'ils exercent.")
    ] = None,
    trained_in: Annotated[
        Training | None, QueryParameter(description="Formation qu'ils ont suivie.")
    ] = None,
    person: Annotated[PersonRef | None, QueryParameter(description="Qui ils sont.")] = None,
    engaged: Annotated[
        bool | None, QueryParameter(description="Qui exercent, ou qui n'exercent plus.")
    ] = None,
    at_least: AtLeast = None,
    after: PageAfter = None,
    limit: PageLimit = 50,
) -> Page[ProfessionalRow]:
    async with reading(request, PROFESSIONAL_REGISTER, at_least=at_least) as models:
        page = await models.page(
            PROFESSIONAL_REGISTER,
            where=asked(
                structures=structure,
                functions=function,
                trained_in=trained_in,
                person=person,
                engaged=engaged,
            ),
            order=("registered_on",),
            after=after,
            limit=limit,
        )
    rows = [_seen(request, row) for row in page.items]
    # A filter says nothing either of what they do for others: a page may then be shorter.
    return Page(
        [
            row
            for row in rows
            if (structure is None or structure in row.structures)
            and (function is None or function in row.functions)
        ],
        page.next,
    )


@get(
    "/professionals/{professional:str}",
    opt=needs(READ.code, related=PROFESSIONAL, by="professional"),
    summary="Un professionnel et toutes ses affectations",
)
async def read(
    request: ApiRequest,
    professional: PathId,
    at_least: AtLeast = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
) -> ProfessionalRow:
    row = await record(
        request,
        PROFESSIONAL_REGISTER,
        professional,
        at_least=at_least,
        as_of=as_of,
        known_at=known_at,
    )
    return _seen(request, row)


def _seen(request: ApiRequest, row: ProfessionalRow) -> ProfessionalRow:
    """The row as who asks may see it: whole, when it is theirs or when they may read all."""
    tenant = request.tenant.code
    structures = request.user.structures(tenant, READ.code)
    themselves = {row.professional, row.account} & request.user.ids(tenant)
    return row if structures is None or themselves else seen_from(row, structures)


ROUTES = (
    register,
    start_assignment,
    change_working_time,
    end_assignment,
    record_qualification,
    record_training,
    link_account,
    unlink_account,
    end_engagement,
    list_professionals,
    read,
)
