"""The webhooks of a tenant: what the worker sends by, and what the API shows."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import msgspec

from core.domain.event import Recorded
from core.domain.sealed import Sealed
from core.projection import Key, Projection
from core.webhooks.events import (
    FACTS,
    WebhookPaused,
    WebhookRemoved,
    WebhookReplayed,
    WebhookResumed,
    WebhookSecretRotated,
    WebhookSubscribed,
)
from core.webhooks.vocabulary import Status


class Subscription(msgspec.Struct, frozen=True, kw_only=True):
    """
    One webhook. It sends what comes after `begins_after`, then after `replay_after` once the
    replay asked at the position `replayed_at` was begun.
    """

    webhook: str
    status: Status
    names: tuple[str, ...]
    target: Sealed
    secret: Sealed
    subscribed_at: datetime
    begins_after: int
    replayed_at: int = 0
    replay_after: int = 0
    former_secret: Sealed | None = None
    former_until: datetime | None = None
    paused_for: str | None = None


def _keys(recorded: Recorded[Any]) -> Iterator[Key]:
    yield (recorded.stream,)


def _fold(row: Subscription | None, recorded: Recorded[Any]) -> Subscription | None:
    fact = recorded.fact
    if isinstance(fact, WebhookSubscribed):
        return Subscription(
            webhook=recorded.stream,
            status="active",
            names=fact.names,
            target=fact.target,
            secret=fact.secret,
            subscribed_at=recorded.occurred_at,
            begins_after=recorded.position if fact.after is None else fact.after,
        )
    if row is None:
        message = f"{fact.stored_name} without a webhook"
        raise ValueError(message)
    return msgspec.structs.replace(row, **_changes(row, recorded))


def _changes(row: Subscription, recorded: Recorded[Any]) -> dict[str, Any]:
    match recorded.fact:
        case WebhookSecretRotated() as fact:
            return {
                "secret": fact.secret,
                "former_secret": row.secret,
                "former_until": fact.former_until,
            }
        case WebhookPaused() as fact:
            return {"status": "paused", "paused_for": fact.reason}
        case WebhookResumed():
            return {"status": "active", "paused_for": None}
        case WebhookReplayed() as fact:
            return {"replayed_at": recorded.position, "replay_after": fact.after}
        case WebhookRemoved():
            return {"status": "removed", "paused_for": None}
        case _:
            return {}


WEBHOOK_REGISTER: Projection[Subscription] = Projection(
    name="webhooks.register",
    version=1,
    row=Subscription,
    key=("webhook",),
    facts=FACTS,
    keys=_keys,
    fold=_fold,
)
