"""The rules of the directory's facts."""

from core.directory.commands import CorrectIdentity, RegisterPerson
from core.domain.decider import Context, Decided
from core.registers.people.decisions import merged_elsewhere
from core.registers.people.events import IdentityCorrected, PersonRegistered
from core.registers.people.state import Person


def register_person(command: RegisterPerson, _state: None, _context: Context) -> Decided:
    """A person is registered once; that they have a key is checked where the fact is tagged."""
    return [PersonRegistered(person=command.person)]


def correct_identity(command: CorrectIdentity, person: Person, _context: Context) -> Decided:
    """That it was corrected, and in what; who was merged into another goes by the other's."""
    if refused := merged_elsewhere(person):
        return refused
    return [IdentityCorrected(person=command.person, fields=tuple(sorted(set(command.fields))))]
