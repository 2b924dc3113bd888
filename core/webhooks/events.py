"""What is decided about a webhook. What was sent and answered is no fact: it is not our history."""

from datetime import datetime
from typing import ClassVar

from core.domain.command import Code
from core.domain.event import Fact
from core.domain.sealed import Sealed
from core.webhooks.vocabulary import FactNames


class WebhookSubscribed(Fact, frozen=True, kw_only=True):
    """
    These facts are sent to that address from now on, or from those `after` a position.

    The address and the secret are under the key of the webhook's own stream: an address may hold
    what opens it.
    """

    stored_name: ClassVar[str] = "webhooks.webhook_subscribed.v1"

    names: tuple[FactNames, ...]
    target: Sealed
    secret: Sealed
    after: int | None = None


class WebhookSecretRotated(Fact, frozen=True, kw_only=True):
    """A new secret signs; the former one signs too until a given instant."""

    stored_name: ClassVar[str] = "webhooks.webhook_secret_rotated.v1"

    secret: Sealed
    former_until: datetime


class WebhookPaused(Fact, frozen=True, kw_only=True):
    """Nothing is sent for a while; what happens meanwhile is sent afterwards."""

    stored_name: ClassVar[str] = "webhooks.webhook_paused.v1"

    reason: Code


class WebhookResumed(Fact, frozen=True, kw_only=True):
    stored_name: ClassVar[str] = "webhooks.webhook_resumed.v1"


class WebhookReplayed(Fact, frozen=True, kw_only=True):
    """Everything after a position is sent again, in order, under the ids it had."""

    stored_name: ClassVar[str] = "webhooks.webhook_replayed.v1"

    after: int


class WebhookRemoved(Fact, frozen=True, kw_only=True):
    stored_name: ClassVar[str] = "webhooks.webhook_removed.v1"


FACTS: tuple[type[Fact], ...] = (
    WebhookSubscribed,
    WebhookSecretRotated,
    WebhookPaused,
    WebhookResumed,
    WebhookReplayed,
    WebhookRemoved,
)
