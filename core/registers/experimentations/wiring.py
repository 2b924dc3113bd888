"""What the register of experimentations adds to the manifest of the registers."""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from core.domain.command import Command
from core.domain.decider import (
    Context,
    Decided,
    Decision,
    Reads,
    for_nobody_else,
    nothing_more,
)
from core.module import Permission
from core.registers.experimentations import commands, decisions, project
from core.registers.experimentations.events import FACTS
from core.registers.experimentations.state import EXPERIMENTATION, Experimentation

__all__ = ["AGGREGATES", "DECISIONS", "FACTS", "KEEP", "PERMISSIONS", "READ", "REFUSALS"]

READ = Permission("registers.read_experimentations", "Consulter les expérimentations.")
KEEP = Permission(
    "registers.keep_experimentations",
    "Ouvrir, tenir à jour, évaluer et conclure les expérimentations.",
)

PERMISSIONS = (READ, KEEP)
AGGREGATES = (EXPERIMENTATION,)

C = TypeVar("C", bound=Command)


def _decision(
    command: type[C],
    decide: Callable[[C, Any, Context], Decided],
    *,
    opens: bool = False,
    also: Callable[[C, Any], Iterable[Reads]] = nothing_more,
    acts_for: Callable[[C, Any], frozenset[str]] = for_nobody_else,
) -> Decision[C, Experimentation]:
    return Decision(
        command=command,
        aggregate=EXPERIMENTATION,
        stream="experimentation",
        decide=decide,
        permission=KEEP.code,
        opens=opens,
        also=also,
        acts_for=acts_for,
    )


_STRUCTURE = decisions.reads_its_structure

DECISIONS = (
    _decision(
        commands.OpenExperimentation,
        decisions.open_experimentation,
        opens=True,
        also=_STRUCTURE,
        acts_for=decisions.of_its_structure,
    ),
    _decision(commands.ExtendExperimentation, decisions.extend_experimentation),
    _decision(commands.JoinProject, project.join_project, also=project.reads_who_joins),
    _decision(commands.LeaveProject, project.leave_project),
    _decision(commands.HoldProjectMeeting, project.hold_project_meeting),
    _decision(commands.ReviewCriterion, decisions.review_criterion),
    _decision(commands.MakeCommunication, decisions.make_communication),
    _decision(commands.PublishKit, decisions.publish_kit),
    _decision(commands.HandOverKit, decisions.hand_over_kit, also=_STRUCTURE),
    _decision(commands.ConcludeExperimentation, decisions.conclude_experimentation),
    _decision(commands.SpreadExperimentation, decisions.spread_experimentation, also=_STRUCTURE),
)

REFUSALS = {
    "experimentation_is_concluded": (
        "L'expérimentation est conclue : seul son essaimage s'enregistre encore."
    ),
    "experimentation_is_not_concluded": (
        "L'expérimentation n'est pas conclue : elle n'essaime pas encore."
    ),
    "review_outside_of_the_experimentation": (
        "Le bilan intermédiaire tombe hors de l'expérimentation, ou avant la date déjà prévue."
    ),
    "criterion_named_twice": "Un critère du cahier des charges y figure deux fois.",
    "criterion_without_its_sentence": "À chaque critère sa phrase, dans le même ordre.",
    "extension_does_not_lengthen": (
        "Une prolongation ne fait qu'allonger : la fin est déjà le {ends_on}."
    ),
    "criterion_is_unknown": "Ce critère n'est pas au cahier des charges.",
    "criterion_already_reviewed": "Ce critère est déjà évalué à cette étape : corrigez-le.",
    "not_assessed_without_reason": "Un critère que l'on n'évalue pas demande un motif.",
    "criteria_are_not_reviewed": (
        "On ne conclut pas sans avoir évalué chaque critère, ou dit pourquoi on ne l'évalue pas "
        "(il en reste {count})."
    ),
    "spreading_without_its_conditions": "Un essaimage sous conditions demande ces conditions.",
    "concluded_before_what_is_told": (
        "La conclusion précède ce qui est déjà enregistré, au {latest}."
    ),
    "kit_already_published": "Cette version de la mallette est déjà publiée.",
    "kit_is_unknown": "Cette version de la mallette n'est pas publiée.",
    "kit_already_handed_over": "Cette version est déjà remise à cette structure.",
    "already_spread_there": "L'essaimage sur ce territoire est déjà enregistré.",
    "already_project_member": "Ce membre est déjà au groupe projet.",
    "not_project_member": "Cette personne ou structure n'était pas au groupe projet ce jour-là.",
    "project_member_is_not_registered": (
        "Ce membre n'est ni un professionnel ni une structure des registres."
    ),
    "nobody_met": "Une réunion sans personne n'a pas eu lieu.",
    "both_present_and_excused": "Un même membre est dit à la fois présent et excusé.",
}
