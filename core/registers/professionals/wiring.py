"""What the register of professionals adds to the manifest of the registers."""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from core.domain.command import Command
from core.domain.decider import Context, Decided, Decision, Reads, for_nobody_else, nothing_more
from core.module import Permission
from core.registers.professionals import commands, decisions
from core.registers.professionals.events import FACTS
from core.registers.professionals.state import PROFESSIONAL, Professional

__all__ = ["AGGREGATES", "DECISIONS", "FACTS", "KEEP", "PERMISSIONS", "READ", "REFUSALS"]

READ = Permission("registers.read_professionals", "Consulter le registre des professionnels.")
KEEP = Permission("registers.keep_professionals", "Inscrire et tenir à jour les professionnels.")

PERMISSIONS = (READ, KEEP)
AGGREGATES = (PROFESSIONAL,)

C = TypeVar("C", bound=Command)


def _decision(
    command: type[C],
    decide: Callable[[C, Any, Context], Decided],
    also: Callable[[C, Any], Iterable[Reads]] = nothing_more,
    acts_for: Callable[[C, Any], frozenset[str]] = for_nobody_else,
) -> Decision[C, Professional]:
    return Decision(
        command=command,
        aggregate=PROFESSIONAL,
        stream="professional",
        decide=decide,
        permission=KEEP.code,
        also=also,
        acts_for=acts_for,
    )


DECISIONS = (
    Decision(
        command=commands.RegisterProfessional,
        aggregate=PROFESSIONAL,
        stream="professional",
        decide=decisions.register_professional,
        permission=KEEP.code,
        opens=True,
        also=decisions.reads_the_structure,
        acts_for=decisions.of_the_structure,
    ),
    _decision(
        commands.StartAssignment,
        decisions.start_assignment,
        decisions.reads_the_structure,
        decisions.of_the_structure,
    ),
    _decision(
        commands.ChangeWorkingTime,
        decisions.change_working_time,
        acts_for=decisions.of_the_assignment,
    ),
    _decision(
        commands.EndAssignment, decisions.end_assignment, acts_for=decisions.of_the_assignment
    ),
    _decision(commands.RecordQualification, decisions.record_qualification),
    _decision(commands.RecordTraining, decisions.record_training, decisions.reads_who_gave_it),
    _decision(commands.LinkAccount, decisions.link_account),
    _decision(commands.UnlinkAccount, decisions.unlink_account),
    _decision(
        commands.EndEngagement, decisions.end_engagement, acts_for=decisions.of_every_assignment
    ),
)

REFUSALS = {
    "assignment_is_incomplete": (
        "Une affectation a une structure et une fonction : donnez les deux, ou aucune."
    ),
    "structure_not_found": "Cette structure n'est pas inscrite au registre.",
    "assignment_already_runs": "Cette personne exerce déjà cette fonction pour cette structure.",
    "assignment_not_found": "Cette affectation n'est pas de ce professionnel.",
    "assignment_is_ended": "Cette affectation est terminée.",
    "assignment_ends_before_it_starts": "À cette date, l'affectation n'avait pas commencé.",
    "engagement_is_ended": "Cette personne n'exerce plus : inscrivez-la de nouveau.",
    "qualification_already_recorded": "Cette qualification est déjà enregistrée.",
    "training_already_recorded": "Cette formation est déjà enregistrée à cette date.",
    "account_already_linked": "Un autre compte est déjà celui de ce professionnel.",
    "no_account_linked": "Aucun compte n'est celui de ce professionnel.",
}
