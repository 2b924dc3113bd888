"""What the register of structures adds to the manifest of the registers."""

from collections.abc import Callable
from typing import Any, TypeVar

from core.domain.command import Command
from core.domain.decider import Context, Decided, Decision
from core.module import Permission
from core.registers.structures import commands, decisions
from core.registers.structures.events import FACTS
from core.registers.structures.state import STRUCTURE, Structure

__all__ = ["AGGREGATES", "DECISIONS", "FACTS", "KEEP", "PERMISSIONS", "READ", "REFUSALS"]

READ = Permission("registers.read_structures", "Consulter le registre des structures.")
KEEP = Permission("registers.keep_structures", "Inscrire et tenir à jour les structures.")

PERMISSIONS = (READ, KEEP)
AGGREGATES = (STRUCTURE,)

C = TypeVar("C", bound=Command)


def _decision(
    command: type[C], decide: Callable[[C, Any, Context], Decided], *, opens: bool = False
) -> Decision[C, Structure]:
    return Decision(
        command=command,
        aggregate=STRUCTURE,
        stream="structure",
        decide=decide,
        permission=KEEP.code,
        opens=opens,
    )


DECISIONS = (
    _decision(commands.RegisterStructure, decisions.register_structure, opens=True),
    _decision(commands.RenameStructure, decisions.rename_structure),
    _decision(commands.ChangeKinds, decisions.change_kinds),
    _decision(commands.ChangeIdentifiers, decisions.change_identifiers),
    _decision(commands.TakeDataRole, decisions.take_data_role),
    _decision(commands.LeaveDataRole, decisions.leave_data_role),
    _decision(commands.CloseStructure, decisions.close_structure),
)

REFUSALS = {
    "siren_is_invalid": "Ce SIREN est faux : neuf chiffres, dont la clé de Luhn.",
    "siret_is_invalid": (
        "Ce SIRET est faux : quatorze chiffres, dont la clé de Luhn (pour La Poste, une somme des "
        "chiffres multiple de 5)."
    ),
    "siret_of_another_siren": "Ce SIRET n'est pas de ce SIREN : il commence par d'autres chiffres.",
    "structure_is_closed": "Cette structure est fermée.",
    "data_role_not_held": "La structure ne tient aucun rôle pour cette finalité.",
}
