"""The closed lists of a departure to training."""

from typing import Literal, TypeAlias

AbandonReason: TypeAlias = Literal[
    "new_job",
    "work_hours",
    "moved_away",
    "no_longer_wishes",
    "not_funded",
    "training_cancelled",
    "personal",
    "other",
]
"""Closed, and silent about health: that goes in the sealed note, never in a code."""

DepartureState: TypeAlias = Literal["advised", "enrolled", "started", "completed", "abandoned"]
