"""The manifest of evaluations: every tenant has their fact; modules bring instruments."""

from core.evaluation.events import FACTS
from core.evaluation.state import EVALUATION
from core.module import Module

MODULE = Module(
    name="evaluation",
    title="Évaluations",
    version="1",
    facts=FACTS,
    aggregates=(EVALUATION,),
    always_on=True,
    refusals={
        "instrument_is_unknown": (
            "L'instrument « {instrument} », version {version}, n'est pas de ce module."
        ),
        "evaluation_names_no_subject": "Indiquez sur quoi, ou sur qui, porte l'évaluation.",
        "evaluation_has_no_answer": "L'évaluation ne comporte aucune réponse.",
        "answer_to_unknown_item": "L'instrument n'a pas d'item « {item} ».",
        "answer_is_off_scale": (
            "La réponse à « {item} » est un nombre entier de {lowest} à {highest}."
        ),
        "answer_is_not_a_choice": "La réponse à « {item} » n'est pas un des choix proposés.",
        "answer_must_be_sealed": "La réponse à « {item} » touche à la santé : elle est scellée.",
        "instrument_has_no_sealed_item": "Cet instrument n'a pas d'item dont la réponse se scelle.",
    },
)
