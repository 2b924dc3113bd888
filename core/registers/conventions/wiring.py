"""What the register of conventions adds to the manifest of the registers."""

from collections.abc import Callable
from typing import Any, TypeVar

from core.domain.command import Command
from core.domain.decider import Context, Decided, Decision
from core.module import Permission
from core.registers.conventions import commands, decisions
from core.registers.conventions.events import FACTS
from core.registers.conventions.state import CONVENTION, Convention

__all__ = ["AGGREGATES", "DECISIONS", "FACTS", "KEEP", "PERMISSIONS", "READ", "REFUSALS"]

READ = Permission("registers.read_conventions", "Consulter le registre des conventions.")
KEEP = Permission("registers.keep_conventions", "Enregistrer et suivre les conventions.")

PERMISSIONS = (READ, KEEP)
AGGREGATES = (CONVENTION,)

C = TypeVar("C", bound=Command)


def _decision(
    command: type[C], decide: Callable[[C, Any, Context], Decided]
) -> Decision[C, Convention]:
    return Decision(
        command=command,
        aggregate=CONVENTION,
        stream="convention",
        decide=decide,
        permission=KEEP.code,
    )


DECISIONS = (
    Decision(
        command=commands.SignConvention,
        aggregate=CONVENTION,
        stream="convention",
        decide=decisions.sign_convention,
        permission=KEEP.code,
        opens=True,
        also=decisions.reads_its_parties,
    ),
    _decision(commands.SignAvenant, decisions.sign_avenant),
    _decision(commands.LendPremises, decisions.lend_premises),
    _decision(commands.ReturnPremises, decisions.return_premises),
    _decision(commands.AgreeDeliverable, decisions.agree_deliverable),
    _decision(commands.PostponeDeliverable, decisions.postpone_deliverable),
    _decision(commands.Deliver, decisions.deliver),
    _decision(commands.WaiveDeliverable, decisions.waive_deliverable),
    _decision(commands.SetTarget, decisions.set_target),
    _decision(commands.EndConvention, decisions.end_convention),
    _decision(commands.DenounceConvention, decisions.denounce_convention),
)

REFUSALS = {
    "convention_has_one_party": "Une convention se signe à deux au moins.",
    "party_not_found": "Un des signataires n'est pas une structure inscrite au registre.",
    "convention_ends_before_it_starts": "La convention finit avant d'avoir commencé.",
    "convention_is_over": "Cette convention est terminée ou dénoncée.",
    "avenant_changes_nothing": "Cet avenant ne change ni le terme ni le montant.",
    "not_a_party": "Cette structure, ou la collectivité, n'est pas signataire de la convention.",
    "premises_already_lent": "Ce lieu est déjà prêté par cette convention.",
    "premises_not_lent": "Ce lieu n'est pas prêté par cette convention.",
    "deliverable_not_found": "Ce livrable n'est pas de cette convention.",
    "deliverable_is_settled": "Ce livrable est déjà remis, ou n'est plus attendu.",
}
