"""The addresses that accounts gave to calendars, so that they find and revoke theirs."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import msgspec

from core.calendar_feed.events import FACTS, FeedOpened
from core.domain.days import day_of
from core.domain.event import Recorded
from core.projection import Key, Projection


class FeedRow(msgspec.Struct, frozen=True, kw_only=True):
    """One address; its token is nowhere."""

    feed: str
    account: str
    opened_on: date
    expires_on: date
    revoked_on: date | None = None
    whole: tuple[str, ...]
    own: tuple[str, ...]


def _keys(recorded: Recorded[Any]) -> Iterator[Key]:
    yield (recorded.stream,)


def _fold(row: FeedRow | None, recorded: Recorded[Any]) -> FeedRow | None:
    fact, day = recorded.fact, day_of(recorded.occurred_at)
    if isinstance(fact, FeedOpened):
        return FeedRow(
            feed=recorded.stream,
            account=recorded.actor,
            opened_on=day,
            expires_on=fact.expires_on,
            whole=fact.whole,
            own=fact.own,
        )
    return None if row is None else msgspec.structs.replace(row, revoked_on=day)


FEEDS: Projection[FeedRow] = Projection(
    name="calendar_feed.register",
    version=1,
    row=FeedRow,
    key=("feed",),
    facts=FACTS,
    keys=_keys,
    fold=_fold,
    indexes=(("account",),),
)
