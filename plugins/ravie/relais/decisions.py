"""The rules of a relais. Where each comes from is in the README."""

from core.domain.decider import Context, Decided
from core.domain.event import Subject
from core.domain.refusal import Refused
from plugins.ravie.relais.commands import (
    AttachPartner,
    CloseRelais,
    DetachPartner,
    OpenRelais,
    ResumeRelais,
    SuspendRelais,
)
from plugins.ravie.relais.events import (
    PartnerAttached,
    PartnerLeft,
    RelaisClosed,
    RelaisOpened,
    RelaisResumed,
    RelaisSuspended,
)
from plugins.ravie.relais.state import Relais

CLOSED = Refused("relais_is_closed", "relais")
SUSPENDED = Refused("relais_is_suspended", "relais")


def open_relais(command: OpenRelais, _state: None, _context: Context) -> Decided:
    """A relais of the territory, as many as it has."""
    return [
        RelaisOpened(
            name=command.title,
            structure=None if command.structure is None else Subject(command.structure),
            place=None if command.place is None else Subject(command.place),
            commune=command.commune,
            address=command.address,
        )
    ]


def attach_partner(command: AttachPartner, relais: Relais, _context: Context) -> Decided:
    """A structure takes a part in it, once for each part."""
    if relais.status == "closed":
        return CLOSED
    if (command.structure, command.role) in relais.partners:
        return Refused("partner_already_attached", "structure")
    convention = None if command.convention is None else Subject(command.convention)
    structure = Subject(command.structure)
    return [PartnerAttached(structure=structure, role=command.role, convention=convention)]


def detach_partner(command: DetachPartner, relais: Relais, _context: Context) -> Decided:
    """The structure no longer has that part."""
    if relais.status == "closed":
        return CLOSED
    if (command.structure, command.role) not in relais.partners:
        return Refused("partner_not_attached", "structure")
    structure = Subject(command.structure)
    return [PartnerLeft(structure=structure, role=command.role, reason=command.reason)]


def suspend_relais(command: SuspendRelais, relais: Relais, _context: Context) -> Decided:
    """No further cycle for a time; those under way go on."""
    if relais.status != "open":
        return CLOSED if relais.status == "closed" else SUSPENDED
    return [RelaisSuspended(reason=command.reason)]


def resume_relais(_command: ResumeRelais, relais: Relais, _context: Context) -> Decided:
    """Cycles may be opened again."""
    if relais.status != "suspended":
        return CLOSED if relais.status == "closed" else Refused("relais_is_open", "relais")
    return [RelaisResumed()]


def close_relais(command: CloseRelais, relais: Relais, _context: Context) -> Decided:
    """Ends it, whatever its cycles are at: the dashboard flags those still open."""
    return CLOSED if relais.status == "closed" else [RelaisClosed(reason=command.reason)]
