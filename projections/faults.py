"""Where faults are kept: which rows stopped, at which fact, and which facts nobody knows."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

import msgspec
from psycopg import sql

from core.domain.event import Recorded
from core.projection import Key
from projections.folding import UNKNOWN, Fault, Folding, Touch
from projections.scope import Scope

_COLUMNS = "projection, key, position, fact::text, name, code, error, subjects"


async def load_set_aside(scope: Scope, folding: Folding) -> None:
    """Tells a folding of every fact that was set aside before."""
    query = sql.SQL(
        "select {} from {} where key = %s and projection = any(%s::text[]) order by position"
    ).format(sql.SQL(_COLUMNS), scope.own("faults"))
    names = [projection.name for projection in folding.projections]
    cursor = await scope.connection.execute(query, (_text(UNKNOWN), names))
    for line in await cursor.fetchall():
        folding.aside(_fault(line))


async def load_stopped(scope: Scope, folding: Folding, touches: Iterable[Touch]) -> None:
    """Tells a folding which of the rows it is about to fold are stopped."""
    # Hardly ever is there one: this is asked first, and keys are handed over only then.
    exists = sql.SQL("select exists (select from {})").format(scope.own("faults"))
    if await (await scope.connection.execute(exists)).fetchone() == (False,):
        return
    keys = list(dict.fromkeys((touch.projection.name, touch.key) for touch in touches))
    query = sql.SQL(
        """select {} from {} join unnest(%s::text[], %s::text[]) as k (projection, key)
           using (projection, key)"""
    ).format(sql.SQL(_COLUMNS), scope.own("faults"))
    cursor = await scope.connection.execute(
        query, ([name for name, _ in keys], [_text(key) for _, key in keys])
    )
    for line in await cursor.fetchall():
        folding.stop(_fault(line))


async def write_faults(scope: Scope, folding: Folding) -> None:
    """Keeps what a folding set aside; what was known before stays as it was."""
    faults = [*folding.faults.values(), *folding.set_aside.values()]
    if faults:
        lines = [[fault.projection, _text(fault.key), *_rest(fault)] for fault in faults]
        async with scope.connection.cursor() as cursor:
            await cursor.executemany(
                sql.SQL(
                    """insert into {} (projection, key, position, fact, name, code, error, subjects)
                       values (%s, %s, %s, %s, %s, %s, %s, %s) on conflict do nothing"""
                ).format(scope.own("faults")),
                lines,
            )


async def write_skips(scope: Scope, skipped: Iterable[Recorded[Any]]) -> None:
    """Keeps which facts no installed module declares."""
    facts = list(skipped)
    if facts:
        await scope.connection.execute(
            sql.SQL(
                """insert into {} (position, fact, name)
                   select * from unnest(%s::bigint[], %s::uuid[], %s::text[])
                   on conflict do nothing"""
            ).format(scope.own("skips")),
            (
                [fact.position for fact in facts],
                [fact.id for fact in facts],
                [fact.fact.name for fact in facts],
            ),
        )


async def release_rows(scope: Scope, projection: str, keys: Collection[Key]) -> None:
    """Forgets the faults of rows that are about to be folded again."""
    await scope.connection.execute(
        sql.SQL("delete from {} where projection = %s and key = any(%s::text[])").format(
            scope.own("faults")
        ),
        (projection, [_text(key) for key in keys]),
    )


async def release_facts(scope: Scope, positions: Sequence[int]) -> list[tuple[str, Key]]:
    """Forgets every fault at these positions; gives the rows that had stopped there."""
    return await _release(scope, "position = any(%s::bigint[])", list(positions))


async def release_all(scope: Scope) -> list[tuple[str, Key]]:
    """Forgets every fault of the scope's read models; gives the rows that had stopped."""
    return await _release(scope, "true", None)


async def positions_set_aside(scope: Scope) -> list[int]:
    """Where the facts are that were skipped, or set aside for a read model of the scope."""
    cursor = await scope.connection.execute(
        sql.SQL(
            """select position from {} where key = %s and projection = any(%s::text[])
               union select position from {} order by 1"""
        ).format(scope.own("faults"), scope.own("skips")),
        (_text(UNKNOWN), [projection.name for projection in scope.projections]),
    )
    return [position for (position,) in await cursor.fetchall()]


async def forget_all_skips(scope: Scope) -> None:
    """The whole history is about to be read again."""
    await scope.connection.execute(sql.SQL("delete from {}").format(scope.own("skips")))


async def forget_skips(scope: Scope, positions: Sequence[int]) -> None:
    """These facts are known after all, or about to be skipped again."""
    await scope.connection.execute(
        sql.SQL("delete from {} where position = any(%s::bigint[])").format(scope.own("skips")),
        (list(positions),),
    )


async def _release(scope: Scope, condition: str, values: object) -> list[tuple[str, Key]]:
    query = sql.SQL(
        "delete from {} where {} and projection = any(%s::text[]) returning projection, key"
    ).format(scope.own("faults"), sql.SQL(condition))  # constants of this module
    names = [projection.name for projection in scope.projections]
    cursor = await scope.connection.execute(query, (names,) if values is None else (values, names))
    released = [(name, _key(text)) for name, text in await cursor.fetchall()]
    return [(name, key) for name, key in released if key != UNKNOWN]


def _text(key: Key) -> str:
    return msgspec.json.encode(key).decode()


def _key(text: str) -> Key:
    return msgspec.json.decode(text, type=tuple[str, ...])


def _rest(fault: Fault) -> tuple[Any, ...]:
    return (
        fault.position,
        fault.fact,
        fault.name,
        fault.code,
        fault.error,
        list(fault.subjects),
    )


def _fault(line: tuple[Any, ...]) -> Fault:
    projection, key, position, fact, name, code, error, subjects = line
    return Fault(
        projection=projection,
        key=_key(key),
        position=position,
        fact=fact,
        name=name,
        code=code,
        error=error,
        subjects=tuple(subjects),
    )
