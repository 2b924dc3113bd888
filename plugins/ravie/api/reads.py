"""
The registers and the sheets, as the read models hold them: ids and tokens, never a name.

The texts of a cycle are opened here only, and the access journal says by whom.
"""

from collections.abc import Sequence
from typing import Annotated

import msgspec
from litestar import get
from litestar.params import QueryParameter

from core.access import journal
from core.domain.command import Code, SubjectId
from core.domain.sealed import Sealed
from core.http.guard import needs
from core.http.paging import AtLeast, Page, PageAfter, PageLimit
from core.http.request import ApiRequest, PathId
from core.http.times import AsOf, KnownAt
from core.session.state import SESSION
from plugins.ravie.cycle.state import CYCLE
from plugins.ravie.permissions import READ
from plugins.ravie.projections.attendance_sheet import ATTENDANCE_SHEET, AttendanceSheet
from plugins.ravie.projections.cycle_register import CYCLE_REGISTER, CycleRegister
from plugins.ravie.projections.participations import PARTICIPATIONS, Participation
from plugins.ravie.vocabulary import CycleFormat, CycleKind, CycleStatus
from projections.reading import asked, reading
from projections.records import record

_ONE_CYCLE = needs(READ.code, related=CYCLE, by="cycle")


class QuestionText(msgspec.Struct, frozen=True, kw_only=True):
    """Une question du groupe ; `text` est nul quand la clé n'existe plus."""

    session: str
    text: str | None


class ProductionText(msgspec.Struct, frozen=True, kw_only=True):
    """Une production du groupe ; `title` est nul quand la clé n'existe plus."""

    kind: str
    title: str | None
    sha256: str | None


class CycleTexts(msgspec.Struct, frozen=True, kw_only=True):
    """Ce que le groupe a demandé et produit, en toutes lettres."""

    questions: list[QuestionText]
    productions: list[ProductionText]


class Topic(msgspec.Struct, frozen=True, kw_only=True):
    """Le sujet proposé à un expert ; `topic` est nul sans sujet, ou quand la clé n'existe plus."""

    expert: str
    topic: str | None


@get(
    "/cycles",
    opt=needs(READ.code, listed=True),
    summary="Les cycles, du plus ancien au plus récent",
)
async def list_cycles(
    request: ApiRequest,
    kind: Annotated[
        CycleKind | None, QueryParameter(description="Cycles professionnels, ou de projet.")
    ] = None,
    status: Annotated[
        CycleStatus | None, QueryParameter(name="state", description="État des cycles.")
    ] = None,
    theme: Annotated[Code | None, QueryParameter(description="Thème des cycles.")] = None,
    relais: Annotated[SubjectId | None, QueryParameter(description="Relais des cycles.")] = None,
    held_as: Annotated[
        CycleFormat | None, QueryParameter(name="format", description="Format des cycles.")
    ] = None,
    model: Annotated[Code | None, QueryParameter(description="Modèle des cycles.")] = None,
    at_least: AtLeast = None,
    after: PageAfter = None,
    limit: PageLimit = 50,
) -> Page[CycleRegister]:
    where = asked(
        project=None if kind is None else kind == "project",
        state=status,
        theme=theme,
        relais=relais,
        format=held_as,
        model=model,
    )
    async with reading(request, CYCLE_REGISTER, at_least=at_least) as models:
        return await models.page(
            CYCLE_REGISTER, where=where, order=("opened_on",), after=after, limit=limit
        )


@get(
    "/my-cycles",
    opt=needs(READ.code, by_command=True),
    summary="Les cycles que l'on anime, du plus ancien au plus récent",
)
async def list_my_cycles(
    request: ApiRequest, at_least: AtLeast = None, after: PageAfter = None, limit: PageLimit = 50
) -> Page[CycleRegister]:
    async with reading(request, CYCLE_REGISTER, at_least=at_least) as models:
        return await models.page(
            CYCLE_REGISTER,
            where={"animateur": request.user.ids(request.tenant.code)},
            order=("opened_on",),
            after=after,
            limit=limit,
        )


