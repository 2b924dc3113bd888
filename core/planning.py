"""From a command to what it would write: load the streams it rests on, fold them, decide."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from core.access.actor import Actor, NotAllowed
from core.belonging import belonging
from core.catalogue import CORRECT_FACTS, Catalogue
from core.domain.belonging import Belonging
from core.domain.command import Command
from core.domain.correction import AnnulFact, CorrectFact, annul_fact, correct_fact, effective
from core.domain.decider import Aggregate, At, Context, Decided, Decision, fold
from core.domain.event import Fact, Recorded
from core.domain.refusal import Refused
from core.event_store.store import EventStore, Load
from core.tenancy import Tenant


class Plan(msgspec.Struct, kw_only=True):
    """What a command would write to `stream`, read at `version`, and all that it rests on.

    `expected` gives the version of every stream that was read; the append checks them under the
    tenant's lock, so that nothing decided on a stale reading is ever written.
    """

    stream: str
    version: int
    expected: dict[str, int]
    decided: Decided = ()


class Planner:
    """Decides commands; reads, and writes nothing."""

    def __init__(self, store: EventStore, catalogue: Catalogue) -> None:
        self._store = store
        self._catalogue = catalogue

    async def plan(self, tenant: Tenant, actor: Actor, command: Command, context: Context) -> Plan:
        """What the command would write, or its refusal; raises `NotAllowed`."""
        async with self._store.reading(tenant) as load:
            if isinstance(command, AnnulFact | CorrectFact):
                return await self._correct(load, actor, command, context)
            return await self._apply(load, actor, command, context)

    async def _apply(self, load: Load, actor: Actor, command: Command, context: Context) -> Plan:
        decision = self._catalogue.decision_for(type(command))
        stream: str = getattr(command, decision.stream)
        history = (await load([stream]))[stream]
        plan = Plan(stream=stream, version=len(history), expected={stream: len(history)})
        exists = bool(history) and isinstance(history[0].fact, decision.aggregate.facts)
        state = self._fold(decision.aggregate, history) if exists else None
        if actor.granted(context.tenant, decision.permission) != "yes":
            whose = await belonging(load, self._catalogue, decision.aggregate, history)
            named = decision.acts_for(command, state)
            if decision.opens is not False and not history:
                whose = Belonging(structures=named)
            _require_all(actor, context.tenant, decision.permission, whose, named)
        if history and (decision.opens or not exists):
            plan.decided = Refused("already_exists" if decision.opens else "not_found")
        elif state is None and decision.opens is False:
            plan.decided = Refused("not_found", decision.stream)
        else:
            others = await self._read_others(load, decision, command, state, plan)
            context = msgspec.structs.replace(context, others=others)
            plan.decided = decision.decide(command, state, context)
        return plan

    async def _read_others(
        self,
        load: Load,
        decision: Decision[Any, Any],
        command: Command,
        state: Any,
        plan: Plan,
    ) -> Mapping[str, Mapping[str, Any]]:
        """The states of the further streams the decision names, in one query."""
        wanted = {
            stream: reads.aggregate
            for reads in decision.also(command, state)
            for stream in reads.streams
            if stream not in plan.expected
        }
        others: dict[str, dict[str, Any]] = {}
        if not wanted:
            return others
        histories = await load(list(wanted))
        for stream, aggregate in wanted.items():
            history = histories[stream]
            plan.expected[stream] = len(history)
            if history and isinstance(history[0].fact, aggregate.facts):
                others.setdefault(aggregate.name, {})[stream] = self._fold(aggregate, history)
        return others

    async def _correct(
        self, load: Load, actor: Actor, command: AnnulFact | CorrectFact, context: Context
    ) -> Plan:
        history = (await load([command.stream]))[command.stream]
        read: dict[str, int] = {command.stream: len(history)}
        plan = Plan(stream=command.stream, version=len(history), expected=read)
        aggregate = self._catalogue.aggregate_of(type(history[0].fact)) if history else None
        if aggregate is None:
            # Who may correct some things only does not learn here which others exist.
            actor.require(context.tenant, CORRECT_FACTS.code)
            plan.decided = Refused("not_found", "stream")
            return plan
        permission = self._catalogue.correction_permission(aggregate)
        narrow = actor.granted(context.tenant, permission) != "yes"
        if narrow:
            await self._may_correct(load, actor, context.tenant, aggregate, history)
        if isinstance(command, AnnulFact):
            plan.decided = annul_fact(command, history, self._store.registry, aggregate, context)
        else:
            plan.decided = correct_fact(command, history, self._store.registry, aggregate, context)
        if narrow and not isinstance(plan.decided, Refused):
            # Nor is anything given away to those whom the correction would make its owners.
            after = [*history, *_tried(history, plan.decided)]
            await self._may_correct(load, actor, context.tenant, aggregate, after)
        return plan

    async def _may_correct(
        self,
        load: Load,
        actor: Actor,
        tenant: str,
        aggregate: Aggregate[Any],
        history: list[Recorded[Any]],
    ) -> None:
        """
        Who may correct some things only corrects what they may also record, and what is of no
        structure but theirs. Raises `NotAllowed`.
        """
        whose = await belonging(load, self._catalogue, aggregate, history)
        permission = self._catalogue.correction_permission(aggregate)
        _require_all(actor, tenant, permission, whose, whose.structures)
        recording = self._catalogue.permissions_on(aggregate)
        if not any(actor.may(tenant, each, whose) for each in recording):
            raise NotAllowed(permission)

    def _fold(self, aggregate: Aggregate[Any], history: list[Recorded[Any]]) -> Any:
        return fold(aggregate, effective(history, self._store.registry))


def _require_all(
    actor: Actor, tenant: str, permission: str, whose: Belonging, named: frozenset[str]
) -> None:
    """Raises `NotAllowed` unless the thing is the actor's, and each structure named is."""
    actor.require(tenant, permission, whose)
    for structure in named:
        one = Belonging(related=whose.related, structures=frozenset({structure}))
        actor.require(tenant, permission, one)


def _tried(history: list[Recorded[Any]], decided: Sequence[Fact | At]) -> Iterator[Recorded[Any]]:
    """What was decided of a stream, as if it had been recorded."""
    for number, item in enumerate(decided, 1):
        yield msgspec.structs.replace(
            history[-1],
            fact=item.fact if isinstance(item, At) else item,
            id=f"tried-{number}",
            version=history[-1].version + number,
        )
