"""
Pages of a list, each found from where the one before ended.

The cursor is opaque and holds the last line's place in the order: what is added or removed in
between neither repeats a line nor skips one.
"""

import base64
from collections.abc import Sequence
from typing import Annotated, Any, Generic, TypeVar

import msgspec
from litestar.params import QueryParameter

from core.http.problem import FieldError, Malformed

T = TypeVar("T")

PAGE_LIMIT = 500

PageAfter = Annotated[str | None, QueryParameter(description="`next` de la page précédente.")]
PageLimit = Annotated[
    int, QueryParameter(ge=1, le=PAGE_LIMIT, description="Nombre de lignes de la page.")
]
AtLeast = Annotated[
    int | None,
    QueryParameter(
        ge=0,
        le=2**53,
        description="Position que la lecture doit avoir rejointe (`Jalon-Position`).",
    ),
]


class Page(msgspec.Struct, Generic[T], frozen=True):
    """Des lignes dans l'ordre ; `next` est le `after` de la page suivante, nul à la dernière."""

    items: list[T]
    next: str | None


def cursor_of(place: Sequence[Any]) -> str:
    """The cursor of a place in an order."""
    return base64.urlsafe_b64encode(msgspec.json.encode(list(place))).rstrip(b"=").decode()


def place_of(cursor: str, types: Sequence[Any]) -> list[Any]:
    """The place a cursor holds, as values of these types; raises `Malformed`."""
    try:
        content = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        values = msgspec.json.decode(content, type=list[Any])
        if b"\\u0000" in content:
            raise ValueError
        return [msgspec.convert(value, kind) for value, kind in zip(values, types, strict=True)]
    except (ValueError, msgspec.DecodeError):
        error = FieldError("cursor", "Ce curseur ne vient pas de cette liste.", "after")
        raise Malformed([error]) from None
