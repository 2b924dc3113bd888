"""
The one way in: load what a command rests on, decide, append.

The API, the demo, the imports and the policies all come through `execute`, so that every rule,
permission and idempotency holds for all of them.
"""

import hashlib
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

import msgspec

from core.access.actor import Actor
from core.catalogue import Catalogue
from core.clock import Clock, SystemClock
from core.domain.command import Command
from core.domain.correction import AnnulFact, CorrectFact, annul_fact, correct_fact, effective
from core.domain.decider import Aggregate, At, Context, Decided, Decision, fold
from core.domain.event import Recorded, encode_fact, person_of
from core.domain.refusal import Refusal, Refused
from core.domain.sealed import sealed_fields
from core.event_store.store import EventStore
from core.event_store.stored import Append, NewFact
from core.ids import NewId, uuid7
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
    """A stream has moved since the version the caller expected, or moves too fast to be decided."""


class Done(msgspec.Struct, frozen=True, kw_only=True):
    """What a command did. `repeated`: it had been done before, nothing was written now."""

    command: str
    position: int
    recorded_at: datetime | None
    facts: Sequence[Recorded[Any]]
    repeated: bool = False


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
        correlation: str | None = None,
        causation: str | None = None,
    ) -> Done:
        """
        Decides and records one command.

        `idempotency_key` is the caller's own, any text: the same key and command give the same
        answer and write nothing. `expected_version` is the version of the command's stream the
        caller has seen.

        Raises `Refusal` (a rule says no), `NotAllowed`, `VersionConflict`, `UnknownTenant`, and
        what `Appender.append` raises.
        """
        tenant = self.tenants.find(tenant_code)
        key = idempotency_key if idempotency_key is not None else self.new_id()
        command_id = _command_id(actor, key)
        for _ in range(ATTEMPTS):
            settings, context = await self._context(tenant, actor, command)
            plan = await self._decide(tenant, actor, command, context, settings)
            if isinstance(plan.decided, Refused):
                if done := await self._done_before(tenant, command_id, command, idempotency_key):
                    return done
                raise self._refusal(plan.decided)
            if expected_version is not None and plan.version != expected_version:
                if done := await self._done_before(tenant, command_id, command, idempotency_key):
                    return done
                raise VersionConflict
            if not plan.decided:
                return Done(command=command_id, position=0, recorded_at=None, facts=())
            done = await self._append(
                tenant, actor, command, command_id, plan, context.now, correlation, causation
            )
            if done is not None:
                return done
            self._histories.pop(tenant.code, None)
        raise VersionConflict

    async def settings(self, tenant: Tenant, now: datetime) -> TenantSettings:
        """What the tenant has decided, as in force at an instant."""
        if tenant.code not in self._histories:
            loaded = await self.store.load(tenant, [tenant.stream])
            self._histories[tenant.code] = loaded[tenant.stream]
        return self._settings_of(self._histories[tenant.code], now)

    async def _context(
        self, tenant: Tenant, actor: Actor, command: Command
    ) -> tuple[TenantSettings, Context]:
        now = self.clock.now(tenant.code)
        settings = await self.settings(tenant, now)
        if command.occurred_at is not None and command.occurred_at > now + CLOCK_SKEW:
            raise self._refusal(Refused("occurred_in_the_future", "occurred_at"))
        module = self.catalogue.module_of_command(type(command))
        if module is not None and not module.always_on and module.name not in settings.modules:
            raise self._refusal(Refused("module_is_not_enabled", values={"module": module.title}))
        if settings.suspended and not self.catalogue.allowed_when_suspended(type(command)):
            raise self._refusal(Refused("tenant_is_suspended"))
        values = {**self.catalogue.default_settings, **settings.values}
        context = Context(
            tenant=tenant.code, actor=actor.id, now=now, new_id=self.new_id, settings=values
        )
        return settings, context

    async def _decide(
        self,
        tenant: Tenant,
        actor: Actor,
        command: Command,
        context: Context,
        settings: TenantSettings,
    ) -> "_Plan":
        if isinstance(command, AnnulFact | CorrectFact):
            plan = await self._correct(tenant, actor, command, context)
        else:
            decision = self.catalogue.decision_for(type(command))
            plan = await self._apply(tenant, actor, command, context, decision)
        # Whether the tenant is open and the module enabled is part of what was read.
        plan.expected.setdefault(tenant.stream, settings.version)
        return plan

    async def _apply(
        self,
        tenant: Tenant,
        actor: Actor,
        command: Command,
        context: Context,
        decision: Decision[Any, Any],
    ) -> "_Plan":
        stream: str = getattr(command, decision.stream)
        histories = await self.store.load(tenant, [stream])
        history = histories[stream]
        plan = _Plan(stream=stream, version=len(history), expected={stream: len(history)})
        state = self._state(decision.aggregate, history)
        if state is _OTHER_KIND or (decision.opens is False and state is None):
            actor.require(tenant.code, decision.permission, frozenset({actor.id}))
            plan.decided = Refused("not_found", decision.stream)
            return plan
        related = None if state is None else decision.aggregate.related(state)
        actor.require(tenant.code, decision.permission, related)
        if decision.opens and state is not None:
            plan.decided = Refused("already_exists", decision.stream)
            return plan
        others: dict[str, dict[str, Any]] = {}
        while wanted := self._wanted(decision, command, state, others, plan):
            loaded = await self.store.load(tenant, list(wanted))
            for other, aggregate in wanted.items():
                plan.expected[other] = len(loaded[other])
                further = self._state(aggregate, loaded[other])
                if further is not None and further is not _OTHER_KIND:
                    others.setdefault(aggregate.name, {})[other] = further
        plan.decided = decision.decide(
            command, state, msgspec.structs.replace(context, others=others)
        )
        return plan

    @staticmethod
    def _wanted(
        decision: Decision[Any, Any],
        command: Command,
        state: Any,
        others: Mapping[str, Mapping[str, Any]],
        plan: "_Plan",
    ) -> dict[str, Aggregate[Any]]:
        """Streams the decision still wants to read."""
        del others
        return {
            stream: reads.aggregate
            for reads in decision.also(command, state)
            for stream in reads.streams
            if stream not in plan.expected
        }

    async def _correct(
        self, tenant: Tenant, actor: Actor, command: AnnulFact | CorrectFact, context: Context
    ) -> "_Plan":
        history = (await self.store.load(tenant, [command.stream]))[command.stream]
        plan = _Plan(stream=command.stream, version=len(history))
        plan.expected = {command.stream: len(history)}
        aggregate = self.catalogue.aggregate_of(type(history[0].fact)) if history else None
        if aggregate is None:
            plan.decided = Refused("not_found", "stream")
            return plan
        state = self._state(aggregate, history)
        actor.require(
            tenant.code, self.catalogue.correction_permission(aggregate), aggregate.related(state)
        )
        registry = self.store.registry
        if isinstance(command, AnnulFact):
            plan.decided = annul_fact(command, history, registry, aggregate, context)
        else:
            plan.decided = correct_fact(command, history, registry, aggregate, context)
        return plan

    def _state(self, aggregate: Aggregate[Any], history: list[Recorded[Any]]) -> Any:
        if history and not isinstance(history[0].fact, aggregate.facts):
            return _OTHER_KIND
        return fold(aggregate, effective(history, self.store.registry))

    async def _append(
        self,
        tenant: Tenant,
        actor: Actor,
        command: Command,
        command_id: str,
        plan: "_Plan",
        now: datetime,
        correlation: str | None,
        causation: str | None,
    ) -> Done | None:
        """Writes what was decided; None when a stream has moved meanwhile."""
        decided = plan.decided
        assert not isinstance(decided, Refused)  # noqa: S101 - narrowed by the caller
        placed = [item if isinstance(item, At) else At(fact=item) for item in decided]
        persons = {person for item in placed if (person := person_of(item.fact))}
        tags = await self._tagger.tagger(tenant, persons)
        versions = dict(plan.expected)
        facts = []
        for item in placed:
            stream = item.stream or plan.stream
            versions[stream] = versions.get(stream, 0) + 1
            # A stream written without being read is a new one.
            plan.expected.setdefault(stream, 0)
            body = encode_fact(item.fact)
            if len(body) > BODY_LIMIT:
                raise self._refusal(Refused("body_is_too_large", values={"limit": BODY_LIMIT}))
            fact_id, person = self.new_id(), person_of(item.fact)
            facts.append(
                NewFact(
                    id=fact_id,
                    stream=stream,
                    version=versions[stream],
                    name=item.fact.stored_name,
                    occurred_at=item.occurred_at or command.occurred_at or now,
                    person=person,
                    tags=tags(fact_id, stream, actor.id, person),
                    body=body,
                )
            )
        append = Append(
            command=command_id,
            fingerprint=_fingerprint(command),
            now=now,
            actor=actor.id,
            correlation=correlation or command_id,
            causation=causation,
            expected=plan.expected,
            facts=facts,
        )
        appended = await self.store.append(tenant, append)
        if appended.status == "conflict":
            return None
        if appended.status == "reused":
            raise self._refusal(Refused("idempotency_key_reused"))
        written = (
            await self.store.written_by(tenant, command_id)
            if (appended.status == "repeated")
            else [
                Recorded(
                    fact=item.fact,
                    id=new.id,
                    tenant=tenant.code,
                    stream=new.stream,
                    version=new.version,
                    position=appended.first + index,
                    occurred_at=new.occurred_at,
                    recorded_at=appended.recorded_at or now,
                    actor=actor.id,
                    person=new.person,
                    command=command_id,
                    correlation=append.correlation,
                    causation=causation,
                )
                for index, (item, new) in enumerate(zip(placed, facts, strict=True))
            ]
        )
        return _done(command_id, written, repeated=appended.status == "repeated")

    async def _done_before(
        self, tenant: Tenant, command_id: str, command: Command, idempotency_key: str | None
    ) -> Done | None:
        """The answer given before to this key: a refusal may only say that it is already done."""
        del command
        if idempotency_key is None:
            return None
        written = await self.store.written_by(tenant, command_id)
        return _done(command_id, written, repeated=True) if written else None

    def _refusal(self, refused: Refused) -> Refusal:
        return Refusal(refused, self.catalogue.sentence(refused))


