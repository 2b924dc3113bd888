"""
What really happened and was not as planned: recorded like the rest, and flagged.

The flags are computed from the facts that stand, never stored, so that a correction lifts them.
"""

from collections.abc import Iterator
from datetime import datetime


def deviations(
    *,
    planned: tuple[datetime, datetime],
    real: tuple[datetime, datetime] | None,
    capacity: int | None,
    came: int,
) -> Iterator[str]:
    """Codes of what a session breaks; `came` counts all who were there, named or not."""
    if real is not None and real[1] - real[0] > planned[1] - planned[0]:
        yield "longer_than_planned"
    if capacity is not None and came > capacity:
        yield "over_capacity"
