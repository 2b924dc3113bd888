"""
An account gives a calendar an address that needs no sign-in, and takes it back.

Whose it is, is who opened it. What the address shows is settled when it is opened: at most what the
account could see then.
"""

from datetime import date
from typing import ClassVar

from core.domain.command import Code
from core.domain.event import Fact, Subject


class FeedOpened(Fact, frozen=True, kw_only=True):
    """
    `whole` are the kinds of deadlines shown whoever they fall to, `own` those of which only what
    falls to the account, to `professionals` it stands for, or is of `structures` it stands for.
    """

    stored_name: ClassVar[str] = "calendar_feed.opened.v1"

    whole: tuple[Code, ...] = ()
    own: tuple[Code, ...] = ()
    professionals: tuple[Subject, ...] = ()
    structures: tuple[Subject, ...] = ()
    expires_on: date


class FeedRevoked(Fact, frozen=True, kw_only=True):
    """The address shows nothing more, for ever."""

    stored_name: ClassVar[str] = "calendar_feed.revoked.v1"


FACTS: tuple[type[Fact], ...] = (FeedOpened, FeedRevoked)
