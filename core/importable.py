"""
The contract of an import: which columns a file has, and how one of its lines becomes commands.

A module declares its imports in its manifest. Reading the file, deciding, all or nothing, and
telling what is wrong are the business of `core.importing`: a module says what a line means.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import date
from typing import Any, Literal, Protocol, TypeVar

import msgspec

from core.domain.command import Command
from core.domain.decider import Aggregate
from core.domain.event import Fact, PersonId, Recorded, Subject
from core.domain.sealed import Sealed

S = TypeVar("S")

Kind = Literal["text", "code", "day", "hour", "number", "choice"]
"""What a cell holds: str, a code made of it, `date`, `time`, int, or one of the choices' codes."""


class Column(msgspec.Struct, frozen=True, kw_only=True):
    """
    One column; its name is what stands in the first line of the file.

    What is `personal` is never shown again, not even in the error it makes. `choices` gives the
    code of each word that may be written.
    """

    name: str
    sentence: str
    kind: Kind = "text"
    required: bool = False
    personal: bool = False
    choices: Mapping[str, str] = {}
    least: int = 0
    most: int = 100_000
    """Of a number."""
    letters: int = 10_000
    """Of a text, at most."""


class BadCell(Exception):
    """A line that cannot be taken as it is: in which column, by which rule, and what to do."""

    def __init__(self, column: str, rule: str, message: str) -> None:
        super().__init__(rule)
        self.column = column
        self.rule = rule
        self.message = message


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One line: its number in the file, and its cells, typed; None for an empty one."""

    number: int
    cells: Mapping[str, Any]

    def __getitem__(self, column: str) -> Any:
        return self.cells.get(column)

    def need(self, column: str, because: str) -> Any:
        """The cell; raises `BadCell` when it is empty, and says why it is needed."""
        if (value := self.cells.get(column)) is None:
            raise BadCell(column, "required", f"À remplir : {because}.")
        return value


class Desk(Protocol):
    """
    What a line is taken with. Every command goes through the rules, as anywhere else.

    Raises `Refusal`, which is told with the line. Nothing is written before the whole file was
    taken, and what a line wrote is seen by the next ones.
    """

    today: date

    async def id_of(self, kind: str, external_id: str) -> Subject:
        """The id of what another software knows under an id of its own: always the same."""

    async def person(self, external_id: str | None, identity: Mapping[str, Any] | None) -> PersonId:
        """
        Someone, registered when they are not yet, corrected when their identity has changed.

        Without an external id, who has the same identity is the same person. Raises `LookupError`
        when they are unknown and no identity is given.
        """

    async def state(self, aggregate: Aggregate[S], stream: str) -> S | None:
        """What a stream has come to; None when it does not exist."""

    async def standing(self, stream: str) -> Sequence[Recorded[Any]]:
        """The facts of a stream that stand."""

    async def seal(self, key_subject: str, field: str, text: str) -> Sealed:
        """A free text, sealed for a field under the key of a person or a stream."""

    async def do(self, command: Command) -> None:
        """Decides and records a command."""

    async def correct(self, recorded: Recorded[Any], replacement: Fact) -> bool:
        """Corrects a fact that a later line tells otherwise; False when it tells the same."""


class Import(msgspec.Struct, frozen=True, kw_only=True):
    """
    One import of a module. `fields` gives the column of a command's field when their names differ,
    so that a refusal is told where it belongs.
    """

    title: str
    columns: tuple[Column, ...]
    take: Callable[[Desk, Line], Awaitable[None]]
    example: tuple[Mapping[str, str], ...]
    """Lines of a file that could be imported: the cells that are filled, by column."""
    fields: Mapping[str, str] = {}
