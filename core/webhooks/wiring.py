"""What webhooks bring to the manifest; read model and routes are in `projections.webhooks`."""

from collections.abc import Callable
from typing import Any, TypeVar

from core.domain.command import Command
from core.domain.decider import Context, Decided, Decision
from core.module import Permission, Role
from core.webhooks import commands, decisions
from core.webhooks.state import WEBHOOK, Webhook

READ_WEBHOOKS = Permission("webhooks.read", "Consulter les abonnements et leurs envois.")
MANAGE_WEBHOOKS = Permission(
    "webhooks.manage", "Abonner un logiciel aux faits de la collectivité, et gérer ses envois."
)

PERMISSIONS = (READ_WEBHOOKS, MANAGE_WEBHOOKS)
ROLES = (
    Role(
        code="administrateur",
        title="Administrateur de la collectivité",
        grants=(READ_WEBHOOKS.code, MANAGE_WEBHOOKS.code),
    ),
)

C = TypeVar("C", bound=Command)


def _decision(
    command: type[C], decide: Callable[[C, Any, Context], Decided], *, opens: bool = False
) -> Decision[C, Webhook]:
    return Decision(
        command=command,
        aggregate=WEBHOOK,
        stream="webhook",
        decide=decide,
        permission=MANAGE_WEBHOOKS.code,
        opens=opens,
    )


DECISIONS = (
    _decision(commands.SubscribeWebhook, decisions.subscribe_webhook, opens=True),
    _decision(commands.RotateWebhookSecret, decisions.rotate_webhook_secret),
    _decision(commands.PauseWebhook, decisions.pause_webhook),
    _decision(commands.ResumeWebhook, decisions.resume_webhook),
    _decision(commands.ReplayWebhook, decisions.replay_webhook),
    _decision(commands.RemoveWebhook, decisions.remove_webhook),
)
