"""The manifest of webhooks: every tenant may have some. Facts and rules are in `core.webhooks`."""

from collections.abc import Sequence
from typing import Any

from core.module import Module
from core.webhooks.events import FACTS
from core.webhooks.refusals import SENTENCES
from core.webhooks.state import WEBHOOK
from core.webhooks.wiring import DECISIONS, PERMISSIONS, ROLES
from projections.webhooks.register import WEBHOOK_REGISTER


def _routes() -> Sequence[Any]:
    """Imported when the server asks: what only folds loads no web framework."""
    from projections.webhooks.api import ROUTES

    return ROUTES


MODULE = Module(
    name="webhooks",
    title="Abonnements",
    version="1",
    facts=FACTS,
    aggregates=(WEBHOOK,),
    decisions=DECISIONS,
    projections=(WEBHOOK_REGISTER,),
    permissions=PERMISSIONS,
    roles=ROLES,
    refusals=SENTENCES,
    routes=_routes,
    always_on=True,
)
