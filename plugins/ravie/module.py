"""The manifest of RAVie, relais assistants de vie: its parts, put side by side."""

from collections.abc import Sequence
from typing import Any

from core.module import Module
from plugins.ravie.animateur.wiring import DECISIONS as ON_ANIMATEURS
from plugins.ravie.attestation.wiring import AGGREGATES as ATTESTATION_AGGREGATES
from plugins.ravie.attestation.wiring import DECISIONS as ON_ATTESTATIONS
from plugins.ravie.attestation.wiring import FACTS as ATTESTATION_FACTS
from plugins.ravie.cycle.events import FACTS as CYCLE_FACTS
from plugins.ravie.cycle.policies import OFFER_THE_FREED_PLACE
from plugins.ravie.cycle.state import CYCLE
from plugins.ravie.cycle.wiring import DECISIONS as ON_CYCLES
from plugins.ravie.deadlines import DEADLINES
from plugins.ravie.demo import HAUTES_ALPES, play
from plugins.ravie.demo.gap import INVENTED
from plugins.ravie.departure.events import FACTS as DEPARTURE_FACTS
from plugins.ravie.departure.state import DEPARTURE
from plugins.ravie.departure.wiring import DECISIONS as ON_DEPARTURES
from plugins.ravie.effects.events import FACTS as EFFECTS_FACTS
from plugins.ravie.effects.wiring import DECISIONS as ON_EFFECTS
from plugins.ravie.follow_up.events import FACTS as WAVE_FACTS
from plugins.ravie.follow_up.state import WAVE
from plugins.ravie.follow_up.wiring import DECISIONS as ON_WAVES
from plugins.ravie.imports import IMPORTS
from plugins.ravie.indicators import INDICATORS
from plugins.ravie.permissions import PERMISSIONS, ROLES
from plugins.ravie.programme.events import FACTS as PROGRAMME_FACTS
from plugins.ravie.programme.state import PROGRAMME
from plugins.ravie.programme.wiring import DECISIONS as ON_PROGRAMME
from plugins.ravie.projections.animateurs import ANIMATEURS
from plugins.ravie.projections.attendance_sheet import ATTENDANCE_SHEET
from plugins.ravie.projections.attestation_register import ATTESTATION_REGISTER
from plugins.ravie.projections.cycle_effects import CYCLE_EFFECTS
from plugins.ravie.projections.cycle_milestones import CYCLE_MILESTONES
from plugins.ravie.projections.cycle_register import CYCLE_REGISTER
from plugins.ravie.projections.departures import DEPARTURES
from plugins.ravie.projections.evaluations import EVALUATIONS
from plugins.ravie.projections.participant_record import PARTICIPANT_RECORD
from plugins.ravie.projections.participations import PARTICIPATIONS
from plugins.ravie.projections.programme import PROGRAMME_VIEW
from plugins.ravie.projections.relais_register import RELAIS_REGISTER
from plugins.ravie.projections.wave_register import WAVE_REGISTER
from plugins.ravie.refusals import REFUSALS
from plugins.ravie.relais.events import FACTS as RELAIS_FACTS
from plugins.ravie.relais.state import RELAIS
from plugins.ravie.relais.wiring import DECISIONS as ON_RELAIS
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
    facts=(
        *CYCLE_FACTS,
        *ATTESTATION_FACTS,
        *EFFECTS_FACTS,
        *WAVE_FACTS,
        *DEPARTURE_FACTS,
        *RELAIS_FACTS,
        *PROGRAMME_FACTS,
    ),
    aggregates=(CYCLE, *ATTESTATION_AGGREGATES, WAVE, DEPARTURE, RELAIS, PROGRAMME),
    decisions=(
        *ON_CYCLES,
        *ON_ANIMATEURS,
        *ON_SESSIONS,
        *ON_ATTESTATIONS,
        *ON_EFFECTS,
        *ON_WAVES,
        *ON_DEPARTURES,
        *ON_RELAIS,
        *ON_PROGRAMME,
    ),
    policies=(OFFER_THE_FREED_PLACE,),
    projections=(
        CYCLE_REGISTER,
        ATTENDANCE_SHEET,
        PARTICIPATIONS,
        ATTESTATION_REGISTER,
        RELAIS_REGISTER,
        ANIMATEURS,
        PROGRAMME_VIEW,
        EVALUATIONS,
        CYCLE_EFFECTS,
        CYCLE_MILESTONES,
        DEPARTURES,
        WAVE_REGISTER,
        PARTICIPANT_RECORD,
    ),
    indicators=INDICATORS,
    deadlines=DEADLINES,
    permissions=PERMISSIONS,
    roles=ROLES,
    settings=SETTINGS,
    refusals=REFUSALS,
    instruments="instruments",
    imports=IMPORTS,
    routes=_routes,
    demo=play,
    invented={HAUTES_ALPES: INVENTED},
)
