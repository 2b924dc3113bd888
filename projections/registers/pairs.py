"""
The pairs still to be judged: those the directory's index finds, those proposed by hand.

Each is told under the ids that were kept; what was dismissed, under either id, is left out.
"""

from datetime import date

import msgspec
from psycopg import sql

from core.directory.duplicates import same_identity
from core.http.paging import Page, cursor_of, place_of
from projections.reading import ReadModels
from projections.registers.duplicates import DUPLICATES
from projections.registers.persons import PERSONS
from projections.tables import Table

_PAIRS = """
with found as (
  select first, second, 'index' as found_by, null::text as reason, null::date as said_on
    from ({same}) s
  union all
  select first, second, 'hand', reason, said_on from {duplicates} where state = 'proposed'
), told as (
  select coalesce(a.kept, f.first) as one, coalesce(b.kept, f.second) as other, f.*
    from found f
    left join {persons} a on a.person = f.first
    left join {persons} b on b.person = f.second
   where not exists (select from {duplicates} d where d.state <> 'proposed'
                        and d.first = f.first and d.second = f.second)
), pairs as (
  select least(one, other) collate "C" as first, greatest(one, other) collate "C" as second,
         max(found_by) as found_by, max(reason) as reason, max(said_on) as said_on
    from told where one <> other group by 1, 2
)
select p.first, p.second, p.found_by, p.reason, p.said_on
  from pairs p
 where not exists (select from {duplicates} d where d.state <> 'proposed'
                      and d.first = p.first and d.second = p.second)
   and (%(first)s::text is null
        or (p.first, p.second) > (%(first)s::text collate "C", %(second)s::text collate "C"))
 order by p.first, p.second limit %(limit)s
"""


class Pair(msgspec.Struct, frozen=True, kw_only=True):
    """
    Deux fiches qui sont peut-être d'une même personne, l'identifiant le plus petit d'abord.

    `found_by` : `index` (même nom et même date de naissance) ou `hand` (proposées à la main, avec
    le motif et le jour).
    """

    first: str
    second: str
    found_by: str
    reason: str | None
    said_on: date | None


async def pairs_to_judge(models: ReadModels, *, after: str | None, limit: int) -> Page[Pair]:
    """A page of pairs, by ids; raises `Malformed` for a cursor of another list."""
    schema = models.tenant.read_schema
    query = sql.SQL(_PAIRS).format(
        same=same_identity(models.tenant),
        duplicates=Table.live(DUPLICATES, schema).identifier,
        persons=Table.live(PERSONS, schema).identifier,
    )
    first, second = (None, None) if after is None else place_of(after, [str, str])
    cursor = await models.connection.execute(
        query, {"first": first, "second": second, "limit": limit + 1}
    )
    pairs = [
        Pair(first=one, second=other, found_by=found_by, reason=reason, said_on=said_on)
        for one, other, found_by, reason, said_on in await cursor.fetchall()
    ]
    more = len(pairs) > limit
    place = [pairs[limit - 1].first, pairs[limit - 1].second] if more else []
    return Page(pairs[:limit], cursor_of(place) if more else None)
