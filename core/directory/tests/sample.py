"""What the tests of the directory share: one reading, a few people, and what erasure will do."""

from datetime import UTC, date, datetime

from psycopg import sql

from core.access.journal import Reading
from core.database.pool import Database
from core.directory.identity import Identity
from core.tenancy import Tenant

NOW = datetime.now(UTC)
READING = Reading(
    at=NOW, actor="animatrice", permission="directory.search_people", route="people.search"
)
CAMILLE = Identity(
    family_name="D'Orsay-Lefèvre",
    given_name="Camille",
    birth_date=date(1961, 3, 9),
    phone="06 12 34 56 78",
    email="camille@exemple.fr",
)
ALEX = Identity(family_name="D'Orsay-Lefèvre", given_name="Alex", birth_date=CAMILLE.birth_date)
NADIA = Identity(family_name="Belkacem", given_name="Nadia", birth_date=date(1984, 11, 30))


async def destroy_key(database: Database, tenant: Tenant, subject: str) -> None:
    """What erasure does to a key, under the role that will do it."""
    query = sql.SQL("update {} set wrapped = null where subject = %s::uuid").format(
        sql.Identifier(tenant.facts_schema, "data_keys")
    )
    async with database.serving(tenant) as connection:
        await connection.execute(query, (subject,))
