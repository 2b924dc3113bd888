"""What may be asked of a session of a cycle: what every session knows, under this module's name."""

from typing import ClassVar

from core.session import commands as session


class MoveSession(session.MoveSession, frozen=True, kw_only=True):
    name: ClassVar[str] = "ravie.move_session"


class CancelSession(session.CancelSession, frozen=True, kw_only=True):
    name: ClassVar[str] = "ravie.cancel_session"


class HoldSession(session.HoldSession, frozen=True, kw_only=True):
    name: ClassVar[str] = "ravie.hold_session"


class SignHours(session.SignHours, frozen=True, kw_only=True):
    name: ClassVar[str] = "ravie.sign_hours"


class ScanSheet(session.ScanSheet, frozen=True, kw_only=True):
    name: ClassVar[str] = "ravie.scan_sheet"


class InviteExpert(session.InviteExpert, frozen=True, kw_only=True):
    name: ClassVar[str] = "ravie.invite_expert"


class RecordHeadcount(session.RecordHeadcount, frozen=True, kw_only=True):
    name: ClassVar[str] = "ravie.record_headcount"
