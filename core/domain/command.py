"""What a command is: a request, in the imperative, that a decision accepts or refuses."""

from datetime import datetime
from typing import Annotated, ClassVar

import msgspec

from core.domain.event import PersonId, Subject
from core.domain.sealed import Sealed

_UUID = "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"

SubjectId = Annotated[Subject, msgspec.Meta(pattern=_UUID, description="Identifiant (UUID).")]
PersonRef = Annotated[PersonId, msgspec.Meta(pattern=_UUID, description="Personne (UUID).")]
Token = Annotated[Sealed, msgspec.Meta(max_length=20_000, pattern=r"^jalon1\.")]
Code = Annotated[str, msgspec.Meta(pattern="^[a-z0-9][a-z0-9_.:-]{0,63}$")]
Moment = Annotated[datetime, msgspec.Meta(tz=True, description="Date et heure, avec fuseau.")]


class Command(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    Base of every command; `name` is stable, like `ravie.open_cycle`.

    `occurred_at` is when what is told happened; None means now.
    """

    name: ClassVar[str]

    occurred_at: Moment | None = None
