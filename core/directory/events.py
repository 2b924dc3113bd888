"""What is recorded of a person as such: that they are known. Who they are is in the directory."""

from typing import ClassVar

from core.domain.event import Fact, PersonId


class PersonRegistered(Fact, frozen=True, kw_only=True):
    """A person became known to the tenant; the stream is the person's own."""

    stored_name: ClassVar[str] = "directory.person_registered.v1"

    person: PersonId
