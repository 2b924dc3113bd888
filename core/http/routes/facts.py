"""The facts as they are stored: ids, codes and tokens, never a name; for auditors and exports."""

from datetime import datetime
from typing import Annotated

import msgspec
from litestar import Response, get
from litestar.params import HeaderParameter, QueryParameter
from litestar.response import Stream

from core.catalogue import READ_FACTS
from core.domain.event import Subject
from core.event_store import reader
from core.event_store.cloud_event import BATCH_MEDIA_TYPE, CloudEvent, cloud_event
from core.event_store.stored import StoredFact
from core.http.fact_stream import MEDIA_TYPE, Wanted, events
from core.http.guard import needs
from core.http.problem import FieldError, Malformed
from core.http.request import ApiRequest
from core.ids import ID_PATTERN

LIMIT = 500
_END = 2**53

After = Annotated[int, QueryParameter(ge=0, le=_END, description="Position déjà lue.")]
Limit = Annotated[int, QueryParameter(ge=1, le=LIMIT, description="Faits par page.")]
NamePrefix = Annotated[
    str,
    QueryParameter(
        pattern=r"^[a-z0-9_.]*$", max_length=100, description="Début du nom des faits (`ravie.`)."
    ),
]
OfStream = Annotated[
    Subject | None,
    QueryParameter(pattern=ID_PATTERN, description="Histoire dont sont les faits (UUID)."),
]
StreamLimit = Annotated[
    int | None,
    QueryParameter(ge=1, le=_END, description="Nombre de faits après lequel le flux finit."),
]
LastEventId = Annotated[
    str | None,
    HeaderParameter(
        name="Last-Event-ID",
        description="Position du dernier fait reçu ; l'emporte sur `after`.",
    ),
]


class StoredView(msgspec.Struct, frozen=True, kw_only=True):
    """Un fait et son enveloppe ; `body` est le JSON enregistré, à l'octet près."""

    position: int
    id: str
    stream: str
    version: int
    name: str
    occurred_at: datetime
    recorded_at: datetime
    actor: str
    person: str | None
    command: str
    correlation: str
    causation: str | None
    body: msgspec.Raw


class Facts(msgspec.Struct, frozen=True):
    """Des faits dans l'ordre de leurs positions ; `next` est le `after` de ce qui suit."""

    items: list[StoredView]
    next: int | None


@get(
    "/facts",
    opt={**needs(READ_FACTS.code), "also_as": {BATCH_MEDIA_TYPE: list[CloudEvent]}},
    tags=["Faits"],
    summary="Les faits tels qu'ils sont enregistrés",
)
async def read_facts(
    request: ApiRequest,
    after: After = 0,
    limit: Limit = 100,
    name: NamePrefix = "",
    stream: OfStream = None,
) -> Response[Facts]:
    """
    Avec `Accept: application/cloudevents-batch+json`, une liste de CloudEvents 1.0, que l'on
    poursuit après la `position` du dernier.
    """
    tenant = request.tenant
    async with request.house.store.database(tenant).serving(tenant) as connection:
        stored = await reader.read_matching(
            connection, tenant, after=after, until=_END, limit=limit + 1, name=name, stream=stream
        )
    page = stored[:limit]
    following = page[-1].position if len(stored) > limit else None
    headers = {"Vary": "Accept"}
    if BATCH_MEDIA_TYPE in request.headers.get("accept", ""):
        batch = [cloud_event(tenant, fact) for fact in page]
        return Response(batch, media_type=BATCH_MEDIA_TYPE, headers=headers)  # type: ignore[arg-type]
    return Response(Facts([_view(fact) for fact in page], following), headers=headers)


@get(
    "/facts/stream",
    opt=needs(READ_FACTS.code),
    tags=["Faits"],
    summary="Les faits à mesure qu'ils sont enregistrés (Server-Sent Events)",
    media_type=MEDIA_TYPE,
)
async def stream_facts(
    request: ApiRequest,
    after: After = 0,
    limit: StreamLimit = None,
    name: NamePrefix = "",
    stream: OfStream = None,
    last_event_id: LastEventId = None,
) -> Stream:
    """
    Chaque événement est un CloudEvent 1.0 dont `data` est le corps du fait tel qu'enregistré.

    Le flux commence après la position demandée, puis attend ; il finit au bout d'une heure, et le
    client reprend avec `Last-Event-ID`.
    """
    wanted = Wanted(
        after=after if last_event_id is None else _position(last_event_id),
        limit=limit,
        name=name,
        stream=stream,
    )
    return Stream(
        events(request.house, request.tenant, wanted),
        media_type=MEDIA_TYPE,
        # The second is for reverse proxies that gather what they pass on.
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


def _view(fact: StoredFact) -> StoredView:
    return StoredView(**{**fact._asdict(), "body": msgspec.Raw(fact.body)})


def _position(text: str) -> int:
    if text.isascii() and text.isdecimal() and len(text) < len(str(_END)):
        return int(text)
    raise Malformed([FieldError("position", "Position du dernier fait reçu.", "Last-Event-ID")])


ROUTES = (read_facts, stream_facts)
