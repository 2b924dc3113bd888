"""
A refusal is an answer: a stable code for machines, and values for the French sentence.

The sentences live with each module (`refusals` of its manifest) and, for rules that every module
shares, below.
"""

from collections.abc import Mapping

import msgspec


class Refused(msgspec.Struct, frozen=True):
    """Why a decision says no. `field` names the field of the command to change, when one is."""

    code: str
    field: str | None = None
    values: dict[str, str | int] = {}


class Refusal(Exception):
    """Carries a `Refused` out of `Application.execute`."""

    def __init__(self, refused: Refused, sentence: str) -> None:
        super().__init__(refused.code)
        self.refused = refused
        self.sentence = sentence


CORE_REFUSALS: Mapping[str, str] = {
    "not_found": "Cet élément n'existe pas dans cette collectivité.",
    "already_exists": "Cet élément existe déjà.",
    "tenant_is_suspended": "La collectivité est suspendue : elle peut lire, pas écrire.",
    "module_is_not_enabled": "Le module « {module} » n'est pas activé pour cette collectivité.",
    "occurred_in_the_future": "La date du fait est dans le futur.",
    "fact_not_found": "Le fait visé n'appartient pas à cet historique.",
    "fact_is_annulled": "Le fait visé est déjà annulé.",
    "annulment_is_final": "Une annulation est définitive : enregistrez à nouveau le fait.",
    "fact_cannot_be_corrected": "Ce type de fait ne se corrige pas ici.",
    "first_fact_stays": "Le premier fait d'un historique ne s'annule pas.",
    "correction_changes_nothing": "La correction est identique au fait enregistré.",
    "replacement_is_malformed": "Le contenu corrigé n'a pas la forme de ce type de fait.",
    "correction_breaks_history": "Après cette correction, l'historique serait incohérent.",
    "idempotency_key_reused": "Cette clé d'idempotence a déjà servi pour une autre demande.",
    "history_is_too_long": (
        "L'historique compte plus de {limit} faits à cette date : ce calcul est à demander à qui "
        "exploite le serveur (« jalon replay », « jalon why »)."
    ),
    "body_is_too_large": "Le contenu dépasse la taille autorisée ({limit} octets).",
    "file_is_too_large": "Le fichier dépasse la taille autorisée ({limit} octets).",
    "file_type_is_not_admitted": "Le fichier n'est ni un PDF, ni un PNG, ni un JPEG.",
}


def sentence_for(refused: Refused, sentences: Mapping[str, str]) -> str:
    """The French sentence of a refusal, its values filled in."""
    return sentences[refused.code].format(**refused.values)
