"""The closed lists that every evaluation means the same way."""

from typing import Annotated, Literal, TypeAlias

import msgspec

from core.domain.command import Code

SubjectKind: TypeAlias = Literal["person", "session", "series", "place", "service", "tenant"]
"""What an evaluation is about; a person is named by `person`, anything else by `subject`."""

Points: TypeAlias = Annotated[int, msgspec.Meta(ge=-1_000, le=1_000)]

Answers: TypeAlias = dict[Code, Points | Code]
"""By item: a point of the scale, or the code of a choice."""
