"""What may be asked of a relais."""

from typing import ClassVar

from core.domain.command import Code, Command, SubjectId
from plugins.ravie.relais.events import AddressKey, Commune, RelaisName
from plugins.ravie.vocabulary import PartnerRole


class OpenRelais(Command, frozen=True, kw_only=True):
    name: ClassVar[str] = "ravie.open_relais"

    relais: SubjectId
    title: RelaisName
    structure: SubjectId | None = None
    place: SubjectId | None = None
    commune: Commune | None = None
    address: AddressKey | None = None


class AttachPartner(Command, frozen=True, kw_only=True):
    """A structure may have several roles; each is attached apart."""

    name: ClassVar[str] = "ravie.attach_partner"

    relais: SubjectId
    structure: SubjectId
    role: PartnerRole
    convention: SubjectId | None = None


class DetachPartner(Command, frozen=True, kw_only=True):
    name: ClassVar[str] = "ravie.detach_partner"

    relais: SubjectId
    structure: SubjectId
    role: PartnerRole
    reason: Code


class SuspendRelais(Command, frozen=True, kw_only=True):
    name: ClassVar[str] = "ravie.suspend_relais"

    relais: SubjectId
    reason: Code


class ResumeRelais(Command, frozen=True, kw_only=True):
    name: ClassVar[str] = "ravie.resume_relais"

    relais: SubjectId


class CloseRelais(Command, frozen=True, kw_only=True):
    name: ClassVar[str] = "ravie.close_relais"

    relais: SubjectId
    reason: Code
