"""What a reader is shown of webhooks: where each stands, and what became of what it sent."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal

import msgspec
from psycopg import sql

from core.database.pool import Connection
from core.http.paging import Page, cursor_of, place_of
from core.tenancy import Tenant

DeliveryState = Literal["delivered", "failing", "dead", "again"]


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """How far a webhook has come. `attempts`: of the next fact, so far."""

    position: Annotated[int, msgspec.Meta(description="Tout y est, jusqu'à cette position.")]
    attempts: int
    next_attempt_at: datetime | None
    dead: Annotated[int, msgspec.Meta(description="Faits mis de côté après le dernier essai.")]


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one fact. `code`: the last answer's status, or why there was none."""

    position: int
    fact: str
    name: str
    state: DeliveryState
    attempts: int
    code: Annotated[str, msgspec.Meta(examples=["http_503"])]
    first_at: datetime
    last_at: datetime


async def standings(
    connection: Connection, tenant: Tenant, webhooks: Sequence[str]
) -> dict[str, Standing]:
    """Where these webhooks stand, in one query; one that was never taken in hand is left out."""
    query = sql.SQL(
        """select p.webhook, p.position, p.attempts,
                  case when p.attempts > 0 then p.due_at end,
                  (select count(*) from {} d where d.webhook = p.webhook and d.state = 'dead')
             from {} p where p.webhook = any(%s)"""
    ).format(_table(tenant, "webhook_deliveries"), _table(tenant, "webhook_progress"))
    cursor = await connection.execute(query, (list(webhooks),))
    return {
        webhook: Standing(position=position, attempts=attempts, next_attempt_at=due, dead=dead)
        for webhook, position, attempts, due, dead in await cursor.fetchall()
    }


async def deliveries(
    connection: Connection,
    tenant: Tenant,
    webhook: str,
    *,
    state: DeliveryState | None,
    after: str | None,
    limit: int,
) -> Page[Delivery]:
    """The deliveries of a webhook, latest fact first; raises `Malformed` for a bad cursor."""
    before = place_of(after, [int])[0] if after is not None else 2**62
    query = sql.SQL(
        """select position, fact::text, name, state, attempts, code, first_at, last_at from {}
            where webhook = %s and position < %s and (%s::text is null or state = %s)
            order by position desc limit %s"""
    ).format(_table(tenant, "webhook_deliveries"))
    cursor = await connection.execute(query, (webhook, before, state, state, limit + 1))
    rows = [
        Delivery(**dict(zip(Delivery.__struct_fields__, row, strict=True)))
        for row in await cursor.fetchall()
    ]
    more = len(rows) > limit
    return Page(rows[:limit], cursor_of([rows[limit - 1].position]) if more else None)


async def ask_again(
    connection: Connection, tenant: Tenant, webhook: str, positions: Sequence[int] | None
) -> int:
    """Has what was set aside sent again, all of it or these positions; gives how many."""
    query = sql.SQL(
        """update {} set state = 'again'
            where webhook = %s and state = 'dead'
              and (%s::bigint[] is null or position = any(%s))"""
    ).format(_table(tenant, "webhook_deliveries"))
    chosen = None if positions is None else list(positions)
    return (await connection.execute(query, (webhook, chosen, chosen))).rowcount


def _table(tenant: Tenant, name: str) -> sql.Identifier:
    return sql.Identifier(tenant.read_schema, name)
