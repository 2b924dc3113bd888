"""
The facts of a tenant as they come: server-sent events, each a CloudEvent.

    https://html.spec.whatwg.org/multipage/server-sent-events.html

An event's id is its position, so that a client that lost the connection goes on where it was. Facts
are read a few at a time, and the next ones only once these are sent: a slow client costs no memory,
and no connection to the database is held while anyone waits.
"""

from collections.abc import AsyncIterator
from time import monotonic

import msgspec
import psycopg
import structlog

from core.event_store import reader
from core.event_store.cloud_event import cloud_event, encoded
from core.event_store.stored import StoredFact
from core.http.house import House
from core.tenancy import Tenant

log = structlog.get_logger()

MEDIA_TYPE = "text/event-stream"

KEEP_ALIVE = 15.0
"""Seconds of silence after which a comment is sent, and facts looked for all the same."""

LASTS = 3600.0
"""Seconds after which a stream ends: a token does not hold for ever. The client begins again."""

_BATCH = 50
_STRIDE = 10_000
"""Positions looked through at a time for the few that match."""


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """Which facts: after a position, whose name begins so, of one stream or of all."""

    after: int = 0
    limit: int | None = None
    name: str = ""
    stream: str | None = None


async def events(house: House, tenant: Tenant, wanted: Wanted) -> AsyncIterator[bytes]:
    """The stream's bytes; ends after `limit` facts, and when the process is told to stop."""
    after, left, until = wanted.after, wanted.limit, monotonic() + LASTS
    # Before the first reading: what is recorded from here on is either read or heard of.
    await house.news.listen()
    yield b": Jalon\n\n"
    try:
        while not house.news.closed and monotonic() < until:
            limit = _BATCH if left is None else min(left, _BATCH)
            stored, looked_through = await _read(house, tenant, wanted, after, limit)
            for fact in stored:
                yield _frame(tenant, fact)
            if left is not None:
                left -= len(stored)
                if left == 0:
                    return
            if looked_through > after:
                after = looked_through
            elif not await house.news.wait(tenant, after, KEEP_ALIVE):
                yield b":\n\n"
    except psycopg.OperationalError as error:
        log.warning("facts.stream_lost", error=type(error).__name__)
        yield b"retry: 5000\n\n"


async def _read(
    house: House, tenant: Tenant, wanted: Wanted, after: int, limit: int
) -> tuple[list[StoredFact], int]:
    """The next facts, and the position up to which there are no others."""
    async with house.store.database(tenant).serving(tenant) as connection:
        until = min(after + _STRIDE, await reader.head(connection, tenant))
        stored = await reader.read_matching(
            connection,
            tenant,
            after=after,
            until=until,
            limit=limit,
            name=wanted.name,
            stream=wanted.stream,
        )
    return stored, stored[-1].position if len(stored) == limit else until


def _frame(tenant: Tenant, fact: StoredFact) -> bytes:
    # A body is JSON as we encode it: one line.
    return b"id: %d\ndata: %s\n\n" % (fact.position, encoded(cloud_event(tenant, fact)))
