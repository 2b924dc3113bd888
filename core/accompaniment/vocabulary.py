"""The codes that mean the same in every scheme of accompaniment."""

from typing import Literal, TypeAlias

LegalBasis: TypeAlias = Literal[
    "L226-2-2",
    "L121-6-2",
    "L1110-4-II",
    "L1110-4-III-equipe",
    "L1110-4-III-consentement",
]
"""The article that allows what is said of a person to reach someone else: L226-2-2 and L121-6-2
of the code de l'action sociale et des familles, L1110-4 of the code de la santé publique."""

CHILD_PROTECTION_ARTICLE: LegalBasis = "L226-2-2"
CONSENT_ARTICLE: LegalBasis = "L1110-4-III-consentement"

CHILD_PROTECTION = "protection_de_l_enfance"
"""The basis of an accompaniment that belongs to child protection; others are codes of modules."""

Provision: TypeAlias = Literal["droit_commun", "specialise"]
"""Whether an action draws on what is open to everybody or on what is set apart for a need."""

CarriedBy: TypeAlias = Literal["person", "household", "professional", "partner"]
"""Who carries an action out."""
