"""The rules of a calendar's address."""

from datetime import date
from typing import Any

import pytest

from core.calendar_feed.commands import OpenFeed, RevokeFeed
from core.calendar_feed.events import FeedOpened, FeedRevoked
from core.calendar_feed.state import FEED
from core.domain.correction import AnnulFact
from core.domain.event import Subject
from core.testing.scenario import Scenario, an_id
from projections.deadlines.module import MODULE

FEED_ID = Subject(an_id(1))
REVOKE = RevokeFeed(feed=FEED_ID)


def open_feed(**changes: Any) -> OpenFeed:
    fields: dict[str, Any] = {"own": ("ravie.wave_due",), "expires_on": date(2026, 12, 31)}
    return OpenFeed(feed=FEED_ID, **{**fields, **changes})


def test_an_address_is_the_accounts_own_and_shows_what_it_was_opened_for() -> None:
    told = Scenario(MODULE).when(open_feed())
    told.then(FeedOpened(own=("ravie.wave_due",), expires_on=date(2026, 12, 31)))
    feed = told.state(FEED, FEED_ID)
    assert FEED.related(feed) == {"animatrice"}
    assert feed.shows_on(date(2026, 12, 31))
    assert not feed.shows_on(date(2027, 1, 1))


def test_an_address_that_would_show_nothing_is_not_opened() -> None:
    Scenario(MODULE).when(open_feed(own=())).then_refused("feed_would_show_nothing")


@pytest.mark.parametrize("day", [date(2026, 1, 15), date(2027, 2, 20)])
def test_an_address_ends_by_itself_within_the_year(day: date) -> None:
    Scenario(MODULE).when(open_feed(expires_on=day)).then_refused("feed_lasts_too_long")


def test_a_revoked_address_shows_nothing_more() -> None:
    told = Scenario(MODULE).when(open_feed()).when(REVOKE).then(FeedRevoked())
    assert not told.state(FEED, FEED_ID).shows_on(date(2026, 2, 1))
    told.when(REVOKE).then_refused("feed_is_revoked")


def test_a_revoked_address_never_comes_to_life_again() -> None:
    told = Scenario(MODULE).when(open_feed()).when(REVOKE)
    fact = Subject(told.history[-1].id)
    told.when(AnnulFact(stream=FEED_ID, fact=fact, reason="erreur"))
    told.then_refused("fact_cannot_be_corrected")
