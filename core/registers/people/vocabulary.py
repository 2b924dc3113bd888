"""The closed lists of a person's file; the kinds of representation are those of the Code civil."""

from typing import Literal

RepresentationKind = Literal[
    "parent",  # autorité parentale, article 371-1
    "delegataire",  # délégation de l'autorité parentale, article 377
    "administrateur_ad_hoc",  # opposition d'intérêts avec un mineur, article 388-2
    "tuteur",  # tutelle d'un mineur, article 390, ou d'un majeur, article 440
    "curateur",  # curatelle, article 440
    "mandataire_special",  # sauvegarde de justice, article 437
    "habilitation_familiale",  # article 494-1
    "mandataire_de_protection_future",  # article 477
]
Representing = Literal["person", "professional", "structure"]
"""Which register the id of a representative is of."""

OF_MINORS: frozenset[str] = frozenset({"parent", "delegataire", "administrateur_ad_hoc", "tuteur"})
"""The kinds of representation that majority may end."""

IdentityField = Literal["family_name", "given_name", "birth_date", "phone", "email"]

NoticeMeans = Literal["oral", "paper", "post", "email", "online"]
OppositionScope = Literal["processing", "sharing", "statistics", "contact"]
"""What a person opposes: any processing, being told of to others, statistics, being contacted."""

HouseholdPlace = Literal["adult", "child", "other"]
PairState = Literal["proposed", "dismissed", "merged"]
