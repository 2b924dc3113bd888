"""
The id a person goes on under, when theirs was merged into another.

Read from the facts themselves, in the transaction of the read it serves: an identity is never that
of an id that was given up. A merge is never corrected nor annulled, so that the last fact tells.
"""

from collections.abc import Collection

from psycopg import sql

from core.database.pool import Connection
from core.registers.people.events import PersonsMerged, PersonsUnmerged
from core.tenancy import Tenant

_KEPT = """
select person, kept
  from (select distinct on (stream) stream::text as person, name,
               convert_from(body, 'UTF8')::jsonb ->> 'kept' as kept
          from {facts}
         where stream = any(%(persons)s::uuid[]) and name = any(%(names)s)
           and convert_from(body, 'UTF8')::jsonb ->> 'merged' = stream::text
         order by stream, version desc) last
 where name = %(merged)s
"""


async def kept_ids(
    connection: Connection, tenant: Tenant, persons: Collection[str]
) -> dict[str, str]:
    """For each of these ids, the one that is kept: itself unless it was merged. One query."""
    merged, unmerged = PersonsMerged.stored_name, PersonsUnmerged.stored_name
    cursor = await connection.execute(
        sql.SQL(_KEPT).format(facts=sql.Identifier(tenant.facts_schema, "facts")),
        {"persons": list(persons), "names": [merged, unmerged], "merged": merged},
    )
    return {person: person for person in persons} | dict(await cursor.fetchall())
