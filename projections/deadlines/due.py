"""What is due, across modules: one ordered query over the read models that say so."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

import msgspec
from psycopg import sql

from core.access.actor import Actor
from core.database.pool import Connection
from core.deadline import Deadline
from core.http.paging import Page, cursor_of, place_of
from core.projection import Projection
from core.tenancy import Tenant
from projections.figures import mentioned, with_tables
from projections.tables import Table


class Due(msgspec.Struct, frozen=True, kw_only=True):
    """
    One thing due. `id` is its own and stays; `subject` is what it is about.

    `reminders` are the days one wants to be told, the earliest first.
    """

    id: str
    kind: str
    sentence: str
    subject: str
    person: str | None
    due_on: date
    done_on: date | None
    assigned: str | None
    structure: str | None
    reminders: list[date]


class Seen(NamedTuple):
    """A kind of deadline that somebody sees: all of it, or what is `own` only."""

    deadline: Deadline
    own: bool


class Sight(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody sees: which kinds, and which ids make a thing theirs."""

    kinds: tuple[Seen, ...]
    ids: frozenset[str]
    structures: frozenset[str]


class Span(msgspec.Struct, frozen=True, kw_only=True):
    """Days from `start` included to `end` excluded; what is done too when `done`."""

    start: date = date.min
    end: date = date.max
    done: bool = False


def sight_of(
    actor: Actor, tenant: str, deadlines: Sequence[Deadline], *, own: bool = False
) -> Sight:
    """
    What an actor sees of these deadlines: those whose permission they hold.

    Of what they hold on some things only, and of everything when `own`, only what falls to them, to
    a professional they stand for, or is of a structure they stand for.
    """
    kinds = []
    structures: frozenset[str] = actor.stands_for(tenant)
    for deadline in deadlines:
        grant = actor.granted(tenant, deadline.permission)
        if grant != "no":
            kinds.append(Seen(deadline, own or grant != "yes"))
    return Sight(kinds=tuple(kinds), ids=actor.ids(tenant), structures=structures)


def projections_of(sight: Sight, projections: Sequence[Projection[Any]]) -> list[Projection[Any]]:
    """The read models that what is seen rests on."""
    used = {name for seen in sight.kinds for name in mentioned(seen.deadline.rows)}
    return [each for each in projections if each.name in used]


async def due(
    connection: Connection,
    tenant: Tenant,
    sight: Sight,
    projections: Sequence[Projection[Any]],
    span: Span,
    *,
    after: str | None = None,
    limit: int,
) -> Page[Due]:
    """
    What is due in a span, the earliest first, `limit` at a time; raises `Malformed`.

    `projections` are those of `projections_of`.
    """
    if not sight.kinds:
        return Page([], None)
    tables = {each.name: Table.live(each, tenant.read_schema).identifier for each in projections}
    parts = [_of_kind(seen, tables) for seen in sight.kinds]
    conditions: list[sql.Composable] = [sql.SQL("due_on >= %(start)s and due_on < %(end)s")]
    values: dict[str, Any] = {
        "start": span.start,
        "end": span.end,
        "ids": sorted(sight.ids),
        "structures": sorted(sight.structures),
    }
    if not span.done:
        conditions.append(sql.SQL("done_on is null"))
    if after is not None:
        conditions.append(
            sql.SQL("(due_on, kind, subject, coalesce(person, '')) > (%(d)s, %(k)s, %(s)s, %(p)s)")
        )
        values |= dict(zip("dksp", place_of(after, [date, str, str, str]), strict=True))
    query = sql.SQL(
        """select kind, subject, person, due_on, done_on, assigned, structure
             from ({}) as due where {}
            order by due_on, kind, subject, coalesce(person, '') limit {}"""
    ).format(
        sql.SQL(" union all ").join(parts),
        sql.SQL(" and ").join(conditions),
        sql.Literal(limit + 1),
    )
    lines = await (await connection.execute(query, values)).fetchall()
    declared = {seen.deadline.kind: seen.deadline for seen in sight.kinds}
    items = [_told(declared[line[0]], line) for line in lines[:limit]]
    if len(lines) <= limit:
        return Page(items, None)
    last = items[-1]
    return Page(items, cursor_of((last.due_on, last.kind, last.subject, last.person or "")))


def _of_kind(seen: Seen, tables: dict[str, sql.Identifier]) -> sql.Composable:
    """The lines of one kind, as far as they are seen."""
    theirs = " where assigned = any(%(ids)s) or structure = any(%(structures)s)"
    return sql.SQL(
        "select {} as kind, subject, person, due_on, done_on, assigned, structure"
        " from ({}) as rows{}"
    ).format(
        sql.Literal(seen.deadline.kind),
        with_tables(seen.deadline.rows, tables, seen.deadline.kind),
        sql.SQL(theirs if seen.own else ""),
    )


def _told(deadline: Deadline, line: Sequence[Any]) -> Due:
    kind, subject, person, due_on, done_on, assigned, structure = line
    return Due(
        id="/".join((kind, subject, *([] if person is None else [person]))),
        kind=kind,
        sentence=deadline.sentence,
        subject=subject,
        person=person,
        due_on=due_on,
        done_on=done_on,
        assigned=assigned,
        structure=structure,
        reminders=sorted(due_on - timedelta(days=days) for days in deadline.reminders),
    )
