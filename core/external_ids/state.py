"""What a link adds up to: that it is there."""

from typing import Any

import msgspec

from core.domain.decider import Aggregate
from core.domain.event import Recorded
from core.external_ids.events import FACTS


class Link(msgspec.Struct, frozen=True):
    """Whom or what it leads to."""

    to: str


def evolve(_link: Link | None, recorded: Recorded[Any]) -> Link:
    return Link(recorded.fact.person or recorded.fact.thing)


LINK: Aggregate[Link] = Aggregate(name="external_ids.link", facts=FACTS, evolve=evolve, kept=FACTS)
"""Never corrected: its stream is named after what it says."""
