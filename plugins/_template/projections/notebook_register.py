"""The register of notebooks: one line a notebook."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import msgspec

from core.domain.event import Recorded
from core.projection import Key, Projection
from plugins._template.events import FACTS, NotebookOpened


class NotebookRegister(msgspec.Struct, frozen=True, kw_only=True):
    """One notebook; `last_written_at` is when its latest note says it was written."""

    notebook: str
    opened_at: datetime
    topics: tuple[str, ...]
    notes: int = 0
    last_written_at: datetime | None = None


def _keys(recorded: Recorded[Any]) -> Iterator[Key]:
    yield (recorded.stream,)


def _fold(row: NotebookRegister | None, recorded: Recorded[Any]) -> NotebookRegister | None:
    if isinstance(recorded.fact, NotebookOpened):
        return NotebookRegister(
            notebook=recorded.stream, opened_at=recorded.occurred_at, topics=recorded.fact.topics
        )
    if row is None:
        return None
    # Notes may be told late: the latest is not always the last one recorded.
    last = max(row.last_written_at or recorded.occurred_at, recorded.occurred_at)
    return msgspec.structs.replace(row, notes=row.notes + 1, last_written_at=last)


NOTEBOOK_REGISTER: Projection[NotebookRegister] = Projection(
    name="carnet.notebook_register",
    version=1,
    row=NotebookRegister,
    key=("notebook",),
    facts=FACTS,
    keys=_keys,
    fold=_fold,
    indexes=(("opened_at",),),
)
