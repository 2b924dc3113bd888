"""When the effects of a cycle are measured, and with what."""

from typing import Literal, TypeAlias

EffectMoment: TypeAlias = Literal["before", "after", "later"]
"""Before the first session, after the last one, or months later."""

EFFECTS = "ravie.effets"
"""The instrument asked before and after a cycle."""

FOLLOW_UP = "ravie.suivi"
"""The instrument a follow-up wave asks unless it says otherwise."""
