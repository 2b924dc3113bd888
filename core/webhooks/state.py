"""What a webhook has come to."""

from typing import Any

import msgspec

from core.domain.decider import Aggregate
from core.domain.event import Recorded
from core.webhooks.events import (
    FACTS,
    WebhookPaused,
    WebhookRemoved,
    WebhookResumed,
    WebhookSubscribed,
)
from core.webhooks.vocabulary import Status


class Webhook(msgspec.Struct, frozen=True, kw_only=True):
    """Whether it sends."""

    status: Status = "active"


def evolve(webhook: Webhook | None, recorded: Recorded[Any]) -> Webhook:
    """The webhook after one more fact; raises `ValueError` on one that cannot come first."""
    match recorded.fact:
        case WebhookSubscribed():
            return Webhook()
        case _ if webhook is None:
            message = f"{recorded.fact.stored_name} without a webhook"
            raise ValueError(message)
        case WebhookPaused():
            return Webhook(status="paused")
        case WebhookResumed():
            return Webhook()
        case WebhookRemoved():
            return Webhook(status="removed")
        case _:
            return webhook


WEBHOOK: Aggregate[Webhook] = Aggregate(
    name="webhooks.webhook", facts=FACTS, evolve=evolve, kept=FACTS
)
"""Nothing of it is corrected: a secret that signed has signed, what was sent has left."""
