"""What a cycle says of the evaluations of its participants; the answers are evaluations' own."""

from typing import ClassVar

from core.domain.command import Code
from core.domain.event import Fact, PersonId, Subject
from plugins.ravie.effects.vocabulary import EffectMoment


class EffectsMeasured(Fact, frozen=True, kw_only=True):
    """
    The cycle's own word that this evaluation is one of its participants', at this moment.

    It is in the cycle's stream, so that two answers at once for the same moment cannot both pass.
    """

    stored_name: ClassVar[str] = "ravie.effects_measured.v1"

    person: PersonId
    moment: EffectMoment
    instrument: Code
    instrument_version: int
    evaluation: Subject


FACTS: tuple[type[Fact], ...] = (EffectsMeasured,)
