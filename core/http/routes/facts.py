"""The facts as they are stored: ids, codes and tokens, never a name; for auditors and exports."""

from datetime import datetime
from typing import Annotated

import msgspec
from litestar import get
from litestar.params import QueryParameter

from core.catalogue import READ_FACTS
from core.event_store import reader
from core.http.guard import needs
from core.http.request import ApiRequest

LIMIT = 500

After = Annotated[int, QueryParameter(ge=0, le=2**53, description="Position déjà lue.")]
Limit = Annotated[int, QueryParameter(ge=1, le=LIMIT, description="Faits par page.")]


class StoredView(msgspec.Struct, frozen=True, kw_only=True):
    """One fact with its envelope; `body` is the JSON as stored, byte for byte, as it is hashed."""

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
    """Facts in the order of their positions; `next` is the `after` of what follows, if any."""

    items: list[StoredView]
    next: int | None


@get(
    "/facts",
    opt=needs(READ_FACTS.code),
    tags=["Faits"],
    summary="Les faits tels qu'ils sont enregistrés",
)
async def read_facts(request: ApiRequest, after: After = 0, limit: Limit = 100) -> Facts:
    tenant = request.tenant
    async with request.house.store.database(tenant).serving(tenant) as connection:
        stored = await reader.read_after(connection, tenant, after, limit + 1)
    items = [
        StoredView(**{**line._asdict(), "body": msgspec.Raw(line.body)}) for line in stored[:limit]
    ]
    return Facts(items, items[-1].position if len(stored) > limit else None)


ROUTES = (read_facts,)
