"""What every request body has."""

from typing import Annotated

import msgspec

from core.domain.command import Moment

Text = Annotated[str, msgspec.Meta(min_length=1, max_length=10_000)]
"""Free text, in plain words: it is sealed before anything else is done with it."""


class Body(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`occurred_at`: when what is told happened; now when it is left out."""

    occurred_at: Moment | None = None
