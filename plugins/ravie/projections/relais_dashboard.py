"""
The dashboard of relais: the register of relais beside what its cycles have come to.

Computed from two registers when it is read, in one query for a whole page: a session does not know
its relais, so that no fold by relais could see it.
"""

from collections.abc import Sequence
from datetime import date, datetime

import msgspec
from psycopg import sql

from plugins.ravie.projections.cycle_register import CYCLE_REGISTER
from plugins.ravie.projections.relais_register import RelaisRegister
from projections.reading import ReadModels


class RelaisDashboard(msgspec.Struct, frozen=True, kw_only=True):
    """
    Un relais et ses cycles. `minutes`, `participants` et `productions` sont ceux des cycles
    professionnels ; un participant de plusieurs cycles compte une fois.
    """

    relais: str
    name: str
    structure: str | None
    state: str
    opened_on: date
    closed_on: date | None
    partners: int
    cycles_open: int
    cycles_closed: int
    cycles_interrupted: int
    project_cycles: int
    minutes: int
    participants: int
    productions: int
    next_session: datetime | None
    last_activity_on: date
    flags: tuple[str, ...]


class _Summed(msgspec.Struct, frozen=True):
    """What the cycles of one relais add up to, in the order of the query's columns."""

    relais: str
    cycles_open: int = 0
    cycles_closed: int = 0
    cycles_interrupted: int = 0
    project_cycles: int = 0
    going_on: int = 0
    minutes: int = 0
    productions: int = 0
    participants: int = 0
    next_session: datetime | None = None
    last_activity_on: date | None = None


_SUMMED = """
    with cycles as (
      select * from {register} where relais = any(%(relais)s)
    ), slots as (
      select c.relais,
             min((s ->> 'starts_at')::timestamptz)
               filter (where s ->> 'state' = 'planned'
                         and (s ->> 'starts_at')::timestamptz > %(now)s) as next_session,
             max((s ->> 'ends_at')::timestamptz at time zone 'Europe/Paris')
               filter (where s ->> 'state' = 'held') as last_held
        from cycles c
       cross join lateral jsonb_array_elements(c.calendar) s
       group by c.relais
    ), people as (
      select c.relais, count(distinct s ->> 'person') as participants
        from cycles c
       cross join lateral jsonb_array_elements(c.seats) s
       where not c.project and (s ->> 'minutes')::integer > 0
       group by c.relais
    )
    select c.relais,
           count(*) filter (where not project and state = 'open'),
           count(*) filter (where not project and state = 'closed'),
           count(*) filter (where not project and state = 'interrupted'),
           count(*) filter (where project),
           count(*) filter (where state = 'open'),
           coalesce(sum(minutes) filter (where not project), 0)::bigint,
           coalesce(sum(jsonb_array_length(productions)) filter (where not project), 0)::bigint,
           coalesce(max(p.participants), 0),
           max(s.next_session),
           greatest(max(opened_on), max(closed_on), max(s.last_held)::date)
      from cycles c
      left join slots s on s.relais = c.relais
      left join people p on p.relais = c.relais
     group by c.relais
"""


async def dashboard(
    models: ReadModels, rows: Sequence[RelaisRegister], now: datetime
) -> list[RelaisDashboard]:
    """The dashboard of these relais, in their order; `next_session` is the first after `now`."""
    register = sql.Identifier(models.tenant.read_schema, CYCLE_REGISTER.table)
    cursor = await models.connection.execute(
        sql.SQL(_SUMMED).format(register=register),
        {"relais": [row.relais for row in rows], "now": now},
    )
    summed = {line[0]: _Summed(*line) for line in await cursor.fetchall()}
    return [_beside(row, summed.get(row.relais) or _Summed(row.relais)) for row in rows]


def _beside(row: RelaisRegister, cycles: _Summed) -> RelaisDashboard:
    left_open = row.state == "closed" and cycles.going_on
    return RelaisDashboard(
        relais=row.relais,
        name=row.name,
        structure=row.structure,
        state=row.state,
        opened_on=row.opened_on,
        closed_on=row.closed_on,
        partners=row.partners,
        cycles_open=cycles.cycles_open,
        cycles_closed=cycles.cycles_closed,
        cycles_interrupted=cycles.cycles_interrupted,
        project_cycles=cycles.project_cycles,
        minutes=cycles.minutes,
        participants=cycles.participants,
        productions=cycles.productions,
        next_session=cycles.next_session,
        last_activity_on=cycles.last_activity_on or row.opened_on,
        flags=("open_cycles_in_a_closed_relais",) if left_open else (),
    )
