"""The register of structures over HTTP."""

from collections.abc import Sequence
from typing import Annotated, Any

import msgspec
from litestar import get, post, put
from litestar.params import JSONBody, QueryParameter
from litestar.status_codes import HTTP_200_OK

from core.domain.command import Code, Command
from core.domain.decider import fold
from core.domain.event import Recorded, Subject
from core.http.guard import needs
from core.http.paging import AtLeast, Page, PageAfter, PageLimit
from core.http.request import ApiRequest, PathId
from core.http.times import AsOf, KnownAt
from core.http.upsert import FromElsewhere, Upserted, upsert
from core.http.writing import Written, new_id, run
from core.registers.structures import commands
from core.registers.structures.commands import Kinds
from core.registers.structures.identifiers import Finess, Siren, Siret
from core.registers.structures.state import STRUCTURE
from core.registers.structures.vocabulary import DataRole, OrganisationName
from core.registers.structures.wiring import KEEP, READ
from projections.reading import asked, reading
from projections.records import record
from projections.registers.api.body import Body
from projections.registers.structure_register import STRUCTURE_REGISTER, StructureRow

_REASON = msgspec.Meta(description="Motif (code).", examples=["fusion"])
_PURPOSE = msgspec.Meta(description="Finalité du traitement (code).", examples=["ravie"])


class StructureToRegister(Body, frozen=True, kw_only=True):
    """Une organisation ; un SIRET seul donne son SIREN."""

    kinds: Kinds
    name: OrganisationName
    siren: Siren | None = None
    siret: Siret | None = None
    finess: Finess | None = None


class StructurePushed(FromElsewhere, frozen=True, kw_only=True):
    """Une organisation, et l'identifiant sous lequel le logiciel qui transmet la connaît."""

    kinds: Kinds
    name: OrganisationName
    siren: Siren | None = None
    siret: Siret | None = None
    finess: Finess | None = None


class Renaming(Body, frozen=True, kw_only=True):
    """Le nouveau nom ; l'ancien reste dans l'historique."""

    name: OrganisationName


class NewKinds(Body, frozen=True, kw_only=True):
    """Tout ce que la structure est désormais."""

    kinds: Kinds


class NewIdentifiers(Body, frozen=True, kw_only=True):
    """Tous ses numéros désormais ; un numéro laissé de côté n'est plus le sien."""

    siren: Siren | None = None
    siret: Siret | None = None
    finess: Finess | None = None


class DataRoleToTake(Body, frozen=True, kw_only=True):
    """Qui la structure est pour cette finalité, au sens du RGPD, à partir de cette date."""

    purpose: Annotated[Code, _PURPOSE]
    role: Annotated[
        DataRole,
        msgspec.Meta(
            description="Responsable, sous-traitant ou responsable conjoint du traitement.",
            examples=["controller"],
        ),
    ]


class DataRoleToLeave(Body, frozen=True, kw_only=True):
    """La finalité pour laquelle la structure n'est plus rien, à partir de cette date."""

    purpose: Annotated[Code, _PURPOSE]


class StructureClosing(Body, frozen=True, kw_only=True):
    """Quand et pourquoi la structure ferme, ou cesse de travailler ici."""

    reason: Annotated[Code, _REASON]


@post("/structures", opt=needs(KEEP.code), summary="Inscrire une structure")
async def register(request: ApiRequest, data: JSONBody[StructureToRegister]) -> Written:
    command = commands.RegisterStructure(
        structure=Subject(await new_id(request)),
        kinds=data.kinds,
        called=data.name,
        siren=data.siren,
        siret=data.siret,
        finess=data.finess,
        occurred_at=data.occurred_at,
    )
    return await run(request, command)


@put("/structures", opt=needs(KEEP.code), summary="Transmettre une structure")
async def put_structure(request: ApiRequest, data: JSONBody[StructurePushed]) -> Upserted:
    """Inscrite la première fois, puis changée en ce qui diffère ; un numéro non dit reste."""

    async def told(structure: Subject, known: Sequence[Recorded[Any]]) -> Sequence[Command]:
        if not known:
            return [
                commands.RegisterStructure(
                    structure=structure,
                    kinds=data.kinds,
                    called=data.name,
                    siren=data.siren,
                    siret=data.siret,
                    finess=data.finess,
                )
            ]
        now = fold(STRUCTURE, known)
        assert now is not None  # noqa: S101 - it has facts
        changes: list[Command] = []
        if data.name != now.name:
            changes.append(commands.RenameStructure(structure=structure, called=data.name))
        if set(data.kinds) != set(now.kinds):
            changes.append(commands.ChangeKinds(structure=structure, kinds=data.kinds))
        numbers = commands.ChangeIdentifiers(
            structure=structure,
            siren=data.siren or now.siren,
            siret=data.siret or now.siret,
            finess=data.finess or now.finess,
        )
        if (numbers.siren, numbers.siret, numbers.finess) != (now.siren, now.siret, now.finess):
            changes.append(numbers)
        return changes

    return await upsert(request, "structure", data, told)


