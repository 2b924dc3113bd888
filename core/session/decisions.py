"""
The rules of a session that hold for every module.

A module's decision asks its own questions first (may this cycle still change?), then gives the
answer of one of these. A plan may be refused; what really happened is recorded, and what it
breaks is told by `core.session.conformity`.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import repeat

from core.domain.days import day_of
from core.domain.decider import At, Context, Decided
from core.domain.event import PersonId, Subject
from core.domain.refusal import Refused
from core.domain.sealed import Sealed
from core.session.commands import (
    CancelSession,
    HoldSession,
    InviteExpert,
    MoveSession,
    RecordHeadcount,
    ScanSheet,
    SignHours,
)
from core.session.events import (
    AttendanceRecorded,
    ExpertInvited,
    HeadcountRecorded,
    SessionCancelled,
    SessionHeld,
    SessionPlanned,
    SessionRescheduled,
    SheetScanned,
)
from core.session.state import Session
from core.session.vocabulary import Modality


def plan_series(
    starts: Iterable[datetime],
    minutes: int,
    new_id: Callable[[], str],
    *,
    module: str,
    series: str,
    modality: Modality = "in_person",
    place: str | None = None,
    animateur: str | None = None,
    capacity: int | None = None,
    first_number: int = 1,
    purposes: Sequence[str] = (),
    modalities: Sequence[Modality] = (),
) -> dict[str, SessionPlanned]:
    """By new stream id, one planned session of so many minutes per start, numbered in order.

    `purposes` and `modalities`, when given, are as many as the starts; `modality` is that of
    sessions without one of their own.
    """
    return {
        new_id(): SessionPlanned(
            module=module,
            series=Subject(series),
            number=number,
            starts_at=start,
            ends_at=start + timedelta(minutes=minutes),
            modality=own or modality,
            place=_subject(place),
            animateur=_subject(animateur),
            capacity=capacity,
            purpose=purpose,
        )
        for number, (start, purpose, own) in enumerate(
            zip(starts, purposes or repeat(None), modalities or repeat(None), strict=False),
            first_number,
        )
    }


def move_session(command: MoveSession, session: Session) -> Decided:
    """Moves a planned session, with its length."""
    if refused := _not_planned(session):
        return refused
    starts_at = command.starts_at.astimezone(UTC)
    return [
        SessionRescheduled(
            series=_subject(session.series),
            starts_at=starts_at,
            ends_at=starts_at + (session.ends_at - session.starts_at),
            place=_subject(command.place),
            modality=command.modality,
            reason=command.reason,
        )
    ]


def cancel_session(command: CancelSession, session: Session) -> Decided:
    """Cancels a planned session."""
    if refused := _not_planned(session):
        return refused
    return [
        SessionCancelled(
            series=_subject(session.series), reason=command.reason, note=_sealed(command.note)
        )
    ]


def hold_session(command: HoldSession, session: Session, context: Context) -> Decided:
    """Records that a session took place, at its real times, once it is over."""
    if refused := _not_planned(session):
        return refused
    if command.ended_at - command.started_at < timedelta(minutes=1):
        return Refused("session_ends_before_it_starts", "ended_at")
    if command.ended_at > context.now:
        return Refused("session_is_not_over", "ended_at")
    held = SessionHeld(
        series=_subject(session.series),
        started_at=command.started_at.astimezone(UTC),
        ended_at=command.ended_at.astimezone(UTC),
        modality=command.modality or session.modality,
        place=_subject(command.place or session.place),
        animateur=_subject(command.animateur or session.animateur),
    )
    return [At(fact=held, occurred_at=command.started_at)]


def record_attendance(
    command: SignHours, session: Session, *, profile: str | None = None
) -> Decided:
    """One line of the sheet of a held session: never more minutes than it really lasted."""
    if session.status == "cancelled":
        return Refused("session_is_cancelled", "session")
    if session.started_at is None:
        return Refused("session_is_not_held", "session")
    if command.person in session.attendance:
        return Refused("attendance_already_recorded", "person")
    if command.presence != "present" and command.minutes > 0:
        return Refused("absent_person_signs_nothing", "minutes", {"minutes": command.minutes})
    if command.minutes > session.minutes:
        figures: dict[str, str | int] = {"minutes": command.minutes, "length": session.minutes}
        return Refused("minutes_exceed_session", "minutes", figures)
    line = AttendanceRecorded(
        series=_subject(session.series),
        person=PersonId(command.person),
        presence=command.presence,
        minutes=command.minutes,
        held_on=day_of(session.started_at),
        profile=profile,
    )
    return [At(fact=line, occurred_at=session.started_at)]


def scan_sheet(command: ScanSheet, session: Session) -> Decided:
    """The signed sheet of a held session; the same file again is nothing new."""
    if session.status == "cancelled":
        return Refused("session_is_cancelled", "session")
    if session.status != "held":
        return Refused("session_is_not_held", "session")
    if command.sha256 == session.scan:
        return []
    return [
        SheetScanned(
            series=_subject(session.series),
            sha256=command.sha256,
            media_type=command.media_type,
            size=command.size,
        )
    ]


def invite_expert(command: InviteExpert, session: Session) -> Decided:
    """Invites a professional, once; late entry after the session is possible."""
    if session.status == "cancelled":
        return Refused("session_is_cancelled", "session")
    if command.expert in session.experts:
        return Refused("expert_already_invited", "expert")
    return [
        ExpertInvited(
            series=_subject(session.series),
            expert=Subject(command.expert),
            topic=_sealed(command.topic),
        )
    ]


def record_headcount(command: RecordHeadcount, session: Session) -> Decided:
    """Counts unnamed people of one profile at a held session, once a profile."""
    if session.status == "cancelled":
        return Refused("session_is_cancelled", "session")
    if session.status != "held":
        return Refused("session_is_not_held", "session")
    if command.profile in session.headcounts:
        return Refused("headcount_already_recorded", "profile")
    return [
        HeadcountRecorded(
            series=_subject(session.series), profile=command.profile, headcount=command.headcount
        )
    ]


def _not_planned(session: Session) -> Refused | None:
    if session.status == "held":
        return Refused("session_already_held", "session")
    return Refused("session_is_cancelled", "session") if session.status == "cancelled" else None


def _subject(identifier: str | None) -> Subject | None:
    return None if identifier is None else Subject(identifier)


def _sealed(token: str | None) -> Sealed | None:
    return None if token is None else Sealed(token)
