"""
Reading one record of a read model for a request.

    @get("/cycles/{cycle:str}", opt=needs(READ.code, related=CYCLE, by="cycle"), summary="…")
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

The answer's `ETag` says which version of the record's stream it shows: sent back as `If-Match`
with a command on that stream, nothing is written over what was not seen.
"""

from collections.abc import Callable
from datetime import datetime

from core.event_store import reader
from core.http.problem import NotFound
from core.http.request import ApiRequest
from core.http.times import moment
from core.projection import Key, Projection, Row
from projections.past import row_at
from projections.reading import reading
from projections.replay import last_known


async def record(
    request: ApiRequest,
    projection: Projection[Row],
    *key: str,
    stream: Callable[[Row], str] | None = None,
    at_least: int | None = None,
    as_of: str | None = None,
    known_at: str | None = None,
) -> Row:
    """
    The row of a key; raises `NotFound`, and what `reading` raises.

    `stream` gives the stream the record is of, by default the first value of its key. With `as_of`
    or `known_at`, parameters of the request, the row is as it was: nothing is written against it.
    """
    if as_of is not None or known_at is not None:
        happened, known = moment(as_of, "as_of"), moment(known_at, "known_at")
        return await _as_it_was(request, projection, key, at_least, happened, known)
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


async def _as_it_was(
    request: ApiRequest,
    projection: Projection[Row],
    key: Key,
    at_least: int | None,
    as_of: datetime | None,
    known_at: datetime | None,
) -> Row:
    tenant, database = request.tenant, request.house.store.database(request.tenant)
    until = None
    if known_at is not None:
        async with database.serving(tenant) as connection:
            until = await last_known(connection, tenant, known_at=known_at)
    # The subject index is never behind the read models: the row is folded again through it.
    floor = max(at_least or 0, until or 0)
    async with reading(request, projection, at_least=floor) as models:
        position = request.exchange.position or 0 if until is None else until
        registry = request.house.store.registry
        row = await row_at(
            models.connection, tenant, registry, projection, key, position, as_of=as_of
        )
    if row is None:
        raise NotFound
    request.exchange.position = position
    return row
