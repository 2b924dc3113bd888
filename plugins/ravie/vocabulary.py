"""The closed lists of RAVie. Themes, reasons and kinds of production are codes of each tenant."""

from typing import Literal

MODULE_NAME = "ravie"

ANIMATEUR = "ravie.animateur"
"""The role of who animates cycles."""

STRUCTURE_PORTEUSE = "ravie.structure"
"""The role of who answers for a structure that runs cycles: it reads and keeps its own only."""

CycleKind = Literal["professional", "project"]
"""A project cycle is a working group of stakeholders: it is kept out of professional counts."""

Role = Literal[
    "assistant_de_vie",
    "proche_aidant",
    "particulier_employeur",
    "demandeur_d_emploi",
    "accueillant_familial",
    "partenaire",
]
"""In what capacity someone takes part; a `partenaire` takes part in project cycles only."""

WithdrawalReason = Literal[
    "new_job", "work_hours", "moved_away", "no_longer_wishes", "personal", "other"
]
"""Closed, and silent about health: that goes in the sealed note, never in a code."""

CycleStatus = Literal["open", "closed", "interrupted"]