class _OtherKind:
    """The stream exists and holds another kind of thing."""


_OTHER_KIND = _OtherKind()


class _Plan(msgspec.Struct, kw_only=True):
    """What a command would write, and on what it rests."""

    stream: str
    version: int
    expected: dict[str, int] = {}
    decided: Decided = ()


def _done(command_id: str, written: Sequence[Recorded[Any]], *, repeated: bool) -> Done:
    return Done(
        command=command_id,
        position=written[-1].position,
        recorded_at=written[-1].recorded_at,
        facts=written,
        repeated=repeated,
    )


def _command_id(actor: Actor, key: str) -> str:
    """The id of a command: one key of one actor is one command, whoever else uses the same key."""
    digest = hashlib.sha256(f"{actor.id}\0{key}".encode()).digest()
    return str(UUID(bytes=digest[:16], version=8))


def _fingerprint(command: Command) -> bytes:
    """
    Tells a repeated command from another one under the same key.

    Tokens are left out: sealing the same text twice gives two tokens.
    """
    hidden = sealed_fields(type(command))
    content = {
        name: value for name, value in msgspec.structs.asdict(command).items() if name not in hidden
    }
    return hashlib.sha256(
        command.name.encode() + b"\0" + msgspec.json.encode(content, order="sorted")
    ).digest()[:16]
