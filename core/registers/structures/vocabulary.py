"""The words of the register of structures."""

from typing import Annotated, Literal

import msgspec

OrganisationName = Annotated[
    str,
    msgspec.Meta(
        min_length=1,
        max_length=200,
        pattern=r"\S",
        description="Nom de l'organisation, tel qu'elle se présente ; jamais celui d'une personne.",
        examples=["Aidants des Hautes-Alpes"],
    ),
]
"""An organisation's name is no personal data: it stands in facts as it is."""

DataRole = Literal["controller", "processor", "joint_controller"]
"""Part in a processing of personal data (GDPR, articles 4(7), 4(8) and 26)."""
