"""
State from facts, and facts from commands: the two pure halves of every rule.

`evolve` folds a stream into a state. A decision takes a command, the state of its stream and a
context, and gives facts or a refusal. Neither reads a clock, a database or a random number: the
context carries what they need.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Generic, TypeAlias, TypeVar, cast

import msgspec

from core.domain.command import Command
from core.domain.event import Fact, Recorded
from core.domain.refusal import Refused

S = TypeVar("S")
C = TypeVar("C", bound=Command)


class Aggregate(msgspec.Struct, Generic[S], frozen=True, kw_only=True):
    """A kind of stream: which facts it holds and the state they add up to."""

    name: str
    facts: tuple[type[Fact], ...]
    evolve: Callable[[S | None, Recorded[Any]], S]
    related: Callable[[S], frozenset[str]] = lambda _state: frozenset()
    """Actors and professionals for whom this stream opens what is granted `@related` only."""
    structures: Callable[[S], frozenset[str]] = lambda _state: frozenset()
    """Structures it belongs to: those who stand for one have here what they hold `@structure`."""
    within: Callable[[S], str | None] = lambda _state: None
    """The stream this one is a part of: it belongs to the structures of that one too."""
    kept: tuple[type[Fact], ...] = ()
    """Facts that tie this stream to others: a correction sees one stream only, so these are neither
    corrected nor annulled."""


class Reads(msgspec.Struct, frozen=True):
    """Further streams a decision rests on; their versions are checked at append."""

    aggregate: Aggregate[Any]
    streams: tuple[str, ...]


class Choices(msgspec.Struct, frozen=True, kw_only=True):
    """
    What the installation lets a tenant choose.

    `modules` are those it may enable; `settings` gives by code the type of each setting, which
    msgspec validates.
    """

    modules: frozenset[str] = frozenset()
    settings: Mapping[str, Any] = {}


class Context(msgspec.Struct, frozen=True, kw_only=True):
    """What a decision may know besides its command and its state."""

    tenant: str
    actor: str
    now: datetime
    new_id: Callable[[], str]
    settings: Mapping[str, Any] = {}
    choices: Choices = Choices()
    others: Mapping[str, Mapping[str, Any]] = {}
    """States of the further streams, by aggregate name and stream id; absent ones are left out."""

    def read(self, aggregate: Aggregate[S]) -> Mapping[str, S]:
        """States of the further streams of one kind that exist, by stream id."""
        return cast("Mapping[str, S]", self.others.get(aggregate.name, {}))


class At(msgspec.Struct, frozen=True, kw_only=True):
    """A fact with its place when it is not the default: another stream, another date."""

    fact: Fact
    stream: str | None = None
    occurred_at: datetime | None = None


Decided: TypeAlias = Sequence[Fact | At] | Refused


def nothing_more(_command: Any, _state: Any) -> Iterable[Reads]:
    """The default of `Decision.also`: the decision rests on its own stream alone."""
    return ()


def for_nobody_else(_command: Any, _state: Any) -> frozenset[str]:
    """The default of `Decision.acts_for`: on behalf of those its stream belongs to."""
    return frozenset()


class Decision(msgspec.Struct, Generic[C, S], frozen=True, kw_only=True):
    """
    One rule, wired: which command, which stream, which function, under which permission.

    `stream` names the command's field that holds the stream id. `opens` says whether the stream
    must be new (True), must exist (False), or may be either (None: what a tenant has one of, begun
    by whatever is first said of it); a stream that should exist and does not is refused as
    `not_found`. `also` names further streams from the command and the state, in steps: it is
    asked again, with what was read, until it names nothing new. `acts_for` gives the structures on
    whose behalf the command acts: who holds the permission `@structure` must stand for them all.
    """

    command: type[C]
    aggregate: Aggregate[S]
    stream: str
    decide: Callable[[C, Any, Context], Decided]
    permission: str
    opens: bool | None = False
    also: Callable[[C, Any], Iterable[Reads]] = nothing_more
    acts_for: Callable[[C, Any], frozenset[str]] = for_nobody_else


def fold(aggregate: Aggregate[S], history: Iterable[Recorded[Any]]) -> S | None:
    """The state after a history that is already effective (see `core.domain.correction`)."""
    state: S | None = None
    for recorded in history:
        state = aggregate.evolve(state, recorded)
    return state
