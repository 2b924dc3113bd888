"""
The manifest of accompaniments: every tenant has their facts; schemes bring commands and screens.

A scheme is a module. It subclasses the commands it offers and wires the decisions with its own
permissions; an accompaniment belongs to the module whose command opened it. What one module alone
records about it goes in a stream of that module, which its decisions read too (`Decision.also`).
"""

from core.accompaniment.state import ACCOMPANIMENT, FACTS
from core.module import Module

MODULE = Module(
    name="accompaniment",
    title="Accompagnements",
    version="1",
    facts=FACTS,
    aggregates=(ACCOMPANIMENT,),
    always_on=True,
    refusals={
        "accompaniment_is_closed": "L'accompagnement est clos : ouvrez-en un nouveau.",
        "accompaniment_is_suspended": "L'accompagnement est suspendu : reprenez-le d'abord.",
        "accompaniment_is_not_suspended": "L'accompagnement n'est pas suspendu.",
        "referent_is_already_designated": "Un référent est déjà désigné.",
        "no_referent_is_designated": "Aucun référent n'est désigné.",
        "date_is_before_last_referent": "La date précède celle du dernier référent.",
        "objective_is_unknown": "Cet objectif n'est pas celui de l'accompagnement.",
        "partner_is_missing": "Une action portée par un partenaire nomme ce partenaire.",
        "action_is_unknown": "Cette action n'est pas prévue dans l'accompagnement.",
        "action_is_settled": "Cette action est déjà faite ou abandonnée.",
        "rupture_is_unknown": "Cette rupture n'a pas été déclarée.",
        "rupture_is_already_avoided": "Cette rupture est déjà enregistrée comme évitée.",
        "article_covers_child_protection_only": (
            "L'article L226-2-2 ne vaut que pour la protection de l'enfance."
        ),
        "recipients_are_missing": "Indiquez au moins un destinataire.",
        "period_ends_before_it_starts": "La fin précède le début.",
        "sharing_needs_consent": (
            "Hors de l'équipe de soins, le partage demande le consentement préalable "
            "de la personne (L1110-4, III)."
        ),
        "consent_is_unknown": "Ce consentement n'a pas été recueilli.",
        "consent_is_already_withdrawn": "Ce consentement est déjà retiré.",
        "consent_does_not_cover_sharing": (
            "Le consentement ne couvre pas ces destinataires, cette finalité ou ces dates."
        ),
        "sharing_is_unknown": "Ce partage d'informations n'a pas été ouvert.",
        "sharing_is_already_ended": "Ce partage d'informations est déjà terminé.",
    },
)
