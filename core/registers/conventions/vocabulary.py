"""The words of the register of conventions."""

from datetime import date
from typing import Annotated, Literal

import msgspec

from core.domain.command import Code

ConventionKind = Annotated[
    Literal[
        "cnsa_iperia",
        "iperia_organisme_de_formation",
        "etat_departement",
        "lieu_partenaire",
        "other",
    ],
    msgspec.Meta(description="Sorte de convention.", examples=["lieu_partenaire"]),
]
Cents = Annotated[
    int,
    msgspec.Meta(ge=0, le=10**13, description="Montant en centimes d'euro.", examples=[1_500_000]),
]
Day = Annotated[date, msgspec.Meta(examples=["2026-01-01"])]
DeliverableCode = Annotated[
    Code, msgspec.Meta(description="Livrable attendu (code).", examples=["bilan_annuel"])
]
TargetCode = Annotated[
    Code, msgspec.Meta(description="Objectif chiffré (code).", examples=["cycles_ravie"])
]
TargetValue = Annotated[
    int, msgspec.Meta(ge=0, le=10**12, description="Valeur à atteindre.", examples=[12])
]
WeeklyMinutes = Annotated[
    int,
    msgspec.Meta(ge=1, le=10_080, description="Minutes de prêt par semaine.", examples=[240]),
]
Reason = Annotated[Code, msgspec.Meta(description="Motif (code).", examples=["terme"])]
