"""What may be asked of the directory's facts."""

from typing import Annotated, ClassVar

import msgspec

from core.domain.command import Command, PersonRef
from core.registers.people.vocabulary import IdentityField


class RegisterPerson(Command, frozen=True, kw_only=True):
    """Record that a person is known; the edge has put their identity in the directory before."""

    name: ClassVar[str] = "directory.register_person"

    person: PersonRef


class CorrectIdentity(Command, frozen=True, kw_only=True):
    """Record that an identity was corrected; the edge has put the new one in the directory."""

    name: ClassVar[str] = "directory.correct_identity"

    person: PersonRef
    fields: Annotated[tuple[IdentityField, ...], msgspec.Meta(min_length=1)]
