"""
PostgreSQL's binary arrays, packed by hand: the append sends hundreds of rows in one call.

Format of an array: number of dimensions, has-nulls flag, element type, then per dimension its
length and lower bound, then each element as length and bytes (length -1 for NULL). All integers
are big-endian. Source: `array_send` of PostgreSQL.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from struct import Struct
from typing import ClassVar

from psycopg.abc import AdaptContext
from psycopg.adapt import Dumper
from psycopg.pq import Format

_HEADER = Struct("!iiIii")
_EMPTY = Struct("!iiI")
_LENGTH = Struct("!i")
_INT = Struct("!ii")
_BIGINT = Struct("!iq")
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_NULL = _LENGTH.pack(-1)
_SIXTEEN = _LENGTH.pack(16)


class PackedArray(bytes):
    """An array already in the binary format; the subclass says of what."""

    __slots__ = ()
    array_oid: ClassVar[int]


class IntArray(PackedArray):
    array_oid = 1007


class TextArray(PackedArray):
    array_oid = 1009


class UuidArray(PackedArray):
    array_oid = 2951


class ByteaArray(PackedArray):
    array_oid = 1001


class MomentArray(PackedArray):
    array_oid = 1185


def ints(values: Sequence[int]) -> IntArray:
    return IntArray(_array(23, [_INT.pack(4, value) for value in values]))


def texts(values: Sequence[str]) -> TextArray:
    return TextArray(_array(25, [_sized(value.encode()) for value in values]))


def uuids(values: Sequence[str | None]) -> UuidArray:
    return UuidArray(
        _array(
            2950,
            [
                _NULL if value is None else _SIXTEEN + bytes.fromhex(value.replace("-", ""))
                for value in values
            ],
        )
    )


def byteas(values: Sequence[bytes]) -> ByteaArray:
    return ByteaArray(_array(17, [_sized(value) for value in values]))


def moments(values: Sequence[datetime]) -> MomentArray:
    return MomentArray(
        _array(1184, [_BIGINT.pack(8, (value - _EPOCH) // _MICROSECOND) for value in values])
    )


def _sized(value: bytes) -> bytes:
    return _LENGTH.pack(len(value)) + value


def _array(element_oid: int, items: list[bytes]) -> bytes:
    if not items:
        return _EMPTY.pack(0, 0, element_oid)
    # The has-nulls flag is only a hint for the server: it looks at each length.
    return _HEADER.pack(1, 1, element_oid, len(items), 1) + b"".join(items)


class _PackedDumper(Dumper):
    format = Format.BINARY

    def dump(self, obj: PackedArray) -> bytes:
        return obj


_DUMPERS = {
    kind: type(f"{kind.__name__}Dumper", (_PackedDumper,), {"oid": kind.array_oid})
    for kind in (IntArray, TextArray, UuidArray, ByteaArray, MomentArray)
}


def register(context: AdaptContext) -> None:
    """Teaches a connection to send packed arrays as they are."""
    for kind, dumper in _DUMPERS.items():
        context.adapters.register_dumper(kind, dumper)
