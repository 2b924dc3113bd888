"""The closed lists of RAVie. Themes, reasons and kinds of production are codes of each tenant."""

from typing import Literal

MODULE_NAME = "ravie"

ANIMATEUR = "ravie.animateur"
"""The role of who animates cycles."""

COORDINATION = "ravie.coordination"
"""The role of who sees to all the cycles of a territory."""

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

CycleFormat = Literal["in_person", "remote", "mixed"]
"""What the sessions of a cycle were, taken together."""

ShapeSetting = Literal["sessions", "session_minutes", "weeks_apart", "capacity_min", "capacity_max"]
"""What a model says of the shape of a cycle, and a territory may deviate on."""

PartnerRole = Literal[
    "signatory",
    "funder",
    "training_body",
    "referrer",
    "host",
    "expertise",
    "communication",
    "other",
]
"""What a structure does in a relais: signs its convention, pays, trains, sends people, hosts it."""

RelaisStatus = Literal["open", "suspended", "closed"]
