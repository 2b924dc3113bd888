"""What every request body of the registers has."""

import msgspec

from core.domain.command import Moment


class Body(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`occurred_at`: when what is told happened; now when it is left out."""

    occurred_at: Moment | None = None
