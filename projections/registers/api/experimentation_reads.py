"""
The register of experimentations as it is read: codes, dates and ids, and apart from them the texts.

The texts are opened here only, and the access journal says by whom.
"""

from typing import Annotated, Literal

import msgspec
from litestar import get
from litestar.params import QueryParameter

from core.access import journal
from core.domain.command import Code
from core.domain.sealed import Sealed
from core.http.guard import needs
from core.http.paging import AtLeast, Page, PageAfter, PageLimit
from core.http.request import ApiRequest, PathId
from core.http.times import AsOf, KnownAt
from core.registers.experimentations.state import EXPERIMENTATION
from core.registers.experimentations.wiring import READ
from projections.reading import asked, reading
from projections.records import record
from projections.registers.experimentation_register import (
    EXPERIMENTATION_REGISTER,
    ExperimentationRow,
)

_TAGS = ["Expérimentations"]
_ONE = needs(READ.code, related=EXPERIMENTATION, by="experimentation")


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """Un texte, et ce dont il est le texte ; nul quand la clé n'existe plus."""

    of: str
    text: str | None


class ExperimentationTexts(msgspec.Struct, frozen=True, kw_only=True):
    """
    Les textes d'une expérimentation.

    `sentences` : par critère ; `reviews` : par critère, les notes des bilans ; `decisions` : par
    réunion ; `actions` : par action de communication ; `extensions` : par date de fin.
    """

    title: str | None
    sentences: list[Said]
    reviews: list[Said]
    decisions: list[Said]
    actions: list[Said]
    extensions: list[Said]
    conditions: list[Said]


@get(
    "/experimentations",
    opt=needs(READ.code, listed=True),
    tags=_TAGS,
    summary="Les expérimentations, de la plus ancienne à la plus récente",
)
async def list_experimentations(
    request: ApiRequest,
    stage: Annotated[
        Literal["open", "concluded"] | None,
        QueryParameter(name="state", description="En cours, ou conclues."),
    ] = None,
    scheme: Annotated[Code | None, QueryParameter(description="Le dispositif (code).")] = None,
    at_least: AtLeast = None,
    after: PageAfter = None,
    limit: PageLimit = 50,
) -> Page[ExperimentationRow]:
    async with reading(request, EXPERIMENTATION_REGISTER, at_least=at_least) as models:
        return await models.page(
            EXPERIMENTATION_REGISTER,
            where=asked(state=stage, scheme=scheme),
            order=("starts_on",),
            after=after,
            limit=limit,
        )


@get(
    "/experimentations/{experimentation:str}",
    opt=_ONE,
    tags=_TAGS,
    summary="Une expérimentation, ses bilans et ses échéances",
)
async def read_experimentation(
    request: ApiRequest,
    experimentation: PathId,
    at_least: AtLeast = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
) -> ExperimentationRow:
    return await record(
        request,
        EXPERIMENTATION_REGISTER,
        experimentation,
        at_least=at_least,
        as_of=as_of,
        known_at=known_at,
    )


@get(
    "/experimentations/{experimentation:str}/texts",
    opt=_ONE,
    tags=_TAGS,
    summary="Les textes d'une expérimentation, en toutes lettres",
)
async def read_experimentation_texts(
    request: ApiRequest,
    experimentation: PathId,
    at_least: AtLeast = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
) -> ExperimentationTexts:
    row = await record(
        request,
        EXPERIMENTATION_REGISTER,
        experimentation,
        at_least=at_least,
        as_of=as_of,
        known_at=known_at,
    )
    said: dict[str, list[tuple[str, str, str | None]]] = {
        "sentences": [(one.criterion, "sentences", one.sentence) for one in row.criteria],
        "reviews": [
            (one.criterion, "note", review.note) for one in row.criteria for review in one.reviews
        ],
        "decisions": [
            (one.meeting, "decisions", text) for one in row.meetings for text in one.decisions
        ],
        "actions": [(one.action, "title", one.title) for one in row.actions],
        "extensions": [(str(one.to_on), "note", one.note) for one in row.extensions],
        "conditions": [(row.experimentation, "conditions", row.conditions)],
    }
    tokens = [("title", Sealed(row.title))] + [
        (field, Sealed(token))
        for lines in said.values()
        for _, field, token in lines
        if token is not None
    ]
    async with reading(request, EXPERIMENTATION_REGISTER) as models:
        await journal.record(models.connection, request.tenant, request.reading, [experimentation])
    title, *opened = await request.house.vault.open_many(request.tenant, tokens)
    texts = iter(opened)
    return ExperimentationTexts(
        title=title,
        **{
            name: [Said(of=of, text=next(texts)) for of, _, token in lines if token is not None]
            for name, lines in said.items()
        },
    )


ROUTES = (list_experimentations, read_experimentation, read_experimentation_texts)
