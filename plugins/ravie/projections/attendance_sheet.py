"""The sign-in sheet of each session of a cycle."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import msgspec

from core.domain.days import day_of
from core.domain.event import Recorded
from core.projection import Key, Projection
from core.session.conformity import deviations
from core.session.events import (
    AttendanceRecorded,
    ExpertInvited,
    HeadcountRecorded,
    SessionCancelled,
    SessionHeld,
    SessionPlanned,
    SessionReassigned,
    SessionRescheduled,
    SheetScanned,
)
from plugins.ravie.vocabulary import MODULE_NAME


class SheetLine(msgspec.Struct, frozen=True, kw_only=True):
    person: str
    role: str | None
    presence: str
    minutes: int


class HeadcountLine(msgspec.Struct, frozen=True, kw_only=True):
    profile: str
    headcount: int


class ExpertLine(msgspec.Struct, frozen=True, kw_only=True):
    """Who was invited; `topic` is a token, under the key of the session."""

    expert: str
    topic: str | None


class Scan(msgspec.Struct, frozen=True, kw_only=True):
    """The signed sheet, by the SHA-256 of its file; `size` is in bytes, `by` the account."""

    sha256: str
    media_type: str
    size: int
    by: str


class AttendanceSheet(msgspec.Struct, frozen=True, kw_only=True):
    """
    One session: `minutes` are all those signed; `held_on` is a day in Paris.

    `scan_missing` when it was held and signed and its signed sheet is not attached.
    """

    session: str
    cycle: str
    number: int
    state: str
    purpose: str | None
    modality: str
    place: str | None
    animateur: str | None
    starts_at: datetime
    ends_at: datetime
    started_at: datetime | None = None
    ended_at: datetime | None = None
    held_on: date | None = None
    capacity: int | None
    present: int = 0
    minutes: int = 0
    lines: tuple[SheetLine, ...] = ()
    headcounts: tuple[HeadcountLine, ...] = ()
    experts: tuple[ExpertLine, ...] = ()
    scan: Scan | None = None
    scan_missing: bool = False
    flags: tuple[str, ...] = ()


def _keys(recorded: Recorded[Any]) -> Iterator[Key]:
    yield (recorded.stream,)


def _fold(row: AttendanceSheet | None, recorded: Recorded[Any]) -> AttendanceSheet | None:
    if isinstance(recorded.fact, SessionPlanned):
        return _planned(recorded.stream, recorded.fact)
    return None if row is None else _flagged(_changed(row, recorded))


def _planned(session: str, fact: SessionPlanned) -> AttendanceSheet | None:
    if fact.module != MODULE_NAME or fact.series is None:
        return None
    return AttendanceSheet(
        session=session,
        cycle=fact.series,
        number=fact.number or 0,
        state="planned",
        purpose=fact.purpose,
        modality=fact.modality,
        place=fact.place,
        animateur=fact.animateur,
        starts_at=fact.starts_at,
        ends_at=fact.ends_at,
        capacity=fact.capacity,
    )


def _changed(row: AttendanceSheet, recorded: Recorded[Any]) -> AttendanceSheet:
    change, fact = msgspec.structs.replace, recorded.fact
    match fact:
        case SessionRescheduled():
            return change(
                row,
                starts_at=fact.starts_at,
                ends_at=fact.ends_at,
                place=fact.place or row.place,
                modality=fact.modality or row.modality,
            )
        case SessionReassigned():
            return change(row, animateur=fact.animateur)
        case SessionCancelled():
            return change(row, state="cancelled")
        case SessionHeld():
            return change(
                row,
                state="held",
                started_at=fact.started_at,
                ended_at=fact.ended_at,
                held_on=day_of(fact.started_at),
                modality=fact.modality,
                place=fact.place,
                animateur=fact.animateur,
            )
        case AttendanceRecorded():
            line = SheetLine(
                person=fact.person,
                role=fact.profile,
                presence=fact.presence,
                minutes=fact.minutes,
            )
            lines = tuple(sorted((*row.lines, line), key=lambda one: one.person))
            return change(
                row,
                lines=lines,
                present=sum(one.presence == "present" for one in lines),
                minutes=sum(one.minutes for one in lines),
            )
        case HeadcountRecorded():
            counted = HeadcountLine(profile=fact.profile, headcount=fact.headcount)
            headcounts = sorted((*row.headcounts, counted), key=lambda one: one.profile)
            return change(row, headcounts=tuple(headcounts))
        case SheetScanned():
            scan = Scan(
                sha256=fact.sha256,
                media_type=fact.media_type,
                size=fact.size,
                by=recorded.actor,
            )
            return change(row, scan=scan)
        case ExpertInvited():
            invited = ExpertLine(expert=fact.expert, topic=fact.topic)
            experts = sorted((*row.experts, invited), key=lambda one: one.expert)
            return change(row, experts=tuple(experts))
        case _:
            return row


def _flagged(row: AttendanceSheet) -> AttendanceSheet:
    real = None
    if row.started_at is not None and row.ended_at is not None:
        real = (row.started_at, row.ended_at)
    flags = deviations(
        planned=(row.starts_at, row.ends_at),
        real=real,
        capacity=row.capacity,
        came=row.present + sum(one.headcount for one in row.headcounts),
    )
    missing = row.state == "held" and row.minutes > 0 and row.scan is None
    return msgspec.structs.replace(row, scan_missing=missing, flags=tuple(flags))


ATTENDANCE_SHEET: Projection[AttendanceSheet] = Projection(
    name="ravie.attendance_sheet",
    version=1,
    row=AttendanceSheet,
    key=("session",),
    facts=(
        SessionPlanned,
        SessionRescheduled,
        SessionReassigned,
        SessionCancelled,
        SessionHeld,
        AttendanceRecorded,
        ExpertInvited,
        HeadcountRecorded,
        SheetScanned,
    ),
    keys=_keys,
    fold=_fold,
    indexes=(("cycle",), ("held_on",), ("scan_missing", "starts_at")),
)
