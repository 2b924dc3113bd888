"""
What may be asked of a session.

These are shapes: a module subclasses the ones it offers and gives each its own `name`
(`ravie.move_session`), so that it can add fields, permissions and rules of its own.
"""

from typing import Annotated

import msgspec

from core.domain.command import Code, Command, Moment, PersonRef, SubjectId, Token
from core.domain.file import MediaType, Sha256
from core.session.vocabulary import Modality, Presence

Minutes = Annotated[int, msgspec.Meta(ge=0, le=24 * 60)]
Headcount = Annotated[int, msgspec.Meta(ge=1, le=100_000)]


class MoveSession(Command, frozen=True, kw_only=True):
    """The session keeps its length; `place` and `modality` None mean the same ones."""

    session: SubjectId
    starts_at: Moment
    place: SubjectId | None = None
    modality: Modality | None = None
    reason: Code


class CancelSession(Command, frozen=True, kw_only=True):
    """`note` is under the key of the session."""

    session: SubjectId
    reason: Code
    note: Token | None = None


class HoldSession(Command, frozen=True, kw_only=True):
    """What is left out was as planned."""

    session: SubjectId
    started_at: Moment
    ended_at: Moment
    modality: Modality | None = None
    place: SubjectId | None = None
    animateur: SubjectId | None = None


class SignHours(Command, frozen=True, kw_only=True):
    session: SubjectId
    person: PersonRef
    presence: Presence = "present"
    minutes: Minutes = 0


class InviteExpert(Command, frozen=True, kw_only=True):
    """`topic` is under the key of the session."""

    session: SubjectId
    expert: SubjectId
    topic: Token | None = None


class RecordHeadcount(Command, frozen=True, kw_only=True):
    session: SubjectId
    profile: Code
    headcount: Headcount


class ScanSheet(Command, frozen=True, kw_only=True):
    """The file itself is attached to the session first, at the edge."""

    session: SubjectId
    sha256: Sha256
    media_type: MediaType
    size: Annotated[int, msgspec.Meta(ge=1)]
