"""
The opaque tokens that stand in facts for what identifies or describes a person.

Commands, decisions, folds and indicators copy a token and never open it; `core.keys` makes and
opens them, at the edge only.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any, NewType, get_args, get_type_hints

import msgspec

Sealed = NewType("Sealed", str)
"""`jalon1.<key subject>.<token id>.<base64url>`: whose key it is under, which token, and the
encrypted text with its key commitment. See `core.keys.sealing`."""

PREFIX = "jalon1"


def key_subject(token: Sealed) -> str:
    """The id of the person, or of the stream, whose key seals the token."""
    return token.split(".", 3)[1]


@cache
def sealed_fields(struct: type[msgspec.Struct]) -> tuple[str, ...]:
    """Names of the fields of a fact or a command that hold tokens."""
    return tuple(name for name, hint in get_type_hints(struct).items() if _holds_sealed(hint))


def _holds_sealed(hint: Any) -> bool:
    return hint is Sealed or any(_holds_sealed(argument) for argument in get_args(hint))


def tokens_of(struct: msgspec.Struct) -> Iterator[Sealed]:
    """Every token a fact or a command carries."""
    for name in sealed_fields(type(struct)):
        value = getattr(struct, name)
        if isinstance(value, str):
            yield Sealed(value)
        elif value is not None:
            yield from value
