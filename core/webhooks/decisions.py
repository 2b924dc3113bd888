"""The rules of webhooks."""

from datetime import timedelta

from core.domain.decider import Context, Decided
from core.domain.refusal import Refused
from core.domain.sealed import Sealed
from core.webhooks.commands import (
    PauseWebhook,
    RemoveWebhook,
    ReplayWebhook,
    ResumeWebhook,
    RotateWebhookSecret,
    SubscribeWebhook,
)
from core.webhooks.events import (
    WebhookPaused,
    WebhookRemoved,
    WebhookReplayed,
    WebhookResumed,
    WebhookSecretRotated,
    WebhookSubscribed,
)
from core.webhooks.state import Webhook

REMOVED = Refused("webhook_is_removed", "webhook")


def subscribe_webhook(command: SubscribeWebhook, _state: None, _context: Context) -> Decided:
    """Sends these facts from now on, or from a position on."""
    return [
        WebhookSubscribed(
            names=tuple(dict.fromkeys(command.names)),
            target=Sealed(command.target),
            secret=Sealed(command.secret),
            after=command.after,
        )
    ]


def rotate_webhook_secret(
    command: RotateWebhookSecret, webhook: Webhook, context: Context
) -> Decided:
    """A new secret; both sign for a while, so that the receiver changes it without losing any."""
    if webhook.status == "removed":
        return REMOVED
    until = context.now + timedelta(hours=command.overlap_hours)
    return [WebhookSecretRotated(secret=Sealed(command.secret), former_until=until)]


def pause_webhook(command: PauseWebhook, webhook: Webhook, _context: Context) -> Decided:
    """Nothing is sent until it is resumed."""
    if webhook.status == "removed":
        return REMOVED
    if webhook.status == "paused":
        return Refused("webhook_is_paused", "webhook")
    return [WebhookPaused(reason=command.reason)]


def resume_webhook(_command: ResumeWebhook, webhook: Webhook, _context: Context) -> Decided:
    """Goes on where it stopped."""
    if webhook.status == "removed":
        return REMOVED
    if webhook.status == "active":
        return Refused("webhook_is_not_paused", "webhook")
    return [WebhookResumed()]


def replay_webhook(command: ReplayWebhook, webhook: Webhook, _context: Context) -> Decided:
    """Sends again what came after a position."""
    return REMOVED if webhook.status == "removed" else [WebhookReplayed(after=command.after)]


def remove_webhook(_command: RemoveWebhook, webhook: Webhook, _context: Context) -> Decided:
    """Nothing is ever sent again."""
    return REMOVED if webhook.status == "removed" else [WebhookRemoved()]
