"""
Which ids the directory thinks are of one person: those of one name and birth date, as hashed.

The index knows nothing else, and opens nothing: it is for a person to judge.
"""

from psycopg import sql

from core.tenancy import Tenant

_SAME = """
select distinct a.person::text as first, b.person::text as second
  from {index} a
  join {index} b on b.blind = a.blind and b.kind = a.kind and b.person > a.person
 where a.kind = 'identity'
"""


def same_identity(tenant: Tenant) -> sql.Composed:
    """A query that gives the pairs (first, second) of one identity, each once, lower id first."""
    return sql.SQL(_SAME).format(index=sql.Identifier(tenant.facts_schema, "people_index"))
