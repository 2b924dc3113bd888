"""
What a follow-up wave has come to.

`evolve` raises `ValueError` on a fact that does not fit what came before, which is how a correction
that would leave an incoherent history is refused.
"""

from collections.abc import Mapping
from typing import Any, Literal

import msgspec

from core.domain.decider import Aggregate
from core.domain.event import Recorded
from plugins.ravie.follow_up.events import (
    FACTS,
    PersonAsked,
    ReminderSent,
    WaveAnswered,
    WaveClosed,
    WaveLeftUnanswered,
    WaveOpened,
)


class Wave(msgspec.Struct, frozen=True, kw_only=True):
    """`asked` gives each person's cycle, `answers` their latest evaluation in this wave."""

    cycles: tuple[str, ...]
    instrument: str
    instrument_version: int
    actors: frozenset[str]
    """Who opened it and who carries it out."""
    structure: str | None
    status: Literal["open", "closed"] = "open"
    asked: Mapping[str, str] = {}
    answers: Mapping[str, str] = {}


def evolve(wave: Wave | None, recorded: Recorded[Any]) -> Wave:
    """The wave after one more fact."""
    fact = recorded.fact
    if isinstance(fact, WaveOpened):
        return Wave(
            cycles=fact.cycles,
            instrument=fact.instrument,
            instrument_version=fact.instrument_version,
            actors=frozenset({recorded.actor, fact.assigned or recorded.actor}),
            structure=fact.structure,
        )
    if wave is None:
        message = f"{fact.stored_name} without an opened wave"
        raise ValueError(message)
    change = msgspec.structs.replace
    match fact:
        case PersonAsked() if fact.cycle in wave.cycles and fact.person not in wave.asked:
            return change(wave, asked={**wave.asked, fact.person: fact.cycle})
        case WaveAnswered() if fact.person in wave.asked:
            return change(wave, answers={**wave.answers, fact.person: fact.evaluation})
        case ReminderSent() | WaveLeftUnanswered() if fact.person in wave.asked:
            return wave
        case WaveClosed():
            return change(wave, status="closed")
        case _:
            message = f"{fact.stored_name} does not fit the wave"
            raise ValueError(message)


def _actors(wave: Wave) -> frozenset[str]:
    return wave.actors


def _structures(wave: Wave) -> frozenset[str]:
    return frozenset() if wave.structure is None else frozenset({wave.structure})


WAVE: Aggregate[Wave] = Aggregate(
    name="ravie.wave",
    facts=FACTS,
    evolve=evolve,
    related=_actors,
    structures=_structures,
    # An answer ties the wave to an evaluation, which is corrected or annulled where it is.
    kept=(WaveAnswered,),
)
