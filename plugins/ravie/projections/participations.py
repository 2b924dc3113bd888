"""Each person's part in each cycle: what their attestation will state, never rounded up."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import msgspec

from core.domain.days import day_of
from core.domain.event import Recorded
from core.projection import Key, Projection
from core.session.events import AttendanceRecorded
from plugins.ravie.attestation.events import AttestationIssued, AttestationWithdrawn
from plugins.ravie.cycle.events import ParticipantEnrolled, ParticipantQueued, ParticipantWithdrawn


class Participation(msgspec.Struct, frozen=True, kw_only=True):
    """
    `enrolled_on` is None while the person waits. `minutes` are those signed, over `attended`
    sessions; `complete` when they reach the cycle's `min_minutes`. `attestation` is the valid one,
    `to_reissue` when it no longer says what is signed.
    """

    cycle: str
    person: str
    role: str
    state: str
    min_minutes: int
    enrolled_on: date | None = None
    first_signed_on: date | None = None
    minutes: int = 0
    attended: int = 0
    complete: bool = False
    signed_on: tuple[date, ...] = ()
    attestation: str | None = None
    attested_minutes: int | None = None
    attested_days: tuple[date, ...] = ()
    to_reissue: bool = False


def _keys(recorded: Recorded[Any]) -> Iterator[Key]:
    fact = recorded.fact
    if isinstance(fact, AttestationIssued | AttestationWithdrawn):
        yield (fact.cycle, fact.person)
    elif not isinstance(fact, AttendanceRecorded):
        yield (recorded.stream, fact.person)
    elif fact.series is not None:
        yield (fact.series, fact.person)


def _fold(row: Participation | None, recorded: Recorded[Any]) -> Participation | None:
    match recorded.fact:
        case ParticipantEnrolled() | ParticipantQueued() as fact:
            return _joined(row, fact, recorded)
        case ParticipantWithdrawn() if row is not None:
            return msgspec.structs.replace(row, state="withdrawn")
        case AttendanceRecorded() as fact if row is not None:
            return _compared(_attended(row, fact))
        case AttestationIssued() as fact if row is not None:
            return _compared(
                msgspec.structs.replace(
                    row,
                    attestation=fact.attestation,
                    attested_minutes=fact.minutes,
                    attested_days=fact.days,
                )
            )
        case AttestationWithdrawn() as fact if row is not None and (
            row.attestation == fact.attestation
        ):
            return msgspec.structs.replace(
                row, attestation=None, attested_minutes=None, attested_days=(), to_reissue=False
            )
        case _:
            # Attendance in a series that is no cycle, or of someone whose enrolment was annulled.
            return row


def _joined(
    row: Participation | None,
    fact: ParticipantEnrolled | ParticipantQueued,
    recorded: Recorded[Any],
) -> Participation:
    seat = row or Participation(
        cycle=recorded.stream,
        person=fact.person,
        role=fact.role,
        state="waiting",
        min_minutes=fact.min_minutes,
    )
    if isinstance(fact, ParticipantQueued):
        return msgspec.structs.replace(seat, role=fact.role, state="waiting")
    return msgspec.structs.replace(
        seat,
        role=fact.role,
        state="enrolled",
        enrolled_on=seat.enrolled_on or day_of(recorded.occurred_at),
    )


def _attended(row: Participation, fact: AttendanceRecorded) -> Participation:
    if fact.minutes == 0:
        return row
    minutes = row.minutes + fact.minutes
    return msgspec.structs.replace(
        row,
        minutes=minutes,
        attended=row.attended + 1,
        complete=minutes >= row.min_minutes,
        first_signed_on=min(row.first_signed_on or fact.held_on, fact.held_on),
        signed_on=tuple(sorted({*row.signed_on, fact.held_on})),
    )


def _compared(row: Participation) -> Participation:
    """What the attestation says against what the sheets say now."""
    differs = row.attestation is not None and (
        (row.attested_minutes, row.attested_days) != (row.minutes, row.signed_on)
    )
    return msgspec.structs.replace(row, to_reissue=differs)


PARTICIPATIONS: Projection[Participation] = Projection(
    name="ravie.participations",
    version=1,
    row=Participation,
    key=("cycle", "person"),
    facts=(
        ParticipantEnrolled,
        ParticipantQueued,
        ParticipantWithdrawn,
        AttendanceRecorded,
        AttestationIssued,
        AttestationWithdrawn,
    ),
    keys=_keys,
    fold=_fold,
    indexes=(("person",), ("to_reissue",)),
)
