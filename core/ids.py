"""New ids, given to what needs them: decisions never make their own."""

import re
from collections.abc import Callable
from typing import TypeAlias
from uuid import UUID

import uuid_utils

NewId: TypeAlias = Callable[[], str]

ID_PATTERN = "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"


def is_id(text: str) -> bool:
    """Whether a text is written as our ids are; the database refuses others with an error."""
    return re.fullmatch(ID_PATTERN, text) is not None


def uuid7() -> str:
    """A UUID of version 7, as text: ordered by time of making, which indexes like."""
    return str(uuid_utils.uuid7())


def uuid8(digest: bytes) -> str:
    """
    The UUID of version 8 (RFC 9562) made of the first 16 bytes of a hash: the same for the same.

    Not `uuid.UUID(version=8)`: before Python 3.14 it refuses every version past 5.
    """
    number = int.from_bytes(digest[:16], "big")
    return str(UUID(int=number & ~(0xF << 76 | 0x3 << 62) | 0x8 << 76 | 0x2 << 62))
