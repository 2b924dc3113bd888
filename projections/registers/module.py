"""
The manifest of the registers: what every tenant has, whatever modules it enables.

The rules are in `core/registers/<thing>/`, each with a `wiring.py` that gives its facts,
aggregates, decisions, permissions and refusals; the read models and the routes are here.
"""

from collections.abc import Sequence
from typing import Any

from core.module import Module, Role
from core.registers.structures import wiring as structures
from projections.registers.structure_register import STRUCTURE_REGISTER

_PERMISSIONS = (*structures.PERMISSIONS,)


def _routes() -> Sequence[Any]:
    """Imported when the server asks: what only decides or folds loads no web framework."""
    from projections.registers.api import ROUTES

    return ROUTES


MODULE = Module(
    name="registers",
    title="Registres",
    version="1",
    facts=(*structures.FACTS,),
    aggregates=(*structures.AGGREGATES,),
    decisions=(*structures.DECISIONS,),
    projections=(STRUCTURE_REGISTER,),
    permissions=_PERMISSIONS,
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
    ),
    refusals={**structures.REFUSALS},
    routes=_routes,
    path="",
    always_on=True,
)
