"""The French sentences of what webhooks refuse, and the refusals of addresses."""

from core.domain.refusal import Refusal, Refused

SENTENCES = {
    "webhook_is_removed": "Cet abonnement est supprimé : créez-en un autre.",
    "webhook_is_paused": "Cet abonnement est déjà en pause.",
    "webhook_is_not_paused": "Cet abonnement n'est pas en pause.",
    "target_is_malformed": (
        "L'adresse s'écrit https://serveur/chemin, sans compte, ni mot de passe, ni fragment."
    ),
    "target_is_not_https": "L'adresse doit commencer par https://.",
    "target_is_not_resolved": "Le serveur de cette adresse est introuvable.",
    "target_is_not_public": (
        "Le serveur de cette adresse est sur un réseau privé : l'installation ne l'admet pas."
    ),
    "facts_are_unknown": "Aucun module installé ne connaît ces faits.",
}


def refusal(code: str, field: str | None = None) -> Refusal:
    """A refusal with its sentence, for what is refused before any decision."""
    return Refusal(Refused(code, field), SENTENCES[code])
