"""
How far each read model has come, and the locks that keep two from writing it at once.

Invariant: the subject index is never behind a read model that this process follows.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Literal, NamedTuple

from psycopg import sql

from core.projection import Projection
from projections.scope import Scope
from projections.subjects import INDEX, VERSION


class Checkpoint(NamedTuple):
    """The version whose rows a table holds, and the last position they hold."""

    version: int
    position: int


async def read_checkpoints(scope: Scope) -> dict[str, Checkpoint]:
    """Every checkpoint of the tenant, by read model; the index under `INDEX`."""
    cursor = await scope.connection.execute(
        sql.SQL("select projection, version, position from {}").format(scope.own("followed"))
    )
    return {
        name: Checkpoint(version, position) for name, version, position in await cursor.fetchall()
    }


async def write_checkpoints(
    scope: Scope, projections: Iterable[Projection[Any]], position: int, *, index: bool
) -> None:
    """Says that these read models, and the index when asked, hold all up to a position."""
    versions = {projection.name: projection.version for projection in projections}
    if index:
        versions[INDEX] = VERSION
    await scope.connection.execute(
        sql.SQL(
            """insert into {} as f select name, version, %s
                 from unnest(%s::text[], %s::integer[]) as u (name, version)
               on conflict (projection) do update
                  set version = excluded.version, position = excluded.position"""
        ).format(scope.own("followed")),
        (position, list(versions), list(versions.values())),
    )


def stale(
    projections: Iterable[Projection[Any]], checkpoints: Mapping[str, Checkpoint]
) -> list[Projection[Any]]:
    """Those that have no table yet, or rows of an older version: they must be built."""
    return [
        projection
        for projection in projections
        if projection.name not in checkpoints
        or checkpoints[projection.name].version < projection.version
    ]


def index_is_stale(checkpoints: Mapping[str, Checkpoint]) -> bool:
    """Whether the subject index must be built, or built again."""
    return INDEX not in checkpoints or checkpoints[INDEX].version < VERSION


def in_step(
    projections: Iterable[Projection[Any]], checkpoints: Mapping[str, Checkpoint]
) -> list[Projection[Any]]:
    """
    Those whose table holds rows of the version we know.

    A newer version than ours is another process's to follow: ours is being replaced.
    """
    return [
        projection
        for projection in projections
        if projection.name in checkpoints
        and checkpoints[projection.name].version == projection.version
    ]


Work = Literal["follow", "rebuild", "deliver"]


async def lock(scope: Scope, work: Work) -> None:
    """Waits until no other transaction does this work for the tenant; then keeps it to ours."""
    await scope.connection.execute(
        "select pg_advisory_xact_lock(hashtextextended(%s, 0))", (_lock_name(scope, work),)
    )


async def try_lock(scope: Scope, work: Work) -> bool:
    """The same without waiting: False when another one does this work."""
    cursor = await scope.connection.execute(
        "select pg_try_advisory_xact_lock(hashtextextended(%s, 0))", (_lock_name(scope, work),)
    )
    row = await cursor.fetchone()
    return bool(row and row[0])


def _lock_name(scope: Scope, work: Work) -> str:
    return f"{work} {scope.tenant.read_schema}"
