"""The one way in: load what a command rests on, decide, append.

The API, the demo, the imports and the policies all come through `execute`, so that every rule,
permission and idempotency holds for all of them.
"""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol

import msgspec

from core.access.actor import Actor
from core.catalogue import Catalogue
from core.clock import Clock, SystemClock
from core.domain.command import Command
from core.domain.decider import At, Context
from core.domain.event import Recorded, encode_fact, person_of
from core.domain.refusal import Refusal, Refused
from core.event_store.store import EventStore
from core.event_store.stored import Append, Appended, NewFact
from core.idempotency import command_id, fingerprint
from core.ids import NewId, uuid7
from core.planning import Plan, Planner
from core.tenancy import Tenant, TenantDirectory, TenantSettings

ATTEMPTS = 8
"""How often a command is decided again after another one moved its streams."""

BODY_LIMIT = 1_048_576
"""Bytes of one fact's body; the ledger's leaf holds only its hash."""

CLOCK_SKEW = timedelta(minutes=5)
"""How far ahead of our clock the date of a fact may be: client clocks differ."""


class Tagger(Protocol):
    """Gives the keyed hashes that stand in the ledger for stream, actor and person."""

    async def tagger(
        self, tenant: Tenant, persons: Collection[str]
    ) -> Callable[[str, str, str, str | None], bytes]:
        """A function (fact id, stream, actor, person) -> tags, for these persons."""


class VersionConflict(Exception):
    """A stream has moved since the version the caller expected, or moves too fast to decide."""


class StaleVersion(VersionConflict):
    """The command's stream is not at the version that its sender has seen."""


class Done(msgspec.Struct, frozen=True, kw_only=True):
    """What a command did; no fact at all when there was nothing left to do.

    `repeated`: it had been done before, nothing was written now.
    """

    command: str
    position: int = 0
    recorded_at: datetime | None = None
    facts: Sequence[Recorded[Any]] = ()
    repeated: bool = False


class Sent(msgspec.Struct, frozen=True, kw_only=True):
    """A command with who sends it and why, and the id its idempotency key gives it."""

    command: Command
    actor: Actor
    id: str
    correlation: str
    causation: str | None = None


class Expected(msgspec.Struct, frozen=True, kw_only=True):
    """What the caller has seen of the command's stream."""

    version: int | None
    exists: bool

    def holds(self, version: int) -> bool:
        return self.version in (None, version) and (version > 0 or not self.exists)


