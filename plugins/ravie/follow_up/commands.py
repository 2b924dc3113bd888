"""What may be asked of a follow-up wave."""

from datetime import date
from typing import Annotated, ClassVar

import msgspec

from core.domain.command import Command, PersonRef, SubjectId, Token
from core.evaluation.vocabulary import Answers
from plugins.ravie.effects.commands import InstrumentVersion
from plugins.ravie.effects.vocabulary import FOLLOW_UP
from plugins.ravie.follow_up.vocabulary import Channel, NoAnswer

FollowedCycles = Annotated[tuple[SubjectId, ...], msgspec.Meta(min_length=1, max_length=100)]
MonthsAfter = Annotated[int, msgspec.Meta(ge=1, le=120)]
AskedPeople = Annotated[tuple[PersonRef, ...], msgspec.Meta(max_length=500)]
InstrumentName = Annotated[str, msgspec.Meta(pattern="^ravie[.][a-z0-9_]{1,40}$")]


class OpenWave(Command, frozen=True, kw_only=True):
    """Without a version, the one in force."""

    name: ClassVar[str] = "ravie.open_wave"

    wave: SubjectId
    cycles: FollowedCycles
    months: MonthsAfter
    due_on: date
    instrument: InstrumentName = FOLLOW_UP
    instrument_version: InstrumentVersion | None = None
    assigned: SubjectId | None = None
    structure: SubjectId | None = None


class AskPeople(Command, frozen=True, kw_only=True):
    """Without people: everyone who has a place in the wave's cycles and was not asked yet."""

    name: ClassVar[str] = "ravie.ask_people"

    wave: SubjectId
    people: AskedPeople = ()
    channel: Channel | None = None


class SendReminder(Command, frozen=True, kw_only=True):
    name: ClassVar[str] = "ravie.send_reminder"

    wave: SubjectId
    person: PersonRef
    channel: Channel | None = None


class RecordWaveAnswer(Command, frozen=True, kw_only=True):
    """`sealed_answers` is a JSON object, by item, under the person's key."""

    name: ClassVar[str] = "ravie.record_wave_answer"

    wave: SubjectId
    person: PersonRef
    assessor: SubjectId | None = None
    answers: Answers
    sealed_answers: Token | None = None


class RecordNoAnswer(Command, frozen=True, kw_only=True):
    name: ClassVar[str] = "ravie.record_no_answer"

    wave: SubjectId
    person: PersonRef
    reason: NoAnswer


class CloseWave(Command, frozen=True, kw_only=True):
    name: ClassVar[str] = "ravie.close_wave"

    wave: SubjectId
