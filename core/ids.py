"""New ids, given to what needs them: decisions never make their own."""

from collections.abc import Callable
from typing import TypeAlias

import uuid_utils

NewId: TypeAlias = Callable[[], str]


def uuid7() -> str:
    """A UUID of version 7, as text: ordered by time of making, which indexes like."""
    return str(uuid_utils.uuid7())
