"""
The manifest of the registers: what every tenant has, whatever modules it enables.

The rules are in `core/registers/<thing>/`, each with a `wiring.py` that gives its facts,
aggregates, decisions, permissions and refusals; the read models and the routes are here.
"""

from collections.abc import Sequence
from typing import Any

from core.module import Module, Role
from core.registers.households import wiring as households
from core.registers.structures import wiring as structures
from projections.registers.duplicates import DUPLICATES
from projections.registers.household_register import HOUSEHOLD_REGISTER
from projections.registers.persons import PERSONS
from projections.registers.structure_register import STRUCTURE_REGISTER

_PERMISSIONS = (*structures.PERMISSIONS,)
_OF_FILES = (*households.PERMISSIONS,)
"""What is about people is granted apart from what is about structures."""


def _routes() -> Sequence[Any]:
    """Imported when the server asks: what only decides or folds loads no web framework."""
    from projections.registers.api import ROUTES

    return ROUTES


MODULE = Module(
    name="registers",
    title="Registres",
    version="1",
    facts=(*structures.FACTS, *households.FACTS),
    aggregates=(*structures.AGGREGATES, *households.AGGREGATES),
    decisions=(*structures.DECISIONS, *households.DECISIONS),
    projections=(STRUCTURE_REGISTER, PERSONS, DUPLICATES, HOUSEHOLD_REGISTER),
    permissions=(*_PERMISSIONS, *_OF_FILES),
    roles=(
        Role(
            code="registres.gestion",
            title="Gestion des registres",
            grants=tuple(permission.code for permission in _PERMISSIONS),
        ),
        Role(
            code="registres.lecture",
            title="Consultation des registres",
            grants=(structures.READ.code,),
        ),
        Role(
            code="tenue_des_dossiers",
            title="Tenue des dossiers des personnes et des doublons",
            grants=tuple(permission.code for permission in _OF_FILES),
        ),
    ),
    refusals={**structures.REFUSALS, **households.REFUSALS},
    routes=_routes,
    path="",
    always_on=True,
)
