"""What may be asked about a structure."""

from typing import Annotated, ClassVar

import msgspec

from core.domain.command import Code, Command, SubjectId
from core.registers.structures.identifiers import Finess, Siren, Siret
from core.registers.structures.vocabulary import DataRole, OrganisationName

Kinds = Annotated[
    tuple[Code, ...],
    msgspec.Meta(
        min_length=1,
        max_length=20,
        description="Ce que la structure est : association, employeur, partenaire…",
        examples=[["association", "organisme_de_formation"]],
    ),
]


class RegisterStructure(Command, frozen=True, kw_only=True):
    """A SIRET alone gives its SIREN."""

    name: ClassVar[str] = "registers.register_structure"

    structure: SubjectId
    kinds: Kinds
    called: OrganisationName
    siren: Siren | None = None
    siret: Siret | None = None
    finess: Finess | None = None


class RenameStructure(Command, frozen=True, kw_only=True):
    name: ClassVar[str] = "registers.rename_structure"

    structure: SubjectId
    called: OrganisationName


class ChangeKinds(Command, frozen=True, kw_only=True):
    name: ClassVar[str] = "registers.change_structure_kinds"

    structure: SubjectId
    kinds: Kinds


class ChangeIdentifiers(Command, frozen=True, kw_only=True):
    """All the numbers it now has."""

    name: ClassVar[str] = "registers.change_structure_identifiers"

    structure: SubjectId
    siren: Siren | None = None
    siret: Siret | None = None
    finess: Finess | None = None


class TakeDataRole(Command, frozen=True, kw_only=True):
    name: ClassVar[str] = "registers.take_data_role"

    structure: SubjectId
    purpose: Code
    role: DataRole


class LeaveDataRole(Command, frozen=True, kw_only=True):
    name: ClassVar[str] = "registers.leave_data_role"

    structure: SubjectId
    purpose: Code


class CloseStructure(Command, frozen=True, kw_only=True):
    name: ClassVar[str] = "registers.close_structure"

    structure: SubjectId
    reason: Code