class Application:
    """Executes commands for every tenant of an installation."""

    def __init__(
        self,
        store: EventStore,
        catalogue: Catalogue,
        tenants: TenantDirectory,
        settings_of: Callable[[Sequence[Recorded[Any]], datetime], TenantSettings],
        tagger: Tagger,
        *,
        clock: Clock | None = None,
        new_id: NewId = uuid7,
    ) -> None:
        self.store = store
        self.catalogue = catalogue
        self.tenants = tenants
        self.clock = clock or SystemClock()
        self.new_id = new_id
        self._planner = Planner(store, catalogue)
        self._settings_of = settings_of
        self._tagger = tagger
        self._histories: dict[str, list[Recorded[Any]]] = {}
        """Each tenant's own stream. May be stale: its version is checked under the lock at every
        append, and a conflict drops it."""

    async def execute(
        self,
        tenant_code: str,
        command: Command,
        *,
        actor: Actor,
        idempotency_key: str | None = None,
        expected_version: int | None = None,
        must_exist: bool = False,
        correlation: str | None = None,
        causation: str | None = None,
    ) -> Done:
        """Decides and records one command.

        `idempotency_key` is the caller's own, any text: the same key and command give the same
        answer and write nothing. `expected_version` is the version of the command's stream the
        caller has seen; `must_exist` that they have seen it, whatever its version.

        Raises `Refusal` (a rule says no), `NotAllowed`, `VersionConflict`, of which `StaleVersion`
        (not as the caller has seen it), `UnknownTenant`, and what `Appender.append` raises.
        """
        tenant = self.tenants.find(tenant_code)
        key = self.new_id() if idempotency_key is None else idempotency_key
        sent = Sent(
            command=command,
            actor=actor,
            id=(identity := command_id(actor.id, key)),
            correlation=correlation or identity,
            causation=causation,
        )
        expected = Expected(version=expected_version, exists=must_exist)
        for _ in range(ATTEMPTS):
            history = await self._history(tenant)
            try:
                done = await self._attempt(tenant, sent, history, expected)
            except (Refusal, VersionConflict) as error:
                # It may only be refused because it was done before: then that is the answer.
                if idempotency_key is not None and (done := await self._before(tenant, sent)):
                    return done
                # Nothing is appended, so nothing checked the settings it was refused on.
                if isinstance(error, Refusal) and await self._has_moved(tenant, history):
                    continue
                raise
            if done is not None and not done.facts and idempotency_key is not None:
                # Nothing is left to do, because it was done before: then that is the answer.
                return await self._before(tenant, sent) or done
            if done is not None:
                return done
            self._histories.pop(tenant.code, None)
        raise VersionConflict

    async def settings(
        self, tenant: Tenant, now: datetime, *, fresh: bool = False
    ) -> TenantSettings:
        """What the tenant has decided, as in force at an instant.

        Only commands may rest on a copy that is not `fresh`: their append checks it.
        """
        return self._settings_of(await self._history(tenant, fresh=fresh), now)

    async def _history(self, tenant: Tenant, *, fresh: bool = False) -> list[Recorded[Any]]:
        """The tenant's own stream, or the copy that is held of it."""
        if not fresh and (held := self._histories.get(tenant.code)) is not None:
            return held
        loaded = (await self.store.load(tenant, [tenant.stream]))[tenant.stream]
        self._histories[tenant.code] = loaded
        return loaded

    async def _has_moved(self, tenant: Tenant, history: list[Recorded[Any]]) -> bool:
        """Whether the tenant's stream is longer than this; not than the copy, that others renew."""
        return len(await self._history(tenant, fresh=True)) != len(history)

    async def _attempt(
        self,
        tenant: Tenant,
        sent: Sent,
        history: list[Recorded[Any]],
        expected: Expected,
    ) -> Done | None:
        """One reading, one decision, one append; None when a stream moved in between."""
        now = self.clock.now(tenant.code)
        settings = self._settings_of(history, now)
        if refused := self._closed(sent.command, settings, now):
            raise self._refusal(refused)
        context = Context(
            tenant=tenant.code,
            actor=sent.actor.id,
            now=now,
            new_id=self.new_id,
            settings={**self.catalogue.default_settings, **settings.values},
            choices=self.catalogue.choices,
        )
        plan = await self._planner.plan(tenant, sent.actor, sent.command, context)
        if not expected.holds(plan.version):
            raise StaleVersion
        if isinstance(plan.decided, Refused):
            raise self._refusal(plan.decided)
        if not plan.decided:
            return Done(command=sent.id)
        # Whether the tenant is open and the module enabled is part of what was read.
        plan.expected.setdefault(tenant.stream, settings.version)
        placed = [item if isinstance(item, At) else At(fact=item) for item in plan.decided]
        append = await self._append(tenant, sent, plan, placed, now)
        appended = await self.store.append(tenant, append)
        match appended.status:
            case "conflict":
                return None
            case "reused":
                raise self._refusal(Refused("idempotency_key_reused"))
            case "repeated":
                return await self._before(tenant, sent)
            case "recorded":
                return _done(tenant, append, placed, appended)

    def _closed(self, command: Command, settings: TenantSettings, now: datetime) -> Refused | None:
        """Why nothing of the kind may be recorded here and now, whatever the command says."""
        if command.occurred_at is not None and command.occurred_at > now + CLOCK_SKEW:
            return Refused("occurred_in_the_future", "occurred_at")
        module = self.catalogue.module_of_command(type(command))
        if module is not None and not module.always_on and module.name not in settings.modules:
            return Refused("module_is_not_enabled", values={"module": module.title})
        if settings.suspended and not self.catalogue.allowed_when_suspended(type(command)):
            return Refused("tenant_is_suspended")
        return None

    async def _append(
        self, tenant: Tenant, sent: Sent, plan: Plan, placed: Sequence[At], now: datetime
    ) -> Append:
        """What was decided, encoded, tagged, and numbered within each stream."""
        persons = {person for item in placed if (person := person_of(item.fact))}
        tags = await self._tagger.tagger(tenant, persons)
        versions = dict(plan.expected)
        facts = []
        for item in placed:
            stream = item.stream or plan.stream
            # A stream that is written without having been read is a new one.
            plan.expected.setdefault(stream, 0)
            versions[stream] = versions.get(stream, 0) + 1
            body = encode_fact(item.fact)
            # A fact that does not fit its own type would be written for ever and never read.
            self.store.registry.decode(item.fact.stored_name, body)
            if len(body) > BODY_LIMIT:
                raise self._refusal(Refused("body_is_too_large", values={"limit": BODY_LIMIT}))
            fact_id, person = self.new_id(), person_of(item.fact)
            facts.append(
                NewFact(
                    id=fact_id,
                    stream=stream,
                    version=versions[stream],
                    name=item.fact.stored_name,
                    occurred_at=item.occurred_at or sent.command.occurred_at or now,
                    person=person,
                    tags=tags(fact_id, stream, sent.actor.id, person),
                    body=body,
                )
            )
        return Append(
            command=sent.id,
            fingerprint=fingerprint(sent.command),
            now=now,
            actor=sent.actor.id,
            correlation=sent.correlation,
            causation=sent.causation,
            expected=plan.expected,
            facts=facts,
        )

    async def _before(self, tenant: Tenant, sent: Sent) -> Done | None:
        """The answer given before to this command, None when it never wrote."""
        found = await self.store.written_by(tenant, sent.id)
        if found is None:
            return None
        mark, written = found
        if mark != fingerprint(sent.command):
            raise self._refusal(Refused("idempotency_key_reused"))
        last = written[-1]
        return Done(
            command=sent.id,
            position=last.position,
            recorded_at=last.recorded_at,
            facts=written,
            repeated=True,
        )

    def _refusal(self, refused: Refused) -> Refusal:
        return Refusal(refused, self.catalogue.sentence(refused))


def _done(tenant: Tenant, append: Append, placed: Sequence[At], appended: Appended) -> Done:
    recorded_at = appended.recorded_at or append.now
    facts = [
        Recorded(
            fact=item.fact,
            id=new.id,
            tenant=tenant.code,
            stream=new.stream,
            version=new.version,
            position=appended.first + index,
            occurred_at=new.occurred_at,
            recorded_at=recorded_at,
            actor=append.actor,
            person=new.person,
            command=append.command,
            correlation=append.correlation,
            causation=append.causation,
        )
        for index, (item, new) in enumerate(zip(placed, append.facts, strict=True))
    ]
    return Done(
        command=append.command, position=appended.last, recorded_at=recorded_at, facts=facts
    )
