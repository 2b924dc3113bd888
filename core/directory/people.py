"""
The people directory: the only place that knows who a person is.

The identity is one token under the person's key; it is found again through the blind index. Every
read is written to the access journal in its own transaction. Whoever registers someone here then
executes `directory.register_person`, so that the person exists as a fact too; the same id again
with the same identity is the same registration, so that an interrupted import is simply redone.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import get_args

import msgspec
from psycopg import sql

from core.access import journal
from core.access.journal import Reading
from core.database.pool import Connection
from core.directory.blind_index import Kind, blind_family, blind_identity
from core.directory.identity import Identity, opened_card, refuse_unusable, sealed_card
from core.directory.keyring import Keyring
from core.directory.merges import kept_ids
from core.directory.refusals import UnknownPerson, refusal
from core.directory.registration import Match, Newcomer, Registration, blinds_of, strongest
from core.domain.event import PersonId
from core.domain.sealed import Sealed
from core.ids import uuid7
from core.registers.people.vocabulary import IdentityField
from core.tenancy import Tenant


class Registered(msgspec.Struct, frozen=True, kw_only=True):
    """A registration; `created` is False when this very one had been done before."""

    person: PersonId
    created: bool
    duplicates: tuple[Match, ...] = ()


class Candidate(msgspec.Struct, frozen=True, kw_only=True):
    """Someone found, with their identity."""

    person: PersonId
    match: Kind
    identity: Identity


class People:
    """The directories of every tenant of an installation."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring

    async def register(
        self, tenant: Tenant, identity: Identity, reading: Reading, *, person: str | None = None
    ) -> Registered:
        """Registers one person, under a new id unless one is given; see `register_many`."""
        newcomer = Newcomer(person=person or uuid7(), identity=identity)
        return (await self.register_many(tenant, [newcomer], reading))[0]

    async def register_many(
        self, tenant: Tenant, newcomers: Sequence[Newcomer], reading: Reading
    ) -> list[Registered]:
        """
        Registers people in one statement and one transaction, all or none; answers in order.

        A possible duplicate is told, not refused: two people may share a name and a birth date.
        Refused as `name_has_no_letter`, `birth_date_in_the_future`, and as `person_is_another`
        when an id is taken by another identity.
        """
        identities = {newcomer.person: newcomer.identity for newcomer in newcomers}
        for newcomer in newcomers:
            refuse_unusable(newcomer.identity, reading.at.date())
            if identities[newcomer.person] != newcomer.identity:
                raise refusal("person_is_another", "person")
        different = [Newcomer(person=person, identity=who) for person, who in identities.items()]
        registration = Registration(tenant, await self._keyring.tenant_key(tenant), different)
        async with self._keyring.database(tenant).serving(tenant) as connection:
            created = await registration.store(connection)
            if redone := identities.keys() - created:
                cards = await self._cards(connection, tenant, redone)
                if any(cards.get(person) != identities[person] for person in redone):
                    raise refusal("person_is_another", "person")
            duplicates = await self._kept_matches(connection, tenant, registration.duplicates())
            # That someone is known here is already something read about them.
            if told := {match.person for twins in duplicates.values() for match in twins}:
                await journal.record(connection, tenant, reading, told)
        self._keyring.hold(tenant, {person: registration.keys[person] for person in created})
        return [
            Registered(
                person=PersonId(newcomer.person),
                created=newcomer.person in created,
                duplicates=duplicates[newcomer.person],
            )
            for newcomer in newcomers
        ]

    async def correct(
        self, tenant: Tenant, person: str, identity: Identity, reading: Reading
    ) -> tuple[IdentityField, ...]:
        """
        Puts a better identity in the place of the one that is there; gives the fields that changed.

        None changed, nothing is written. Raises `UnknownPerson`, and refuses what `register_many`
        refuses of an identity. Whoever calls it then executes `directory.correct_identity`.
        """
        refuse_unusable(identity, reading.at.date())
        index = (await self._keyring.tenant_key(tenant)).indexing
        async with self._keyring.database(tenant).serving(tenant) as connection:
            before = (await self._cards(connection, tenant, [person])).get(person)
            if before is None:
                raise UnknownPerson(person)
            await journal.record(connection, tenant, reading, [person])
            changed = tuple(
                field
                for field in get_args(IdentityField)
                if getattr(before, field) != getattr(identity, field)
            )
            if changed:
                key = (await self._keyring.find(tenant, [person], connection))[person].key
                await connection.execute(
                    sql.SQL(_REPLACE).format(
                        people=sql.Identifier(tenant.facts_schema, "people"),
                        index=sql.Identifier(tenant.facts_schema, "people_index"),
                    ),
                    {
                        "person": person,
                        "card": sealed_card(key, tenant.code, person, identity),
                        "blinds": [blind for blind, _ in blinds_of(index, identity)],
                        "kinds": [kind for _, kind in blinds_of(index, identity)],
                    },
                )
        return changed

    async def search(
        self,
        tenant: Tenant,
        family_name: str,
        birth_date: date,
        reading: Reading,
        *,
        given_name: str | None = None,
    ) -> list[Candidate]:
        """
        Those of this family name and birth date, however written; the same given name first.

        Without a given name every match is of the `family`. Whoever was found under an id that was
        merged is given as the one that was kept.
        """
        key = (await self._keyring.tenant_key(tenant)).indexing
        blinds = [blind_family(key, family_name, birth_date)]
        if given_name is not None:
            blinds.append(blind_identity(key, family_name, given_name, birth_date))
        query = sql.SQL("select person::text, kind from {} where blind = any(%s)").format(
            sql.Identifier(tenant.facts_schema, "people_index")
        )
        async with self._keyring.database(tenant).serving(tenant) as connection:
            found = strongest(await (await connection.execute(query, (blinds,))).fetchall())
            matches = (await self._kept_matches(connection, tenant, {"": tuple(found)}))[""]
            cards = await self._cards(connection, tenant, [match.person for match in matches])
            await journal.record(connection, tenant, reading, cards)
        return [
            Candidate(person=match.person, match=match.match, identity=cards[match.person])
            for match in matches
            if match.person in cards
        ]

    async def identities(
        self, tenant: Tenant, persons: Collection[str], reading: Reading
    ) -> dict[str, Identity]:
        """
        Who people are, by the id asked for, in three queries at most; an id that was merged gives
        the identity that was kept. The erased and the unknown are left out.
        """
        await self._keyring.tenant_key(tenant)
        async with self._keyring.database(tenant).serving(tenant) as connection:
            kept = await kept_ids(connection, tenant, persons)
            cards = await self._cards(connection, tenant, set(kept.values()))
            if cards:
                await journal.record(connection, tenant, reading, cards)
        return {person: cards[one] for person, one in kept.items() if one in cards}

    async def kept(self, tenant: Tenant, persons: Collection[str]) -> dict[str, str]:
        """The id each of these goes on under: itself, unless it was merged into another."""
        async with self._keyring.database(tenant).serving(tenant) as connection:
            return await kept_ids(connection, tenant, persons)

    async def _kept_matches(
        self,
        connection: Connection,
        tenant: Tenant,
        found: Mapping[str, tuple[Match, ...]],
    ) -> dict[str, tuple[Match, ...]]:
        """The same matches under the ids that were kept, each once, the strongest."""
        told = {match.person for matches in found.values() for match in matches}
        kept = await kept_ids(connection, tenant, told) if told else {}
        return {
            key: tuple(
                match
                for match in strongest((kept[match.person], match.match) for match in matches)
                if match.person != key
            )
            for key, matches in found.items()
        }

    async def _cards(
        self, connection: Connection, tenant: Tenant, persons: Collection[str]
    ) -> dict[str, Identity]:
        query = sql.SQL("select person::text, card from {} where person = any(%s::uuid[])").format(
            sql.Identifier(tenant.facts_schema, "people")
        )
        lines = await (await connection.execute(query, (list(persons),))).fetchall()
        keys = await self._keyring.find(tenant, [person for person, _ in lines], connection)
        return {
            person: opened_card(keys[person].key, tenant.code, Sealed(card))
            for person, card in lines
            if person in keys
        }


# Lines of the index that stay are left alone: the same statement sees the ones there were.
_REPLACE = """
with carded as (
  update {people} set card = %(card)s where person = %(person)s::uuid
), told as (
  select * from unnest(%(blinds)s::bytea[], %(kinds)s::text[]) as line (blind, kind)
), dropped as (
  delete from {index} where person = %(person)s::uuid and blind not in (select blind from told)
)
insert into {index} (blind, kind, person)
select blind, kind, %(person)s::uuid from told on conflict do nothing"""
