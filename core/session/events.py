"""
What happens to a session, whatever brings people together: the facts every module shares.

Each carries the series the session belongs to, so that a read model keyed by the series (a cycle,
a yearly programme) finds it. Text about no single person is under the key of the stream.
"""

from datetime import date, datetime
from typing import ClassVar

from core.domain.command import Code
from core.domain.event import Fact, PersonId, Subject
from core.domain.file import MediaType, Sha256
from core.domain.sealed import Sealed
from core.session.vocabulary import Modality, Presence


class SessionPlanned(Fact, frozen=True, kw_only=True):
    """`module` says whose session it is; `number` its place in the series, from 1.

    `purpose` is what this one is for, when it has a purpose of its own within the series.
    """

    stored_name: ClassVar[str] = "session.planned.v1"

    module: Code
    series: Subject | None = None
    number: int | None = None
    starts_at: datetime
    ends_at: datetime
    modality: Modality = "in_person"
    place: Subject | None = None
    animateur: Subject | None = None
    capacity: int | None = None
    purpose: Code | None = None


class SessionRescheduled(Fact, frozen=True, kw_only=True):
    """The session is moved; `place` and `modality` are None when they stay what they were."""

    stored_name: ClassVar[str] = "session.rescheduled.v1"

    series: Subject | None = None
    starts_at: datetime
    ends_at: datetime
    place: Subject | None = None
    modality: Modality | None = None
    reason: Code


class SessionReassigned(Fact, frozen=True, kw_only=True):
    """Another animateur is to conduct the planned session, or nobody yet."""

    stored_name: ClassVar[str] = "session.reassigned.v1"

    series: Subject | None = None
    animateur: Subject | None


class SessionCancelled(Fact, frozen=True, kw_only=True):
    stored_name: ClassVar[str] = "session.cancelled.v1"

    series: Subject | None = None
    reason: Code
    note: Sealed | None = None


class SessionHeld(Fact, frozen=True, kw_only=True):
    """The session took place, at these real times, whatever was planned."""

    stored_name: ClassVar[str] = "session.held.v1"

    series: Subject | None = None
    started_at: datetime
    ended_at: datetime
    modality: Modality
    place: Subject | None = None
    animateur: Subject | None = None


class AttendanceRecorded(Fact, frozen=True, kw_only=True):
    """
    One line of the sign-in sheet: `minutes` are those really signed, 0 unless present.

    `held_on` repeats the day of the session, so that a person's first signature can be dated
    without the session; `profile` is in what capacity the person came.
    """

    stored_name: ClassVar[str] = "session.attendance_recorded.v1"

    series: Subject | None = None
    person: PersonId
    presence: Presence
    minutes: int
    held_on: date
    profile: Code | None = None


class ExpertInvited(Fact, frozen=True, kw_only=True):
    """A professional is asked to come and speak; `topic` is under the key of the session."""

    stored_name: ClassVar[str] = "session.expert_invited.v1"

    series: Subject | None = None
    expert: Subject
    topic: Sealed | None = None


class HeadcountRecorded(Fact, frozen=True, kw_only=True):
    """So many people of a profile came, unnamed: a headcount, never invented people."""

    stored_name: ClassVar[str] = "session.headcount_recorded.v1"

    series: Subject | None = None
    profile: Code
    headcount: int


class SheetScanned(Fact, frozen=True, kw_only=True):
    """The signed sheet, scanned; a later scan takes its place. The file is under the session's key.

    `size` is in bytes. Who scanned it is the fact's actor.
    """

    stored_name: ClassVar[str] = "session.sheet_scanned.v1"

    series: Subject | None = None
    sha256: Sha256
    media_type: MediaType
    size: int


FACTS: tuple[type[Fact], ...] = (
    SessionPlanned,
    SessionRescheduled,
    SessionReassigned,
    SessionCancelled,
    SessionHeld,
    AttendanceRecorded,
    ExpertInvited,
    HeadcountRecorded,
    SheetScanned,
)
