"""How far each policy has been delivered, and what could not be."""

from collections.abc import Iterable, Mapping, Sequence
from typing import cast

import msgspec
from psycopg import sql

from projections.scope import Scope

DELIVERY = "*"
"""The line that says how far delivery itself has come, whatever the policies."""


class Undelivered(msgspec.Struct, frozen=True, kw_only=True):
    """A fact that did not have its effect. `code` is that of the refusal, `failed` for an error."""

    policy: str
    position: int
    fact: str
    name: str
    command: str
    code: str
    error: str


async def resume(scope: Scope, policies: Sequence[str]) -> dict[str, int]:
    """
    Where each policy stands, and delivery itself under `DELIVERY`.

    One that is not there yet begins where delivery is; one that is no longer there is forgotten, so
    that it begins anew when it comes back.
    """
    await scope.connection.execute(
        sql.SQL("delete from {} where policy <> all(%s::text[])").format(scope.own("policies")),
        ([DELIVERY, *policies],),
    )
    cursor = await scope.connection.execute(
        sql.SQL("select policy, position from {}").format(scope.own("policies"))
    )
    known: dict[str, int] = dict(await cursor.fetchall())
    begun = known.get(DELIVERY, 0)
    return {DELIVERY: begun} | {policy: known.get(policy, begun) for policy in policies}


async def write_checkpoints(scope: Scope, reached: Mapping[str, int], position: int) -> None:
    """Everything up to a position was delivered, where it had not been before."""
    positions = {policy: max(before, position) for policy, before in reached.items()}
    await scope.connection.execute(
        sql.SQL(
            """insert into {} select * from unnest(%s::text[], %s::bigint[])
               on conflict (policy) do update set position = excluded.position"""
        ).format(scope.own("policies")),
        (list(positions), list(positions.values())),
    )


async def position(scope: Scope) -> int:
    """How far delivery has come."""
    cursor = await scope.connection.execute(
        sql.SQL("select position from {} where policy = %s").format(scope.own("policies")),
        (DELIVERY,),
    )
    row = await cursor.fetchone()
    return cast("int", row[0]) if row else 0


async def set_aside(scope: Scope, undelivered: Iterable[Undelivered]) -> None:
    """Keeps what could not be done, visible until it is delivered again."""
    for each in undelivered:
        await scope.connection.execute(
            sql.SQL(
                """insert into {} (policy, position, fact, name, command, code, error)
                   values (%s, %s, %s, %s, %s, %s, %s) on conflict do nothing"""
            ).format(scope.own("undelivered")),
            msgspec.structs.astuple(each),
        )


async def take_back(scope: Scope, policy: str) -> list[int]:
    """Forgets what could not be delivered to a policy; gives where those facts are, in order."""
    cursor = await scope.connection.execute(
        sql.SQL("delete from {} where policy = %s returning position").format(
            scope.own("undelivered")
        ),
        (policy,),
    )
    return sorted(line[0] for line in await cursor.fetchall())


async def count(scope: Scope) -> int:
    """How many facts did not have their effect."""
    cursor = await scope.connection.execute(
        sql.SQL("select count(*) from {}").format(scope.own("undelivered"))
    )
    row = await cursor.fetchone()
    return cast("int", row[0]) if row else 0
