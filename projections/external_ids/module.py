"""The manifest of external ids: every tenant may be told of things under the ids of others."""

from collections.abc import Sequence
from typing import Any

from core.domain.decider import Decision
from core.external_ids.commands import LinkExternalId
from core.external_ids.decisions import link_external_id
from core.external_ids.events import FACTS
from core.external_ids.permissions import LINK_EXTERNAL_IDS, PERMISSIONS, ROLES
from core.external_ids.state import LINK
from core.module import Module
from projections.external_ids.register import EXTERNAL_IDS


def _routes() -> Sequence[Any]:
    """Imported when the server asks: what only folds loads no web framework."""
    from projections.external_ids.api import ROUTES

    return ROUTES


MODULE = Module(
    name="external_ids",
    title="Identifiants externes",
    version="1",
    facts=FACTS,
    aggregates=(LINK,),
    decisions=(
        Decision(
            command=LinkExternalId,
            aggregate=LINK,
            stream="link",
            decide=link_external_id,
            permission=LINK_EXTERNAL_IDS.code,
            opens=True,
        ),
    ),
    projections=(EXTERNAL_IDS,),
    permissions=PERMISSIONS,
    roles=ROLES,
    routes=_routes,
    path="external-ids",
    always_on=True,
)
