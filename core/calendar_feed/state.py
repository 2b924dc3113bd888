"""What a calendar's address shows, and until when."""

from datetime import date
from typing import Any

import msgspec

from core.calendar_feed.events import FACTS, FeedOpened, FeedRevoked
from core.domain.decider import Aggregate
from core.domain.event import Recorded


class Feed(msgspec.Struct, frozen=True, kw_only=True):
    """See `FeedOpened`; `account` is who opened it."""

    account: str
    whole: tuple[str, ...]
    own: tuple[str, ...]
    professionals: tuple[str, ...]
    structures: tuple[str, ...]
    expires_on: date
    revoked: bool = False

    def shows_on(self, day: date) -> bool:
        """Whether the address still shows anything that day."""
        return not self.revoked and day <= self.expires_on


def evolve(feed: Feed | None, recorded: Recorded[Any]) -> Feed:
    """The feed after one more fact."""
    fact = recorded.fact
    if isinstance(fact, FeedOpened):
        return Feed(
            account=recorded.actor,
            whole=fact.whole,
            own=fact.own,
            professionals=fact.professionals,
            structures=fact.structures,
            expires_on=fact.expires_on,
        )
    if feed is None:
        message = f"{fact.stored_name} without an opened feed"
        raise ValueError(message)
    return msgspec.structs.replace(feed, revoked=True)


FEED: Aggregate[Feed] = Aggregate(
    name="calendar_feed",
    facts=FACTS,
    evolve=evolve,
    related=lambda feed: frozenset({feed.account}),
    # An address that was taken back may be in anybody's hands: it never comes to life again.
    kept=(FeedOpened, FeedRevoked),
)
