"""
The manifest of the registers: what every tenant has, whatever modules it enables.

The rules are in `core/registers/<thing>/`, each with a `wiring.py` that gives its facts,
aggregates, decisions, permissions and refusals; the read models and the routes are here.
"""

from collections.abc import Sequence
from typing import Any

from core.module import Module, Role
from core.registers.conventions import wiring as conventions
from core.registers.experimentations import wiring as experimentations
from core.registers.households import wiring as households
from core.registers.professionals import wiring as professionals
from core.registers.structures import wiring as structures
from projections.deadlines.module import SEE_WHAT_IS_DUE
from projections.registers.convention_register import CONVENTION_REGISTER
from projections.registers.deadlines import DEADLINES
from projections.registers.deliverables import DELIVERABLES
from projections.registers.demo import HAUTES_ALPES, INVENTED, play
from projections.registers.duplicates import DUPLICATES
from projections.registers.experimentation_register import EXPERIMENTATION_REGISTER
from projections.registers.household_register import HOUSEHOLD_REGISTER
from projections.registers.persons import PERSONS
from projections.registers.professional_register import PROFESSIONAL_REGISTER
from projections.registers.structure_register import STRUCTURE_REGISTER

_PERMISSIONS = (
    *structures.PERMISSIONS,
    *professionals.PERMISSIONS,
    *conventions.PERMISSIONS,
    *experimentations.PERMISSIONS,
)
_OF_FILES = (*households.PERMISSIONS,)
"""What is about the people accompanied is granted apart."""


def _routes() -> Sequence[Any]:
    """Imported when the server asks: what only decides or folds loads no web framework."""
    from projections.registers.api import ROUTES

    return ROUTES


MODULE = Module(
    name="registers",
    title="Registres",
    version="1",
    facts=(
        *structures.FACTS,
        *professionals.FACTS,
        *conventions.FACTS,
        *households.FACTS,
        *experimentations.FACTS,
    ),
    aggregates=(
        *structures.AGGREGATES,
        *professionals.AGGREGATES,
        *conventions.AGGREGATES,
        *households.AGGREGATES,
        *experimentations.AGGREGATES,
    ),
    decisions=(
        *structures.DECISIONS,
        *professionals.DECISIONS,
        *conventions.DECISIONS,
        *households.DECISIONS,
        *experimentations.DECISIONS,
    ),
    projections=(
        STRUCTURE_REGISTER,
        PROFESSIONAL_REGISTER,
        CONVENTION_REGISTER,
        DELIVERABLES,
        PERSONS,
        DUPLICATES,
        HOUSEHOLD_REGISTER,
        EXPERIMENTATION_REGISTER,
    ),
    deadlines=DEADLINES,
    permissions=(*_PERMISSIONS, *_OF_FILES),
    roles=(
        Role(
            code="registres.gestion",
            title="Gestion des registres",
            grants=(*SEE_WHAT_IS_DUE, *(permission.code for permission in _PERMISSIONS)),
        ),
        Role(
            code="registres.lecture",
            title="Consultation des registres",
            grants=(
                *SEE_WHAT_IS_DUE,
                structures.READ.code,
                professionals.READ.code,
                conventions.READ.code,
                experimentations.READ.code,
            ),
        ),
        Role(
            code="registres.professionnel",
            title="Professionnel, pour ce qui est dit de lui",
            grants=(f"{professionals.READ.code}@related",),
        ),
        Role(
            code="registres.structure",
            title="Structure, pour ses professionnels, ses conventions et ses expérimentations",
            grants=(
                *SEE_WHAT_IS_DUE,
                structures.READ.code,
                f"{professionals.READ.code}@structure",
                f"{professionals.KEEP.code}@structure",
                f"{conventions.READ.code}@structure",
                f"{experimentations.READ.code}@structure",
                f"{experimentations.KEEP.code}@structure",
            ),
        ),
        Role(
            code="tenue_des_dossiers",
            title="Tenue des dossiers des personnes et des doublons",
            grants=tuple(permission.code for permission in _OF_FILES),
        ),
    ),
    refusals={
        **structures.REFUSALS,
        **professionals.REFUSALS,
        **conventions.REFUSALS,
        **households.REFUSALS,
        **experimentations.REFUSALS,
    },
    routes=_routes,
    path="",
    demo=play,
    invented={HAUTES_ALPES: INVENTED},
    always_on=True,
)
