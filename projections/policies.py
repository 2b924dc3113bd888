"""
Delivering facts to policies: in order, at least once, and with one effect.

The command's idempotency key is (policy, fact id), so that a fact delivered twice has its effect
once. A policy reacts to what stands when it is delivered: to a fact annulled before then, not at
all; a fact corrected afterwards is not delivered again, what was done about it is corrected like
anything else. No rebuild ever comes through here.

A policy begins where delivery has come to when it is first met: at 0 for a new tenant, at the
present for a module enabled or a release installed later. A module switched off and on again does
not make up for what happened in between.
"""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any

import msgspec
import psycopg
import structlog

from core.access.actor import Actor
from core.application import VersionConflict
from core.database.pool import Database
from core.domain.event import FactRegistry, Recorded
from core.domain.refusal import Refusal
from core.event_store import reader
from core.event_store.stored import StoreError
from core.module import Policy
from core.tenancy import Tenant, UnknownTenant
from projections import deliveries
from projections.checkpoints import try_lock
from projections.decoding import Unreadable, family, name_of, standing
from projections.deliveries import Undelivered
from projections.refold import families
from projections.scope import Scope

log = structlog.get_logger()

BATCH = 200
"""Facts between two checkpoints."""

EVER = 2**62
"""Past every position: what is known to stand by now."""

Execute = Callable[..., Awaitable[Any]]
"""`Application.execute`."""

INFRASTRUCTURE = (StoreError, VersionConflict, UnknownTenant, psycopg.Error, OSError, TimeoutError)
"""What passes by itself: delivery stops there and is tried again, nothing is set aside."""


class Courier(msgspec.Struct, frozen=True, kw_only=True):
    """Everything it takes to deliver."""

    database: Database
    registry: FactRegistry
    execute: Execute


async def deliver(
    courier: Courier,
    tenant: Tenant,
    policies: Sequence[Policy],
    *,
    until: int,
    batch: int = BATCH,
) -> int:
    """
    Delivers up to a position; gives how many positions were passed.

    0 also when another process delivers for this tenant. Raises what is in `INFRASTRUCTURE`, with
    the checkpoint at the last fact that was delivered whole: call again later.
    """
    passed = 0
    while True:
        done = await deliver_batch(courier, tenant, policies, until=until, batch=batch)
        passed += done or 0
        if done is None or done < batch:
            return passed


async def deliver_batch(
    courier: Courier,
    tenant: Tenant,
    policies: Sequence[Policy],
    *,
    until: int,
    batch: int,
) -> int | None:
    """One batch, one checkpoint; None when another process delivers for this tenant."""
    failure: Exception | None = None
    async with courier.database.projecting(tenant) as connection:
        scope = Scope.live(connection, tenant, courier.registry)
        if not await try_lock(scope, "deliver"):
            return None
        names = [policy.name for policy in policies]
        reached = await deliveries.resume(scope, names)
        start = min(reached.values())
        limit = min(batch, max(until - start, 0))
        facts = scope.read(await reader.read_after(connection, tenant, start, limit))
        overlay = (await families(scope, facts, EVER)).overlay if facts else None
        passed = 0
        for recorded in facts:
            fact = standing(recorded, overlay, scope.registry) if overlay else recorded
            due = [policy for policy in policies if reached[policy.name] < recorded.position]
            try:
                undelivered = await _react(courier, fact, due) if fact is not None else []
            except INFRASTRUCTURE as error:
                failure = error
                break
            await deliveries.set_aside(scope, undelivered)
            passed += 1
        await deliveries.write_checkpoints(scope, reached, start + passed)
    if failure is not None:
        raise failure
    return passed


async def redeliver(courier: Courier, tenant: Tenant, policies: Sequence[Policy]) -> int:
    """Delivers again what was set aside, after its cause was mended; gives how much is left."""
    left = 0
    async with courier.database.projecting(tenant) as connection:
        scope = Scope.live(connection, tenant, courier.registry)
        if not await try_lock(scope, "deliver"):
            return await deliveries.count(scope)
        for policy in policies:
            positions = await deliveries.take_back(scope, policy.name)
            facts = scope.read(await reader.read_positions(connection, tenant, positions))
            overlay = (await families(scope, facts, EVER)).overlay
            for recorded in facts:
                fact = standing(recorded, overlay, scope.registry)
                undelivered = await _react(courier, fact, [policy]) if fact is not None else []
                await deliveries.set_aside(scope, undelivered)
                left += len(undelivered)
    return left


async def _react(
    courier: Courier, fact: Recorded[Any], policies: Iterable[Policy]
) -> list[Undelivered]:
    """Has the policies' commands executed; gives what could not be done."""
    undelivered: list[Undelivered] = []
    for policy in policies:
        if isinstance(fact.fact, Unreadable):
            if fact.fact.family in {family(kind.stored_name) for kind in policy.facts}:
                undelivered.append(_undelivered(policy, fact, "", "undecodable", fact.fact.error))
        elif isinstance(fact.fact, policy.facts):
            failed = await _send(courier, fact, policy)
            undelivered += [failed] if failed else []
    return undelivered


async def _send(courier: Courier, fact: Recorded[Any], policy: Policy) -> Undelivered | None:
    name = ""
    try:
        for n, command in enumerate(policy.react(fact)):
            name = command.name
            key = f"{policy.name}:{fact.id}"
            await courier.execute(
                fact.tenant,
                command,
                actor=Actor.policy(policy.name),
                idempotency_key=f"{key}:{n}" if n else key,
                correlation=fact.correlation,
                causation=fact.id,
            )
    except INFRASTRUCTURE:
        raise
    except Refusal as refusal:
        if refusal.refused.code == "idempotency_key_reused":
            # Delivered before, while the fact was told otherwise: it had its effect.
            return None
        return _undelivered(policy, fact, name, refusal.refused.code, type(refusal).__name__)
    except Exception as error:
        # A rule that fails would fail again: set aside, or nothing after it is ever delivered.
        return _undelivered(policy, fact, name, "failed", type(error).__name__)
    return None


def _undelivered(
    policy: Policy, fact: Recorded[Any], command: str, code: str, error: str
) -> Undelivered:
    log.warning(
        "policy.undelivered",
        policy=policy.name,
        tenant=fact.tenant,
        position=fact.position,
        code=code,
    )
    return Undelivered(
        policy=policy.name,
        position=fact.position,
        fact=fact.id,
        name=name_of(fact.fact),
        command=command,
        code=code,
        error=error,
    )
