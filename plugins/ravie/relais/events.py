"""What happens to a relais, the place in a territory where cycles are run, and to its partners."""

from typing import Annotated, ClassVar

import msgspec

from core.domain.command import Code
from core.domain.event import Fact, Subject
from plugins.ravie.vocabulary import PartnerRole

RelaisName = Annotated[str, msgspec.Meta(min_length=2, max_length=200, pattern=r"\S.*\S")]
"""The name of an organisation or of a place, never of a person."""

Commune = Annotated[
    str,
    msgspec.Meta(
        pattern="^([0-9]{2}|2[AB])[0-9]{3}$",
        description="Code de la commune (Insee, code officiel géographique).",
        examples=["05061"],
    ),
]
AddressKey = Annotated[
    str,
    msgspec.Meta(
        pattern="^([0-9]{2}|2[AB])[0-9]{3}_[0-9a-z]{4,9}(_[0-9]{5}(_[0-9a-z_]{1,20})?)?$",
        description="Clé de l'adresse (Base adresse nationale).",
        examples=["05061_0320_00069"],
    ),
]


class RelaisOpened(Fact, frozen=True, kw_only=True):
    """A relais begins; `structure` runs it, `place` is where it receives."""

    stored_name: ClassVar[str] = "ravie.relais_opened.v1"

    name: RelaisName
    structure: Subject | None = None
    place: Subject | None = None
    commune: Commune | None = None
    address: AddressKey | None = None


class PartnerAttached(Fact, frozen=True, kw_only=True):
    """A structure takes a part in the relais, under a convention when there is one."""

    stored_name: ClassVar[str] = "ravie.partner_attached.v1"

    structure: Subject
    role: PartnerRole
    convention: Subject | None = None


class PartnerLeft(Fact, frozen=True, kw_only=True):
    """The structure no longer has that part."""

    stored_name: ClassVar[str] = "ravie.partner_left.v1"

    structure: Subject
    role: PartnerRole
    reason: Code


class RelaisSuspended(Fact, frozen=True, kw_only=True):
    """No further cycle is opened; those under way go on."""

    stored_name: ClassVar[str] = "ravie.relais_suspended.v1"

    reason: Code


class RelaisResumed(Fact, frozen=True, kw_only=True):
    stored_name: ClassVar[str] = "ravie.relais_resumed.v1"


class RelaisClosed(Fact, frozen=True, kw_only=True):
    """The relais ends; its cycles under way are flagged, not stopped."""

    stored_name: ClassVar[str] = "ravie.relais_closed.v1"

    reason: Code


FACTS: tuple[type[Fact], ...] = (
    RelaisOpened,
    PartnerAttached,
    PartnerLeft,
    RelaisSuspended,
    RelaisResumed,
    RelaisClosed,
)
