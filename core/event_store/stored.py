"""What goes into the store and what comes out of it, before anything is decoded."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, NamedTuple

import msgspec


class NewFact(msgspec.Struct, frozen=True, kw_only=True):
    """One fact to append, encoded. `tags`: keyed hashes for the ledger's leaf."""

    id: str
    stream: str
    version: int
    name: str
    occurred_at: datetime
    person: str | None
    tags: bytes
    body: bytes


class Append(msgspec.Struct, frozen=True, kw_only=True):
    """
    The facts of one command: all are written, or none.

    `expected` gives, for every stream the decision rests on, written or not, the version it was
    read at (0: there was none). `now` is the caller's clock; the store never goes back on it.
    """

    command: str
    fingerprint: bytes
    now: datetime
    actor: str
    correlation: str
    causation: str | None
    expected: Mapping[str, int]
    facts: Sequence[NewFact]


class Appended(msgspec.Struct, frozen=True, kw_only=True):
    """What became of an append. `first` and `last` are positions, 0 on a conflict."""

    status: Literal["recorded", "repeated", "reused", "conflict"]
    first: int = 0
    last: int = 0
    recorded_at: datetime | None = None


class StoredFact(NamedTuple):
    """One line of the store, in the order of `COLUMNS`."""

    position: int
    id: str
    stream: str
    version: int
    name: str
    occurred_at: datetime
    recorded_at: datetime
    actor: str
    person: str | None
    command: str
    correlation: str
    causation: str | None
    body: bytes


COLUMNS = """position, id::text, stream::text, version, name, occurred_at, recorded_at, actor,
 person::text, command::text, correlation::text, causation::text, body"""


class StoreError(Exception):
    """The store could not do what was asked; nothing was written unless said."""


class StoreBusy(StoreError):
    """More is waiting than may wait: try again later."""


class StoreUnavailable(StoreError):
    """The database does not answer. Sending the same command again is safe."""


class AppendRefused(StoreError):
    """The database itself refused this append: a fact id or a version that exists, a role."""

    def __init__(self, sqlstate: str | None, detail: Any) -> None:
        super().__init__(f"{sqlstate}: {detail}")
        self.sqlstate = sqlstate
