"""
What happens to a follow-up wave: some months after cycles, their participants are asked again.

One person a fact. What someone answers is an evaluation of its own; the wave says that it is its.
"""

from datetime import date
from typing import ClassVar

from core.domain.command import Code
from core.domain.event import Fact, PersonId, Subject
from plugins.ravie.follow_up.vocabulary import Channel, NoAnswer


class WaveOpened(Fact, frozen=True, kw_only=True):
    """
    The cycles that are followed, how many months after, and the day answers are awaited by.

    `assigned` carries it out: an account or a professional.
    """

    stored_name: ClassVar[str] = "ravie.wave_opened.v1"

    cycles: tuple[Subject, ...]
    months: int
    instrument: Code
    instrument_version: int
    due_on: date
    assigned: Subject | None = None
    structure: Subject | None = None


class PersonAsked(Fact, frozen=True, kw_only=True):
    """The person is asked, as a participant of `cycle`: the response rate is over these."""

    stored_name: ClassVar[str] = "ravie.wave_person_asked.v1"

    person: PersonId
    cycle: Subject
    channel: Channel | None = None


class ReminderSent(Fact, frozen=True, kw_only=True):
    stored_name: ClassVar[str] = "ravie.wave_reminder_sent.v1"

    person: PersonId
    channel: Channel | None = None


class WaveAnswered(Fact, frozen=True, kw_only=True):
    """The wave's own word that this evaluation is the person's answer to it."""

    stored_name: ClassVar[str] = "ravie.wave_answered.v1"

    person: PersonId
    evaluation: Subject


class WaveLeftUnanswered(Fact, frozen=True, kw_only=True):
    """No answer is to be expected; one that comes all the same is recorded."""

    stored_name: ClassVar[str] = "ravie.wave_left_unanswered.v1"

    person: PersonId
    reason: NoAnswer


class WaveClosed(Fact, frozen=True, kw_only=True):
    stored_name: ClassVar[str] = "ravie.wave_closed.v1"


FACTS: tuple[type[Fact], ...] = (
    WaveOpened,
    PersonAsked,
    ReminderSent,
    WaveAnswered,
    WaveLeftUnanswered,
    WaveClosed,
)
