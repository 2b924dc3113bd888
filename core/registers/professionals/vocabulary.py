"""The words of the register of professionals. Functions, qualifications and trainings are codes of
each tenant.
"""

from typing import Annotated, Literal

import msgspec

from core.domain.command import Code

Function = Annotated[
    Code,
    msgspec.Meta(
        description="Fonction exercée (code).",
        examples=["animateur", "assistant_de_service_social", "referent_unique_rsa"],
    ),
]
EtpPercent = Annotated[
    int,
    msgspec.Meta(
        ge=1, le=100, description="Quotité de travail, en centièmes d'ETP.", examples=[80]
    ),
]
Qualification = Annotated[
    Code, msgspec.Meta(description="Diplôme ou titre (code).", examples=["deaes"])
]
Training = Annotated[
    Code,
    msgspec.Meta(
        description="Formation suivie (code).", examples=["demarche_referent_de_parcours"]
    ),
]
TrainingMinutes = Annotated[
    int, msgspec.Meta(ge=1, le=1_000_000, description="Durée suivie, en minutes.", examples=[840])
]

LeavingReason = Literal["contract_ended", "resignation", "retirement", "transfer", "other"]
"""Closed, and silent about health and about conduct."""
