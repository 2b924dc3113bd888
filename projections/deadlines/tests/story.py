"""A story of all that befalls a calendar's address; the contract of modules reads it."""

from datetime import date

from core.calendar_feed.commands import OpenFeed, RevokeFeed
from core.domain.event import Subject
from core.testing.scenario import Scenario, an_id
from projections.deadlines.module import MODULE

FEED_ID = Subject(an_id(1))


def story() -> Scenario:
    """An account gives its calendar an address, and takes it back."""
    opened = OpenFeed(
        feed=FEED_ID,
        whole=("ravie.session_to_hold",),
        own=("ravie.wave_due",),
        professionals=(Subject(an_id(2)),),
        structures=(Subject(an_id(3)),),
        expires_on=date(2026, 12, 31),
    )
    return Scenario(MODULE).when(opened).when(RevokeFeed(feed=FEED_ID))
