"""
The contract of a read model: a typed row, its key, and a pure fold.

The engine in `projections/` does all reading and writing; the same fold serves the follower, the
rebuild and the auditor's replay. Facts reach a fold as they stand: annulled ones never, corrected
ones with their correction, in the order of their positions.
"""

from collections.abc import Callable, Iterable
from typing import Any, Generic, TypeAlias, TypeVar

import msgspec

from core.domain.event import Fact, Recorded

Row = TypeVar("Row", bound=msgspec.Struct)

Key: TypeAlias = tuple[str, ...]
"""Values of a row's key fields. Each is the stream or one of the subjects of every fact that the
row folds: this is how the row is found again in the subject index."""


class Projection(msgspec.Struct, Generic[Row], frozen=True, kw_only=True):
    """
    One read model.

    `name` is `module.what_the_screen_is_called`; its table is `module_what_the_screen_is_called`.
    `row` is a frozen Struct of str, int, float, bool, date, datetime, `X | None`, tuples and
    Structs (the last two become jsonb). `keys` gives the rows a fact touches; `fold` the row after
    it, None when there is to be none. Raise `version` when rows change: the table is then rebuilt.
    `begin` gives the row a fold starts from, in place of None: a fact that touches several rows
    cannot tell by itself which of them begins. `structure` names the column that holds the
    structure, or the structures, a row belongs to: a list shows no other row to who may read those
    of a structure only.
    """

    name: str
    version: int
    row: type[Row]
    key: tuple[str, ...]
    facts: tuple[type[Fact], ...]
    keys: Callable[[Recorded[Any]], Iterable[Key]]
    fold: Callable[[Row | None, Recorded[Any]], Row | None]
    begin: Callable[[Key], Row] | None = None
    indexes: tuple[tuple[str, ...], ...] = ()
    structure: str | None = None

    def step(self, row: Row | None, key: Key, recorded: Recorded[Any]) -> Row | None:
        """The row of a key after one more fact that touches it."""
        given = self.begin(key) if row is None and self.begin is not None else row
        return self.fold(given, recorded)

    @property
    def table(self) -> str:
        return self.name.replace(".", "_")
