"""
What happens to a structure: an association, a training body, a service, an employer, a partner.

The date of each is that of its envelope. A private person who employs is a person of the directory,
never a structure.
"""

from typing import ClassVar

from core.domain.command import Code
from core.domain.event import Fact
from core.registers.structures.identifiers import Finess, Siren, Siret
from core.registers.structures.vocabulary import DataRole, OrganisationName


class StructureRegistered(Fact, frozen=True, kw_only=True):
    stored_name: ClassVar[str] = "registers.structure_registered.v1"

    kinds: tuple[Code, ...]
    name: OrganisationName
    siren: Siren | None = None
    siret: Siret | None = None
    finess: Finess | None = None


class StructureRenamed(Fact, frozen=True, kw_only=True):
    stored_name: ClassVar[str] = "registers.structure_renamed.v1"

    name: OrganisationName


class StructureKindsChanged(Fact, frozen=True, kw_only=True):
    """The structure now is all of these, and nothing else."""

    stored_name: ClassVar[str] = "registers.structure_kinds_changed.v1"

    kinds: tuple[Code, ...]


class StructureIdentifiersChanged(Fact, frozen=True, kw_only=True):
    """Its numbers now are these; one left out is one it no longer has."""

    stored_name: ClassVar[str] = "registers.structure_identifiers_changed.v1"

    siren: Siren | None = None
    siret: Siret | None = None
    finess: Finess | None = None


class DataRoleTaken(Fact, frozen=True, kw_only=True):
    """From now on the structure decides of, or carries out, what is done for this purpose."""

    stored_name: ClassVar[str] = "registers.data_role_taken.v1"

    purpose: Code
    role: DataRole


class DataRoleLeft(Fact, frozen=True, kw_only=True):
    stored_name: ClassVar[str] = "registers.data_role_left.v1"

    purpose: Code


class StructureClosed(Fact, frozen=True, kw_only=True):
    """The structure is no more, or no longer works here; its history stays."""

    stored_name: ClassVar[str] = "registers.structure_closed.v1"

    reason: Code


FACTS: tuple[type[Fact], ...] = (
    StructureRegistered,
    StructureRenamed,
    StructureKindsChanged,
    StructureIdentifiersChanged,
    DataRoleTaken,
    DataRoleLeft,
    StructureClosed,
)
