"""On which accompaniments a rule applies: decorators of the decisions."""

from collections.abc import Callable
from functools import wraps
from typing import TypeAlias, TypeVar

from core.accompaniment.state import Accompaniment
from core.domain.command import Command
from core.domain.decider import Context, Decided
from core.domain.refusal import Refused

C = TypeVar("C", bound=Command)

Rule: TypeAlias = Callable[[C, Accompaniment, Context], Decided]


def scheme_of(command: Command) -> str:
    """The scheme a command speaks for: its module, first part of its stable name."""
    return command.name.partition(".")[0]


def at_any_time(rule: Rule[C]) -> Rule[C]:
    """Even after the closure; accompaniments of another scheme do not exist for the command."""

    @wraps(rule)
    def decide(command: C, state: Accompaniment, context: Context) -> Decided:
        if state.scheme != scheme_of(command):
            return Refused("not_found", "accompaniment")
        return rule(command, state, context)

    return decide


def until_closed(rule: Rule[C]) -> Rule[C]:
    """As long as the accompaniment is not closed, suspended or not."""

    @wraps(rule)
    def decide(command: C, state: Accompaniment, context: Context) -> Decided:
        if state.closed_at is not None:
            return Refused("accompaniment_is_closed", "accompaniment")
        return rule(command, state, context)

    return at_any_time(decide)


def while_active(rule: Rule[C]) -> Rule[C]:
    """Neither closed nor suspended: nothing is planned during a suspension."""

    @wraps(rule)
    def decide(command: C, state: Accompaniment, context: Context) -> Decided:
        if state.suspended:
            return Refused("accompaniment_is_suspended", "accompaniment")
        return rule(command, state, context)

    return until_closed(decide)