@get("/cycles/{cycle:str}", opt=_ONE_CYCLE, summary="Un cycle")
async def read_cycle(
    request: ApiRequest,
    cycle: PathId,
    at_least: AtLeast = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
) -> CycleRegister:
    return await record(
        request, CYCLE_REGISTER, cycle, at_least=at_least, as_of=as_of, known_at=known_at
    )


@get(
    "/cycles/{cycle:str}/texts",
    opt=_ONE_CYCLE,
    summary="Les questions et les productions d'un cycle, en toutes lettres",
)
async def read_texts(
    request: ApiRequest,
    cycle: PathId,
    at_least: AtLeast = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
) -> CycleTexts:
    row = await record(
        request, CYCLE_REGISTER, cycle, at_least=at_least, as_of=as_of, known_at=known_at
    )
    asked = await _opened(request, cycle, "questions", [one.text for one in row.asked])
    titles = await _opened(request, cycle, "title", [one.title for one in row.productions])
    return CycleTexts(
        questions=[
            QuestionText(session=one.session, text=text)
            for one, text in zip(row.asked, asked, strict=True)
        ],
        productions=[
            ProductionText(kind=one.kind, title=title, sha256=one.sha256)
            for one, title in zip(row.productions, titles, strict=True)
        ],
    )


@get(
    "/cycles/{cycle:str}/participations",
    opt=_ONE_CYCLE,
    summary="Ce que chaque personne a signé dans un cycle",
)
async def list_participations(
    request: ApiRequest,
    cycle: PathId,
    at_least: AtLeast = None,
    after: PageAfter = None,
    limit: PageLimit = 50,
) -> Page[Participation]:
    async with reading(request, PARTICIPATIONS, at_least=at_least) as models:
        return await models.page(
            PARTICIPATIONS, where={"cycle": cycle}, order=("person",), after=after, limit=limit
        )


@get(
    "/cycles/{cycle:str}/sheets",
    opt=_ONE_CYCLE,
    summary="Les feuilles d'émargement d'un cycle, dans l'ordre des séances",
)
async def list_sheets(
    request: ApiRequest,
    cycle: PathId,
    at_least: AtLeast = None,
    after: PageAfter = None,
    limit: PageLimit = 50,
) -> Page[AttendanceSheet]:
    async with reading(request, ATTENDANCE_SHEET, at_least=at_least) as models:
        return await models.page(
            ATTENDANCE_SHEET, where={"cycle": cycle}, order=("number",), after=after, limit=limit
        )


@get(
    "/sessions/{session:str}",
    opt=needs(READ.code, related=SESSION, by="session"),
    summary="Une séance et sa feuille d'émargement",
)
async def read_sheet(
    request: ApiRequest,
    session: PathId,
    at_least: AtLeast = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
) -> AttendanceSheet:
    return await record(
        request, ATTENDANCE_SHEET, session, at_least=at_least, as_of=as_of, known_at=known_at
    )


@get(
    "/sessions/{session:str}/topics",
    opt=needs(READ.code, related=SESSION, by="session"),
    summary="Les sujets proposés aux experts d'une séance, en toutes lettres",
)
async def read_topics(
    request: ApiRequest,
    session: PathId,
    at_least: AtLeast = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
) -> list[Topic]:
    row = await record(
        request, ATTENDANCE_SHEET, session, at_least=at_least, as_of=as_of, known_at=known_at
    )
    tokens = {one.expert: one.topic for one in row.experts if one.topic is not None}
    texts = await _opened(request, session, "topic", [*tokens.values()])
    topics = dict(zip(tokens, texts, strict=True))
    return [Topic(expert=one.expert, topic=topics.get(one.expert)) for one in row.experts]


async def _opened(
    request: ApiRequest, stream: str, field: str, tokens: Sequence[str]
) -> list[str | None]:
    """The texts of tokens, in order, once the journal says that they are read."""
    if not tokens:
        return []
    house, tenant = request.house, request.tenant
    async with house.store.database(tenant).serving(tenant) as connection:
        await journal.record(connection, tenant, request.reading, [stream])
    return await house.vault.open_many(tenant, [(field, Sealed(token)) for token in tokens])


ROUTES = (
    list_cycles,
    list_my_cycles,
    read_cycle,
    read_texts,
    list_participations,
    list_sheets,
    read_sheet,
    read_topics,
)
