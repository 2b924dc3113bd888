"""What may be asked of the directory's facts."""

from typing import ClassVar

from core.domain.command import Command, PersonRef


class RegisterPerson(Command, frozen=True, kw_only=True):
    """Record that a person is known; the edge has put their identity in the directory before."""

    name: ClassVar[str] = "directory.register_person"

    person: PersonRef
