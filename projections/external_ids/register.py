"""Under which ids others know what we know."""

from collections.abc import Iterator
from typing import Any

import msgspec

from core.domain.event import Recorded
from core.domain.sealed import Sealed
from core.external_ids.events import ExternalIdLinked
from core.projection import Key, Projection


class LinkRow(msgspec.Struct, frozen=True, kw_only=True):
    """One external id; `thing` is the id here, of a person too."""

    link: str
    thing: str
    kind: str
    source: str
    external_id: Sealed


def _keys(recorded: Recorded[Any]) -> Iterator[Key]:
    yield (recorded.stream,)


def _fold(row: LinkRow | None, recorded: Recorded[Any]) -> LinkRow | None:
    fact = recorded.fact
    if not isinstance(fact, ExternalIdLinked):
        return row
    return LinkRow(
        link=recorded.stream,
        thing=str(fact.person or fact.thing),
        kind=fact.kind,
        source=fact.source,
        external_id=fact.external_id,
    )


EXTERNAL_IDS: Projection[LinkRow] = Projection(
    name="external_ids.register",
    version=1,
    row=LinkRow,
    key=("link",),
    facts=(ExternalIdLinked,),
    keys=_keys,
    fold=_fold,
    indexes=(("thing",),),
)
