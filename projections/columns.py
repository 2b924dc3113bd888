"""
What a row Struct is in PostgreSQL, column by column, and what may stand in each.

Every row is brought to one canonical form right after its fold: what a later fold meets is then the
same whether the row stayed in memory or was written and read again.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from functools import cache
from math import isfinite
from types import NoneType, UnionType
from typing import (
    Annotated,
    Any,
    ClassVar,
    Literal,
    LiteralString,
    NamedTuple,
    NewType,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)

import msgspec
from psycopg.types.json import Jsonb


class UnwritableRow(ValueError):
    """A fold gave a row that its table cannot hold. Names the column, never the value."""


class Column(NamedTuple):
    """
    One column. `canonical` gives a value in its one form or raises `UnwritableRow`; `load` turns
    what PostgreSQL gives (jsonb as text) into the field.
    """

    name: str
    type: LiteralString
    nullable: bool
    canonical: Callable[[Any], Any]
    load: Callable[[Any], Any] | None

    def dump(self, value: Any) -> Any:
        """The value as handed to the driver, by COPY and by INSERT alike."""
        if self.type == "jsonb" and value is not None:
            return Jsonb(value, dumps=msgspec.json.encode)
        return value


def columns_of(row: type[msgspec.Struct]) -> tuple[Column, ...]:
    """The columns of a row, in declared order; `TypeError` on a type that has no column."""
    return _columns(row)


@cache
def _columns(row: Any) -> tuple[Column, ...]:
    hints = get_type_hints(row, include_extras=True)
    return tuple(
        _column(name, hints[name])
        for name in row.__struct_fields__
        if get_origin(hints[name]) is not ClassVar
    )


def canonical(row: msgspec.Struct, before: msgspec.Struct | None = None) -> msgspec.Struct:
    """
    The row in its one form; raises `UnwritableRow`.

    `before` is the row it was folded from, already canonical: what it still holds is not looked at.
    """
    changed: dict[str, Any] = {}
    for column in columns_of(type(row)):
        given = getattr(row, column.name)
        if before is not None and given is getattr(before, column.name):
            continue
        if given is None:
            if not column.nullable:
                raise UnwritableRow(f"{column.name}: null")
            continue
        try:
            value = column.canonical(given)
        except UnwritableRow as error:
            raise UnwritableRow(column.name) from error
        if value is not given:
            changed[column.name] = value
    return msgspec.structs.replace(row, **changed) if changed else row


def _column(name: str, hint: Any) -> Column:
    kind, nullable = _bare(hint)
    simple = _SIMPLE.get(kind) if isinstance(kind, type) else None
    if simple is not None:
        return Column(name, simple.type, nullable, simple.canonical, None)
    document, load = _document(kind)
    return Column(name, "jsonb", nullable, document, load)


def _bare(hint: Any) -> tuple[Any, bool]:
    """A field's type without its annotations and new names, and whether it may be None."""
    if get_origin(hint) is Annotated:
        return _bare(get_args(hint)[0])
    if isinstance(hint, NewType):
        return _bare(hint.__supertype__)
    if get_origin(hint) is Literal:
        kinds = {type(value) for value in get_args(hint)}
        if len(kinds) == 1:
            return kinds.pop(), False
        raise TypeError(f"a column cannot hold {hint}")
    if get_origin(hint) in (Union, UnionType):
        others = [argument for argument in get_args(hint) if argument is not NoneType]
        if len(others) != 1:
            raise TypeError(f"a column cannot hold {hint}")
        return _bare(others[0])[0], True
    return hint, False


class _Simple(NamedTuple):
    type: LiteralString
    canonical: Callable[[Any], Any]


def _text(value: Any) -> str:
    # A subclass of str or an enum would come back as a plain str; NUL cannot be stored.
    if type(value) is not str or "\0" in value:
        raise UnwritableRow
    return value


def _bigint(value: Any) -> int:
    if type(value) is not int or not -(2**63) <= value < 2**63:
        raise UnwritableRow
    return value


def _boolean(value: Any) -> bool:
    if type(value) is not bool:
        raise UnwritableRow
    return value


def _double(value: Any) -> float:
    # NaN differs from itself, -0.0 from 0.0 when written out, infinity has no JSON: no figures.
    if type(value) not in (float, int) or not isfinite(value):
        raise UnwritableRow
    return float(value) + 0.0 if type(value) is int or value == 0 else value


def _day(value: Any) -> date:
    if type(value) is not date:
        raise UnwritableRow
    return value


def _instant(value: Any) -> datetime:
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise UnwritableRow
    # timestamptz forgets the zone: in memory it is forgotten too.
    return value if value.tzinfo is UTC else value.astimezone(UTC)


_SIMPLE: Mapping[type, _Simple] = {
    str: _Simple("text", _text),
    int: _Simple("bigint", _bigint),
    bool: _Simple("boolean", _boolean),
    float: _Simple("double precision", _double),
    date: _Simple("date", _day),
    datetime: _Simple("timestamptz", _instant),
}


def _document(kind: Any) -> tuple[Callable[[Any], Any], Callable[[Any], Any]]:
    """Tuples, Structs and mappings are documents; lists and sets have no place in a frozen row."""
    expected = get_origin(kind) or kind
    if not (isinstance(expected, type) and issubclass(expected, tuple | msgspec.Struct | dict)):
        raise TypeError(f"a column cannot hold {kind}")
    decoder = msgspec.json.Decoder(kind)

    def load(text: str | bytes) -> Any:
        value = decoder.decode(text)
        # jsonb keeps the keys of an object in an order of its own.
        return dict(sorted(value.items())) if isinstance(value, dict) else value

    def document(value: Any) -> Any:
        try:
            encoded = msgspec.json.encode(value)
            # An escape sequence of NUL; where a backslash is meant this refuses too much.
            if b"\\u0000" in encoded:
                raise UnwritableRow
            return load(encoded)
        except (TypeError, msgspec.MsgspecError) as error:
            raise UnwritableRow from error

    return document, load
