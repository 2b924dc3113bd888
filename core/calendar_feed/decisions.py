"""The rules of a calendar's address."""

from datetime import timedelta

from core.calendar_feed.commands import OpenFeed, RevokeFeed
from core.calendar_feed.events import FeedOpened, FeedRevoked
from core.calendar_feed.state import Feed
from core.domain.days import day_of
from core.domain.decider import Context, Decided
from core.domain.refusal import Refused

LONGEST = timedelta(days=400)
"""A year and a bit: what nobody renews stops by itself."""


def open_feed(command: OpenFeed, _state: None, context: Context) -> Decided:
    """Opens an address for what the account may see; it ends by itself."""
    if not command.whole and not command.own:
        return Refused("feed_would_show_nothing", "kinds")
    today = day_of(context.now)
    if not today < command.expires_on <= today + LONGEST:
        return Refused("feed_lasts_too_long", "expires_on", {"days": LONGEST.days})
    return [
        FeedOpened(
            whole=command.whole,
            own=command.own,
            professionals=command.professionals,
            structures=command.structures,
            expires_on=command.expires_on,
        )
    ]


def revoke_feed(_command: RevokeFeed, feed: Feed, _context: Context) -> Decided:
    """Takes the address back."""
    return Refused("feed_is_revoked", "feed") if feed.revoked else [FeedRevoked()]
