"""The closed lists that every module means the same way; the others are codes of the module."""

from typing import Literal

Modality = Literal["in_person", "remote", "mixed"]
Presence = Literal["present", "absent", "excused"]
Status = Literal["planned", "held", "cancelled"]
