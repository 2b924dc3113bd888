"""What may be asked of a calendar's address."""

from datetime import date
from typing import ClassVar

from core.domain.command import Code, Command, SubjectId


class OpenFeed(Command, frozen=True, kw_only=True):
    """The kinds are those that the account may see: the edge knows them, and says which."""

    name: ClassVar[str] = "calendar_feed.open_feed"

    feed: SubjectId
    whole: tuple[Code, ...] = ()
    own: tuple[Code, ...] = ()
    professionals: tuple[SubjectId, ...] = ()
    structures: tuple[SubjectId, ...] = ()
    expires_on: date


class RevokeFeed(Command, frozen=True, kw_only=True):
    name: ClassVar[str] = "calendar_feed.revoke_feed"

    feed: SubjectId
