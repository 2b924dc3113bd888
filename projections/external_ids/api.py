"""Under which ids other software knows something: the way back."""

from typing import Annotated

import msgspec
from litestar import get
from litestar.params import QueryParameter

from core.access import journal
from core.external_ids.permissions import READ_EXTERNAL_IDS
from core.http.guard import needs
from core.http.paging import AtLeast
from core.http.request import ApiRequest
from projections.external_ids.register import EXTERNAL_IDS
from projections.reading import reading

LIMIT = 100
"""Ids shown of one thing."""

Thing = Annotated[
    str,
    QueryParameter(
        pattern="^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$",
        description="Identifiant, ici, de ce qui est cherché (UUID).",
    ),
]


class ExternalIdView(msgspec.Struct, frozen=True, kw_only=True):
    """Un identifiant, et de quel logiciel ; vide quand la personne a été effacée."""

    kind: str
    source: str
    external_id: str | None


class ExternalIds(msgspec.Struct, frozen=True):
    """Les identifiants d'une même chose, les cent premiers."""

    items: list[ExternalIdView]


@get("/", opt=needs(READ_EXTERNAL_IDS.code), summary="Les identifiants externes d'une chose")
async def read_external_ids(
    request: ApiRequest, thing: Thing, at_least: AtLeast = None
) -> ExternalIds:
    async with reading(request, EXTERNAL_IDS, at_least=at_least) as models:
        page = await models.page(EXTERNAL_IDS, where={"thing": thing}, limit=LIMIT)
        if page.items:
            await journal.record(models.connection, request.tenant, request.reading, [thing])
    opened = await request.house.vault.open_many(
        request.tenant, [("external_id", row.external_id) for row in page.items]
    )
    return ExternalIds(
        [
            ExternalIdView(kind=row.kind, source=row.source, external_id=text)
            for row, text in zip(page.items, opened, strict=True)
        ]
    )


ROUTES = (read_external_ids,)
