"""What households add to the manifest of the registers."""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from core.domain.command import Command
from core.domain.decider import Context, Decided, Decision, Reads, nothing_more
from core.module import Permission
from core.registers.households import commands, decisions
from core.registers.households.events import FACTS
from core.registers.households.state import HOUSEHOLD, Household

__all__ = ["AGGREGATES", "DECISIONS", "FACTS", "KEEP", "PERMISSIONS", "READ", "REFUSALS"]

READ = Permission(
    "registers.read_files",
    "Lire le dossier des personnes : foyer, représentants, information, oppositions.",
)
KEEP = Permission("registers.keep_households", "Tenir à jour les foyers des personnes.")

PERMISSIONS = (READ, KEEP)
AGGREGATES = (HOUSEHOLD,)

C = TypeVar("C", bound=Command)


def _decision(
    command: type[C],
    decide: Callable[[C, Any, Context], Decided],
    *,
    opens: bool = False,
    also: Callable[[C, Any], Iterable[Reads]] = nothing_more,
) -> Decision[C, Household]:
    return Decision(
        command=command,
        aggregate=HOUSEHOLD,
        stream="household",
        decide=decide,
        permission=KEEP.code,
        opens=opens,
        also=also,
    )


_COMES = decisions.reads_who_comes

DECISIONS = (
    _decision(commands.FormHousehold, decisions.form_household, opens=True, also=_COMES),
    _decision(commands.JoinHousehold, decisions.join_household, also=_COMES),
    _decision(commands.LeaveHousehold, decisions.leave_household),
    _decision(commands.DissolveHousehold, decisions.dissolve_household),
)

REFUSALS = {
    "household_is_dissolved": "Ce foyer est dissous.",
    "already_in_household": "Cette personne est déjà dans ce foyer.",
    "not_in_household": "Cette personne n'est pas dans ce foyer.",
    "member_is_unknown": "Cette personne n'est pas dans l'annuaire de la collectivité.",
}
