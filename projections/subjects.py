"""
The subject index: where everything that happened to a subject is.

Kept by the follower, off the append path. It may hold more than what a fact is about, never less:
who looks something up folds only what the read model's own `keys` confirm.
"""

import hashlib
from collections.abc import Collection, Iterable
from functools import lru_cache
from typing import Any, TypeAlias
from uuid import UUID

from psycopg import sql

from core.database.pool import Connection
from core.domain.event import Recorded
from core.ids import uuid8
from core.projection import Key
from projections.decoding import corrected_by, subjects_in

INDEX = "subjects"
"""Its table, and its line among the checkpoints."""

VERSION = 1
"""Raised when what is indexed changes: the index is then built again from the facts."""

Entries: TypeAlias = set[tuple[str, int]]


def entries(history: Iterable[Recorded[Any]]) -> Entries:
    """The lines of the index for these facts: (subject, position)."""
    found: Entries = set()
    for recorded in history:
        for subject in subjects_in(recorded):
            found.add((indexed(subject), recorded.position))
        if target := corrected_by(recorded):
            found.add((indexed(target), recorded.position))
    return found


@lru_cache(maxsize=65_536)
def indexed(subject: str) -> str:
    """The UUID a subject is indexed under: itself, or its hash when it is another kind of text."""
    try:
        return str(UUID(subject))
    except ValueError:
        return uuid8(hashlib.sha256(subject.encode()).digest())


async def add(connection: Connection, index: sql.Identifier, lines: Entries) -> None:
    """Writes lines of the index, in one statement; those that exist stay."""
    ordered = sorted(lines)
    # Array literals by hand: neither ids nor numbers need escaping.
    subjects = ",".join(subject for subject, _ in ordered)
    positions = ",".join(str(position) for _, position in ordered)
    await connection.execute(
        sql.SQL(
            "insert into {} select * from unnest(%s::text::uuid[], %s::text::bigint[])"
            " on conflict do nothing"
        ).format(index),
        (f"{{{subjects}}}", f"{{{positions}}}"),
    )


async def copy(connection: Connection, index: sql.Identifier, lines: Entries) -> None:
    """Writes lines of the index into a fresh table that has no key yet, by COPY."""
    text = "".join(f"{subject}\t{position}\n" for subject, position in sorted(lines))
    statement = sql.SQL("copy {} from stdin").format(index)
    async with connection.cursor() as cursor, cursor.copy(statement) as target:
        await target.write(text)


async def positions_of(
    connection: Connection, index: sql.Identifier, subjects: Collection[str], until: int
) -> set[int]:
    """Where anything happened to any of the subjects, up to a position included."""
    cursor = await connection.execute(
        sql.SQL(
            "select distinct position from {} where subject = any(%s::uuid[]) and position <= %s"
        ).format(index),
        (list({indexed(subject) for subject in subjects}), until),
    )
    return {position for (position,) in await cursor.fetchall()}


async def positions_of_keys(
    connection: Connection, index: sql.Identifier, keys: Iterable[Key], until: int
) -> set[int]:
    """Where something happened to all the parts of one of the keys at once, in one query."""
    parts = [sorted({indexed(part) for part in key}) for key in keys]
    cursor = await connection.execute(
        sql.SQL(
            """with asked as (
                 select n, subject, count(*) over (partition by n) as parts
                   from unnest(%s::integer[], %s::uuid[]) as a (n, subject)
               )
               select distinct s.position
                 from asked a join {} s on s.subject = a.subject and s.position <= %s
                group by a.n, a.parts, s.position
               having count(*) = a.parts"""
        ).format(index),
        (
            [number for number, subjects in enumerate(parts) for _ in subjects],
            [subject for subjects in parts for subject in subjects],
            until,
        ),
    )
    return {position for (position,) in await cursor.fetchall()}
