"""The manifest of RAVie, relais assistants de vie: its parts, put side by side."""

from collections.abc import Sequence
from typing import Any

from core.module import Module
from plugins.ravie.cycle.events import FACTS as CYCLE_FACTS
from plugins.ravie.cycle.policies import OFFER_THE_FREED_PLACE
from plugins.ravie.cycle.state import CYCLE
from plugins.ravie.cycle.wiring import DECISIONS as ON_CYCLES
from plugins.ravie.demo import HAUTES_ALPES, play
from plugins.ravie.demo.gap import INVENTED
from plugins.ravie.indicators import INDICATORS
from plugins.ravie.permissions import PERMISSIONS, ROLES
from plugins.ravie.projections.attendance_sheet import ATTENDANCE_SHEET
from plugins.ravie.projections.cycle_register import CYCLE_REGISTER
from plugins.ravie.projections.participations import PARTICIPATIONS
from plugins.ravie.refusals import REFUSALS
from plugins.ravie.session.wiring import DECISIONS as ON_SESSIONS
from plugins.ravie.settings import SETTINGS
from plugins.ravie.vocabulary import MODULE_NAME


def _routes() -> Sequence[Any]:
    """Imported when the server asks: what only decides or folds loads no web framework."""
    from plugins.ravie.api import ROUTES

    return ROUTES


MODULE = Module(
    name=MODULE_NAME,
    title="RAVie, relais assistants de vie",
    version="1",
    facts=CYCLE_FACTS,
    aggregates=(CYCLE,),
    decisions=(*ON_CYCLES, *ON_SESSIONS),
    policies=(OFFER_THE_FREED_PLACE,),
    projections=(CYCLE_REGISTER, ATTENDANCE_SHEET, PARTICIPATIONS),
    indicators=INDICATORS,
    permissions=PERMISSIONS,
    roles=ROLES,
    settings=SETTINGS,
    refusals=REFUSALS,
    instruments="instruments",
    routes=_routes,
    demo=play,
    invented={HAUTES_ALPES: INVENTED},
)
