"""What a module takes a line with: the public commands, over a store that writes nothing yet."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, TypeVar, cast

import msgspec

from core.access.actor import Actor
from core.access.journal import Reading
from core.application import Application
from core.directory.blind_index import normalised
from core.directory.commands import CorrectIdentity, RegisterPerson
from core.directory.external import id_of_external
from core.directory.identity import Identity
from core.directory.people import People
from core.directory.vault import Vault
from core.domain.command import Command, PersonRef, SubjectId
from core.domain.correction import CorrectFact, effective
from core.domain.days import day_of
from core.domain.decider import Aggregate, fold
from core.domain.event import Fact, PersonId, Recorded, Subject, encode_fact
from core.domain.sealed import Sealed
from core.importing.staging import HELD
from core.registers.people.state import PERSON
from core.tenancy import Tenant

S = TypeVar("S")

SEEN = 10_000
"""People whose identity is not compared again."""

CORRECTED_BY_IMPORT = "told_again_by_an_import"
"""The reason of a correction that a line of a file makes."""


class Counter(msgspec.Struct):
    """What an import did, or would do."""

    commands: int = 0
    corrections: int = 0
    people: int = 0
    likenesses: int = 0
    """New people who may be somebody known already."""


class Counting:
    """The desk of one import; see `core.importable.Desk`."""

    def __init__(
        self,
        application: Application,
        tenant: Tenant,
        people: People,
        vault: Vault,
        *,
        actor: Actor,
        source: str,
        correlation: str,
    ) -> None:
        self.counted = Counter()
        self.today: date = day_of(application.clock.now(tenant.code))
        self._application = application
        self._tenant = tenant
        self._people = people
        self._vault = vault
        self._actor = actor
        self._source = source
        self._correlation = correlation
        self._seen: OrderedDict[str, Identity | None] = OrderedDict()
        self._states: OrderedDict[str, tuple[list[Recorded[Any]], Any]] = OrderedDict()

    async def id_of(self, kind: str, external_id: str) -> Subject:
        return await id_of_external(self._vault, self._tenant, kind, self._source, external_id)

    async def person(self, external_id: str | None, identity: Mapping[str, Any] | None) -> PersonId:
        told = None if identity is None else Identity(**identity)
        if external_id is None:
            if told is None:
                raise LookupError
            names = normalised(told.family_name), normalised(told.given_name)
            external_id = "\0".join((*names, told.birth_date.isoformat()))
            kind = "person_by_identity"
        else:
            kind = "person"
        person = PersonId(await self.id_of(kind, external_id))
        if person in self._seen and self._seen[person] == (told or self._seen[person]):
            self._seen.move_to_end(person)
            return person
        if await self.state(PERSON, person) is None:
            if told is None:
                raise LookupError
            await self._register(person, told)
        elif told is not None:
            await self._correct(person, told)
        self._seen[person] = told
        while len(self._seen) > SEEN:
            self._seen.popitem(last=False)
        return person

    async def state(self, aggregate: Aggregate[S], stream: str) -> S | None:
        store = self._application.store
        history = (await store.load(self._tenant, [stream]))[stream]
        held = self._states.get(stream)
        # The staging store gives a new list for each fact it adds: the same one, the same state.
        if held is None or held[0] is not history:
            standing = effective(history, store.registry)
            known = bool(standing) and isinstance(standing[0].fact, aggregate.facts)
            held = self._states[stream] = history, fold(aggregate, standing) if known else None
            while len(self._states) > HELD:
                self._states.popitem(last=False)
        return cast("S | None", held[1])

    async def standing(self, stream: str) -> Sequence[Recorded[Any]]:
        store = self._application.store
        history = (await store.load(self._tenant, [stream]))[stream]
        return effective(history, store.registry)

    async def seal(self, key_subject: str, field: str, text: str) -> Sealed:
        return await self._vault.seal(self._tenant, key_subject, field, text)

    async def do(self, command: Command) -> None:
        done = await self._application.execute(
            self._tenant.code, command, actor=self._actor, correlation=self._correlation
        )
        self.counted.commands += bool(done.facts)

    async def correct(self, recorded: Recorded[Any], replacement: Fact) -> bool:
        if replacement == recorded.fact:
            return False
        await self.do(
            CorrectFact(
                stream=SubjectId(recorded.stream),
                fact=SubjectId(recorded.id),
                replacement=msgspec.json.decode(encode_fact(replacement)),
                reason=CORRECTED_BY_IMPORT,
            )
        )
        self.counted.corrections += 1
        return True

    async def _register(self, person: PersonId, identity: Identity) -> None:
        registered = await self._people.register(
            self._tenant, identity, self._reading, person=person
        )
        self.counted.people += 1
        self.counted.likenesses += bool(registered.duplicates)
        await self.do(RegisterPerson(person=PersonRef(person)))

    async def _correct(self, person: PersonId, identity: Identity) -> None:
        known = await self._people.identities(self._tenant, [person], self._reading)
        before = known.get(person)
        if before is None:
            raise LookupError
        # A file has no telephone: what it does not say stays.
        told = msgspec.structs.replace(
            identity,
            phone=identity.phone or before.phone,
            email=identity.email or before.email,
        )
        if changed := await self._people.correct(self._tenant, person, told, self._reading):
            await self.do(CorrectIdentity(person=PersonRef(person), fields=changed))
            self.counted.corrections += 1

    @property
    def _reading(self) -> Reading:
        return Reading(
            at=self._application.clock.now(self._tenant.code),
            actor=self._actor.id,
            permission="directory.register_people",
            route="import-csv",
        )
