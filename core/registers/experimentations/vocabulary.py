"""The closed lists of an experimentation, and a criterion of its cahier des charges."""

from typing import Annotated, Literal

import msgspec

from core.domain.command import Code

Assessment = Literal["met", "partly_met", "not_met", "not_assessed"]
Stage = Literal["interim", "final"]
"""Which review a criterion was judged in."""

MemberKind = Literal["professional", "structure"]
"""Which register the id of a member of the groupe projet is of."""

Communication = Literal["inauguration", "press", "leaflet", "event", "online", "mailing"]
Outcome = Literal["continued", "adapted", "stopped"]
Spreading = Literal["yes", "no", "with_conditions"]

TerritoryCode = Annotated[
    str,
    msgspec.Meta(
        pattern="^[0-9][0-9AB][0-9A-Z]{0,3}$",
        description="Code d'une collectivité, d'un département ou d'une commune (Insee).",
        examples=["05D"],
    ),
]


class Criterion(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    What the experimentation is judged on: `figure` names an indicator, or what is measured by hand.

    Its sentence is apart, sealed under the experimentation's key.
    """

    code: Code
    figure: Code
    target: float | None = None
