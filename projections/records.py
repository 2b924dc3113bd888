"""
Reading one record of a read model for a request.

    @get("/cycles/{cycle:str}", opt=needs(READ.code, related=CYCLE, by="cycle"), summary="…")
    async def read_cycle(
        request: ApiRequest, cycle: PathId, at_least: AtLeast = None
    ) -> CycleRegister:
        return await record(request, CYCLE_REGISTER, cycle, at_least=at_least)

The answer's `ETag` says which version of the record's stream it shows: sent back as `If-Match`
with a command on that stream, nothing is written over what was not seen.
"""

from collections.abc import Callable

from core.event_store import reader
from core.http.problem import NotFound
from core.http.request import ApiRequest
from core.projection import Projection, Row
from projections.reading import reading


async def record(
    request: ApiRequest,
    projection: Projection[Row],
    *key: str,
    stream: Callable[[Row], str] | None = None,
    at_least: int | None = None,
) -> Row:
    """
    The row of a key; raises `NotFound`, and what `reading` raises.

    `stream` gives the stream the record is of, by default the first value of its key.
    """
    async with reading(request, projection, at_least=at_least) as models:
        row = await models.one(projection, *key)
        if row is None:
            raise NotFound
        own = key[0] if stream is None else stream(row)
        # At the position the read model holds: the row may show a little more, never less, so that
        # what is written against this version was seen.
        version = await reader.version_at(
            models.connection, models.tenant, own, request.exchange.position or 0
        )
    if version:
        request.exchange.shown = (own, version)
    return row
