"""The rules of the directory's facts."""

from core.directory.commands import RegisterPerson
from core.domain.decider import Context, Decided
from core.registers.people.events import PersonRegistered


def register_person(command: RegisterPerson, _state: None, _context: Context) -> Decided:
    """A person is registered once; that they have a key is checked where the fact is tagged."""
    return [PersonRegistered(person=command.person)]
