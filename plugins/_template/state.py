"""Where a notebook stands, folded from its facts."""

from typing import Any

import msgspec

from core.domain.decider import Aggregate
from core.domain.event import Recorded
from plugins._template.events import FACTS, NotebookOpened


class Notebook(msgspec.Struct, frozen=True, kw_only=True):
    opened_by: str
    topics: tuple[str, ...]
    notes: int = 0


def evolve(state: Notebook | None, recorded: Recorded[Any]) -> Notebook:
    if isinstance(recorded.fact, NotebookOpened):
        return Notebook(opened_by=recorded.actor, topics=recorded.fact.topics)
    if state is None:
        raise ValueError(recorded.fact.stored_name)
    return msgspec.structs.replace(state, notes=state.notes + 1)


NOTEBOOK: Aggregate[Notebook] = Aggregate(
    name="carnet.notebook",
    facts=FACTS,
    evolve=evolve,
    related=lambda notebook: frozenset({notebook.opened_by}),
)
