"""Registering people in one statement: their keys, their cards and their lines of the index."""

from collections.abc import Iterable, Mapping, Sequence

import msgspec
from psycopg import sql

from core.database.pool import Connection
from core.directory.blind_index import Kind, blind_family, blind_identity
from core.directory.identity import Identity, sealed_card
from core.directory.keyring import HeldKey
from core.domain.event import PersonId
from core.keys.hierarchy import TenantKey
from core.tenancy import Tenant


class Newcomer(msgspec.Struct, frozen=True, kw_only=True):
    """A person to register, under an id made by `core.ids`."""

    person: str
    identity: Identity


class Match(msgspec.Struct, frozen=True, kw_only=True):
    """Someone of the same `identity`, or of the same `family` name and birth date."""

    person: PersonId
    match: Kind


class Registration:
    """What is made for newcomers before the database is asked; ids are all different."""

    def __init__(
        self, tenant: Tenant, tenant_key: TenantKey, newcomers: Sequence[Newcomer]
    ) -> None:
        self._tenant = tenant
        self.keys: dict[str, HeldKey] = {}
        self._wrapped: list[bytes] = []
        self._cards: list[str] = []
        self._lines: list[tuple[bytes, Kind, str]] = []
        self._known: dict[bytes, list[tuple[str, Kind]]] = {}
        index = tenant_key.indexing
        # In order, so that two imports of the same people cannot wait for each other.
        for newcomer in sorted(newcomers, key=lambda newcomer: newcomer.person):
            person, who = newcomer.person, newcomer.identity
            key, wrapped = tenant_key.new_data_key(person)
            self.keys[person] = HeldKey("person", key)
            self._wrapped.append(wrapped)
            self._cards.append(sealed_card(key, tenant.code, person, who))
            self._lines += [(blind, kind, person) for blind, kind in blinds_of(index, who)]

    async def store(self, connection: Connection) -> set[str]:
        """Writes what is new; gives the ids that were. One statement, whatever the number."""
        names = ("data_keys", "people", "people_index")
        query = sql.SQL(_REGISTER).format(
            **{name: sql.Identifier(self._tenant.facts_schema, name) for name in names}
        )
        cursor = await connection.execute(
            query,
            {
                "persons": list(self.keys),
                "wrapped": self._wrapped,
                "cards": self._cards,
                "blinds": [blind for blind, _, _ in self._lines],
                "kinds": [kind for _, kind, _ in self._lines],
                "owners": [person for _, _, person in self._lines],
            },
        )
        created: set[str] = set()
        for blind, kind, person in await cursor.fetchall():
            if blind is None:
                created.add(person)
            else:
                self._known.setdefault(blind, []).append((person, kind))
        for blind, kind, person in self._lines:
            self._known.setdefault(blind, []).append((person, kind))
        return created

    def duplicates(self) -> Mapping[str, tuple[Match, ...]]:
        """For each newcomer, who shares a line of the index; others of the batch included."""
        shared: dict[str, list[tuple[str, Kind]]] = {}
        for blind, _, person in self._lines:
            shared.setdefault(person, []).extend(self._known[blind])
        return {
            person: tuple(match for match in strongest(found) if match.person != person)
            for person, found in shared.items()
        }


def blinds_of(index: bytes, who: Identity) -> list[tuple[bytes, Kind]]:
    """The lines under which somebody is found again."""
    return [
        (blind_family(index, who.family_name, who.birth_date), "family"),
        (blind_identity(index, who.family_name, who.given_name, who.birth_date), "identity"),
    ]


def strongest(found: Iterable[tuple[str, Kind]]) -> list[Match]:
    """One match per person, the same identity before the same family; then the oldest id."""
    kinds: dict[str, set[Kind]] = {}
    for person, kind in found:
        kinds.setdefault(person, set()).add(kind)
    matches = [
        Match(person=PersonId(person), match="identity" if "identity" in of else "family")
        for person, of in kinds.items()
    ]
    return sorted(matches, key=lambda match: (match.match != "identity", match.person))


# The last part reads the index as it was before this statement: those known already.
_REGISTER = """
with asked as (
  select * from unnest(%(persons)s::uuid[], %(wrapped)s::bytea[], %(cards)s::text[])
    as asked (person, wrapped, card)
), keyed as (
  insert into {data_keys} (subject, kind, wrapped) select person, 'person', wrapped from asked
  on conflict (subject) do nothing returning subject as person
), carded as (
  insert into {people} (person, card) select person, card from asked join keyed using (person)
), indexed as (
  insert into {people_index} (blind, kind, person)
  select blind, kind, person
    from unnest(%(blinds)s::bytea[], %(kinds)s::text[], %(owners)s::uuid[])
      as line (blind, kind, person) join keyed using (person)
)
select null::bytea, null::text, person::text from keyed
union all
select blind, kind, person::text from {people_index} where blind = any(%(blinds)s::bytea[])
"""
