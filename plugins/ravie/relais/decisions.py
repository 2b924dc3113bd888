"""The rules of a relais. Where each comes from is in the README."""

from collections.abc import Iterator
from datetime import datetime

from core.domain.days import day_of
from core.domain.decider import Context, Decided, Reads
from core.domain.event import Subject
from core.domain.refusal import Refused
from core.registers.structures.state import STRUCTURE
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


def reads_the_structure(
    command: OpenRelais | AttachPartner, _state: Relais | None
) -> Iterator[Reads]:
    """Who runs the relais, or takes a part in it: one that is registered."""
    if command.structure is not None:
        yield Reads(STRUCTURE, (command.structure,))


def open_relais(command: OpenRelais, _state: None, context: Context) -> Decided:
    """A relais of the territory, as many as it has."""
    if command.structure is not None and (refused := _unfit(command.structure, command, context)):
        return refused
    return [
        RelaisOpened(
            name=command.title,
            structure=None if command.structure is None else Subject(command.structure),
            place=None if command.place is None else Subject(command.place),
            commune=command.commune,
            address=command.address,
        )
    ]


def attach_partner(command: AttachPartner, relais: Relais, context: Context) -> Decided:
    """A structure takes a part in it, once for each part."""
    if relais.status == "closed":
        return CLOSED
    if refused := _unfit(command.structure, command, context):
        return refused
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


def _unfit(structure: str, command: OpenRelais | AttachPartner, context: Context) -> Refused | None:
    """Why a structure takes no part: not in the register, or closed before that day."""
    found = context.read(STRUCTURE).get(structure)
    if found is None:
        return Refused("structure_not_found", "structure")
    moment: datetime = command.occurred_at or context.now
    return (
        Refused("structure_is_closed", "structure") if found.closed_before(day_of(moment)) else None
    )
