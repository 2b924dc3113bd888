"""The rules of the register of structures."""

from core.domain.decider import Context, Decided
from core.domain.refusal import Refused
from core.registers.structures.commands import (
    ChangeIdentifiers,
    ChangeKinds,
    CloseStructure,
    LeaveDataRole,
    RegisterStructure,
    RenameStructure,
    TakeDataRole,
)
from core.registers.structures.events import (
    DataRoleLeft,
    DataRoleTaken,
    StructureClosed,
    StructureIdentifiersChanged,
    StructureKindsChanged,
    StructureRegistered,
    StructureRenamed,
)
from core.registers.structures.identifiers import siren_is_valid, siret_is_valid
from core.registers.structures.state import Structure


def register_structure(
    command: RegisterStructure, _state: Structure | None, _context: Context
) -> Decided:
    """Register, when its numbers have their keys; a FINESS is taken as it is given."""
    refused = _wrong(command.siren, command.siret)
    if refused is not None:
        return refused
    return [
        StructureRegistered(
            kinds=_each_once(command.kinds),
            name=command.called,
            siren=_siren(command.siren, command.siret),
            siret=command.siret,
            finess=command.finess,
        )
    ]


def rename_structure(command: RenameStructure, state: Structure, _context: Context) -> Decided:
    """The old name stays in the history."""
    if state.closed_on is not None:
        return Refused("structure_is_closed")
    return [] if command.called == state.name else [StructureRenamed(name=command.called)]


def change_kinds(command: ChangeKinds, state: Structure, _context: Context) -> Decided:
    """What a structure is may change; what it was stays in the history."""
    if state.closed_on is not None:
        return Refused("structure_is_closed")
    kinds = _each_once(command.kinds)
    return [] if kinds == state.kinds else [StructureKindsChanged(kinds=kinds)]


def change_identifiers(command: ChangeIdentifiers, state: Structure, _context: Context) -> Decided:
    """All its numbers at once, checked as at registration."""
    if state.closed_on is not None:
        return Refused("structure_is_closed")
    refused = _wrong(command.siren, command.siret)
    if refused is not None:
        return refused
    siren = _siren(command.siren, command.siret)
    if (siren, command.siret, command.finess) == (state.siren, state.siret, state.finess):
        return []
    return [StructureIdentifiersChanged(siren=siren, siret=command.siret, finess=command.finess)]


def take_data_role(command: TakeDataRole, state: Structure, _context: Context) -> Decided:
    """Its part in a purpose, from now on; one part a purpose."""
    if state.closed_on is not None:
        return Refused("structure_is_closed")
    if state.data_roles.get(command.purpose) == command.role:
        return []
    return [DataRoleTaken(purpose=command.purpose, role=command.role)]


def leave_data_role(command: LeaveDataRole, state: Structure, _context: Context) -> Decided:
    """A closed structure may still have to say that it no longer processes anything."""
    if command.purpose not in state.data_roles:
        return Refused("data_role_not_held", "purpose")
    return [DataRoleLeft(purpose=command.purpose)]


def close_structure(command: CloseStructure, state: Structure, _context: Context) -> Decided:
    """Once; annulling it opens the structure again."""
    if state.closed_on is not None:
        return Refused("structure_is_closed")
    return [StructureClosed(reason=command.reason)]


def _wrong(siren: str | None, siret: str | None) -> Refused | None:
    if siren is not None and not siren_is_valid(siren):
        return Refused("siren_is_invalid", "siren")
    if siret is not None and not siret_is_valid(siret):
        return Refused("siret_is_invalid", "siret")
    if siren is not None and siret is not None and siret[:9] != siren:
        return Refused("siret_of_another_siren", "siret")
    return None


def _siren(siren: str | None, siret: str | None) -> str | None:
    return siret[:9] if siren is None and siret is not None else siren


def _each_once(kinds: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted(set(kinds)))
