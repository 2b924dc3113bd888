"""How far each webhook has come, written in transactions during which nothing is sent."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from psycopg import sql

from core.database.pool import Connection
from core.domain.sealed import Sealed
from core.event_store.stored import StoredFact
from core.tenancy import Tenant
from core.webhooks.vocabulary import module_of
from projections.webhooks.register import WEBHOOK_REGISTER

LEASE = 60.0
"""Seconds a worker holds a webhook without a word; sending takes ten at most."""

KEPT = 1_000
"""Deliveries that are kept to be shown, for each webhook; those set aside are all kept."""


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """A webhook in hand: where it stands, and what it takes to send."""

    position: int
    attempts: int
    due: bool
    names: tuple[str, ...]
    target: Sealed
    secret: Sealed
    former_secret: Sealed | None
    former_until: datetime | None

    @property
    def modules(self) -> list[str]:
        return [module for each in self.names if (module := module_of(each))]


async def followed(connection: Connection, tenant: Tenant) -> int | None:
    """How far it is known which webhooks there are; None before the first time."""
    query = _filled(tenant, _FOLLOWED)
    cursor = await connection.execute(query, (WEBHOOK_REGISTER.name, WEBHOOK_REGISTER.version))
    row = await cursor.fetchone()
    return None if row is None else int(row[0])


async def due(connection: Connection, tenant: Tenant, until: int) -> list[str]:
    """The webhooks that have something to send now, and that nobody holds."""
    cursor = await connection.execute(_filled(tenant, _DUE), (until,))
    return [row[0] for row in await cursor.fetchall()]


async def take(connection: Connection, tenant: Tenant, webhook: str, holder: str) -> Taken | None:
    """Takes a webhook in hand, or keeps it there; None when another one has it, or it is paused."""
    await connection.execute(_filled(tenant, _BEGIN), (webhook,))
    cursor = await connection.execute(
        _filled(tenant, _TAKE), {"webhook": webhook, "holder": holder, "lease": LEASE}
    )
    row = await cursor.fetchone()
    if row is None:
        return None
    position, attempts, is_due, names, *sealed, former_until = row
    return Taken(
        position=position,
        attempts=attempts,
        due=is_due,
        names=msgspec.json.decode(names, type=tuple[str, ...]),
        target=sealed[0],
        secret=sealed[1],
        former_secret=sealed[2],
        former_until=former_until,
    )


async def asked_again(
    connection: Connection, tenant: Tenant, webhook: str, limit: int
) -> Sequence[int]:
    """The positions of what was set aside and is to be tried again, in order."""
    query = "select position from {deliveries} where webhook = %s and state = 'again'"
    cursor = await connection.execute(
        _filled(tenant, f"{query} order by position limit %s"), (webhook, limit)
    )
    return [row[0] for row in await cursor.fetchall()]


async def tell(
    connection: Connection, tenant: Tenant, webhook: str, fact: StoredFact, state: str, code: str
) -> None:
    """Writes down what became of one attempt."""
    await connection.execute(
        _filled(tenant, _TELL), (webhook, fact.position, fact.id, fact.name, state, code)
    )


async def advance(
    connection: Connection, tenant: Tenant, webhook: str, holder: str, position: int
) -> bool:
    """Everything up to a position is done; whether there is to be more, by the same holder."""
    values = {"webhook": webhook, "holder": holder, "position": position, "lease": LEASE}
    cursor = await connection.execute(_filled(tenant, _ADVANCE), values)
    row = await cursor.fetchone()
    return bool(row and row[0])


async def wait(
    connection: Connection, tenant: Tenant, webhook: str, holder: str, seconds: float
) -> None:
    """The next fact is tried again after so many seconds."""
    values = {"webhook": webhook, "holder": holder, "seconds": seconds}
    await connection.execute(_filled(tenant, _WAIT), values)


async def let_go(connection: Connection, tenant: Tenant, webhook: str, holder: str) -> None:
    """Whoever comes next may take it; what was delivered long ago is no longer shown."""
    values = {"webhook": webhook, "holder": holder, "kept": KEPT}
    await connection.execute(_filled(tenant, _LET_GO), values)
    await connection.execute(_filled(tenant, _FORGET), values)


def _filled(tenant: Tenant, query: Any) -> sql.Composed:
    names = {
        "register": WEBHOOK_REGISTER.table,
        "progress": "webhook_progress",
        "deliveries": "webhook_deliveries",
        "followed": "followed",
    }
    identifiers = {key: sql.Identifier(tenant.read_schema, name) for key, name in names.items()}
    return sql.SQL(query).format(**identifiers)


_FOLLOWED = "select position from {followed} where projection = %s and version = %s"

_DUE = """
select w.webhook
  from {register} w left join {progress} p using (webhook)
 where w.status = 'active'
   and (p.held_until is null or p.held_until < clock_timestamp())
   and ((coalesce(p.position, w.begins_after) < %s
         and coalesce(p.due_at, '-infinity') <= clock_timestamp())
        or w.replayed_at > coalesce(p.replayed, 0)
        or exists (select from {deliveries} d where d.webhook = w.webhook and d.state = 'again'))
 order by w.webhook"""

_BEGIN = """
insert into {progress} (webhook, position)
select webhook, begins_after from {register} where webhook = %s on conflict do nothing"""

_TAKE = """
update {progress} p
   set held_by = %(holder)s::uuid,
       held_until = clock_timestamp() + make_interval(secs => %(lease)s),
       position = case when w.replayed_at > p.replayed then w.replay_after else p.position end,
       attempts = case when w.replayed_at > p.replayed then 0 else p.attempts end,
       due_at = case when w.replayed_at > p.replayed then '-infinity' else p.due_at end,
       replayed = greatest(w.replayed_at, p.replayed)
  from {register} w
 where w.webhook = p.webhook and p.webhook = %(webhook)s and w.status = 'active'
   and (p.held_by = %(holder)s::uuid or p.held_until is null or p.held_until < clock_timestamp())
returning p.position, p.attempts, p.due_at <= clock_timestamp(), w.names::text, w.target, w.secret,
          w.former_secret, w.former_until"""

_TELL = """
insert into {deliveries} as d (webhook, position, fact, name, state, attempts, code)
values (%s, %s, %s, %s, %s, 1, %s)
on conflict (webhook, position) do update
   set state = excluded.state, code = excluded.code, attempts = d.attempts + 1,
       last_at = clock_timestamp()"""

_ADVANCE = """
update {progress} p
   set position = greatest(p.position, %(position)s), attempts = 0, due_at = '-infinity',
       held_until = clock_timestamp() + make_interval(secs => %(lease)s)
  from {register} w
 where w.webhook = p.webhook and p.webhook = %(webhook)s and p.held_by = %(holder)s::uuid
returning w.status = 'active' and w.replayed_at <= p.replayed"""

_WAIT = """
update {progress}
   set attempts = attempts + 1, due_at = clock_timestamp() + make_interval(secs => %(seconds)s)
 where webhook = %(webhook)s and held_by = %(holder)s::uuid"""

_LET_GO = """
update {progress} set held_by = null, held_until = null
 where webhook = %(webhook)s and held_by = %(holder)s::uuid"""

_FORGET = """
delete from {deliveries}
 where webhook = %(webhook)s and state = 'delivered' and position < (
   select position from {deliveries} where webhook = %(webhook)s and state = 'delivered'
    order by position desc offset %(kept)s limit 1)"""