@post(
    "/structures/{structure:str}/name",
    opt=needs(KEEP.code),
    summary="Renommer une structure",
    status_code=HTTP_200_OK,
)
async def rename(request: ApiRequest, structure: PathId, data: JSONBody[Renaming]) -> Written:
    command = commands.RenameStructure(
        structure=structure, called=data.name, occurred_at=data.occurred_at
    )
    return await run(request, command)


@post(
    "/structures/{structure:str}/kinds",
    opt=needs(KEEP.code),
    summary="Dire ce qu'une structure est désormais",
    status_code=HTTP_200_OK,
)
async def change_kinds(request: ApiRequest, structure: PathId, data: JSONBody[NewKinds]) -> Written:
    fields = msgspec.structs.asdict(data)
    return await run(request, commands.ChangeKinds(structure=structure, **fields))


@post(
    "/structures/{structure:str}/identifiers",
    opt=needs(KEEP.code),
    summary="Changer le SIREN, le SIRET, le FINESS d'une structure",
    status_code=HTTP_200_OK,
)
async def change_identifiers(
    request: ApiRequest, structure: PathId, data: JSONBody[NewIdentifiers]
) -> Written:
    fields = msgspec.structs.asdict(data)
    return await run(request, commands.ChangeIdentifiers(structure=structure, **fields))


@post(
    "/structures/{structure:str}/data-roles",
    opt=needs(KEEP.code),
    summary="Dire qui une structure est pour une finalité (RGPD)",
    status_code=HTTP_200_OK,
)
async def take_data_role(
    request: ApiRequest, structure: PathId, data: JSONBody[DataRoleToTake]
) -> Written:
    fields = msgspec.structs.asdict(data)
    return await run(request, commands.TakeDataRole(structure=structure, **fields))


@post(
    "/structures/{structure:str}/data-roles/end",
    opt=needs(KEEP.code),
    summary="Mettre fin au rôle d'une structure pour une finalité (RGPD)",
    status_code=HTTP_200_OK,
)
async def leave_data_role(
    request: ApiRequest, structure: PathId, data: JSONBody[DataRoleToLeave]
) -> Written:
    fields = msgspec.structs.asdict(data)
    return await run(request, commands.LeaveDataRole(structure=structure, **fields))


@post(
    "/structures/{structure:str}/closing",
    opt=needs(KEEP.code),
    summary="Fermer une structure",
    status_code=HTTP_200_OK,
)
async def close(
    request: ApiRequest, structure: PathId, data: JSONBody[StructureClosing]
) -> Written:
    fields = msgspec.structs.asdict(data)
    return await run(request, commands.CloseStructure(structure=structure, **fields))


@get("/structures", opt=needs(READ.code), summary="Les structures, par nom")
async def list_structures(
    request: ApiRequest,
    kind: Annotated[Code | None, QueryParameter(description="Ce que la structure est.")] = None,
    siren: Annotated[Siren | None, QueryParameter(description="SIREN de la structure.")] = None,
    is_open: Annotated[
        bool | None, QueryParameter(name="open", description="Ouvertes, ou fermées.")
    ] = None,
    at_least: AtLeast = None,
    after: PageAfter = None,
    limit: PageLimit = 50,
) -> Page[StructureRow]:
    async with reading(request, STRUCTURE_REGISTER, at_least=at_least) as models:
        return await models.page(
            STRUCTURE_REGISTER,
            where=asked(kinds=kind, siren=siren, open=is_open),
            order=("name",),
            after=after,
            limit=limit,
        )


@get("/structures/{structure:str}", opt=needs(READ.code), summary="Une structure")
async def read(
    request: ApiRequest,
    structure: PathId,
    at_least: AtLeast = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
) -> StructureRow:
    return await record(
        request, STRUCTURE_REGISTER, structure, at_least=at_least, as_of=as_of, known_at=known_at
    )


ROUTES = (
    register,
    put_structure,
    rename,
    change_kinds,
    change_identifiers,
    take_data_role,
    leave_data_role,
    close,
    list_structures,
    read,
)
