"""Who a person is, as told, and as it is stored: one token under their key."""

from datetime import date
from typing import Annotated

import msgspec

from core.directory.blind_index import normalised
from core.directory.refusals import refusal
from core.domain.sealed import Sealed
from core.keys.hierarchy import DataKey
from core.keys.sealing import seal, unseal

_FIELD = "card"
_Name = Annotated[str, msgspec.Meta(min_length=1, max_length=100, examples=["Exemple"])]
_Contact = Annotated[str, msgspec.Meta(min_length=1, max_length=254)]


class Identity(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What identifies a person. Never the NIR."""

    family_name: _Name
    given_name: _Name
    birth_date: date
    phone: _Contact | None = None
    email: _Contact | None = None


def refuse_unusable(identity: Identity, today: date) -> None:
    """Refused as `name_has_no_letter` or `birth_date_in_the_future`: could not be found again."""
    for field in ("family_name", "given_name"):
        if not normalised(getattr(identity, field)):
            raise refusal("name_has_no_letter", field)
    if identity.birth_date > today:
        raise refusal("birth_date_in_the_future", "birth_date")


def sealed_card(key: DataKey, tenant: str, person: str, identity: Identity) -> Sealed:
    """The identity as one token."""
    text = msgspec.json.encode(identity).decode()
    return seal(key.sealing, tenant, person, _FIELD, text)


def opened_card(key: DataKey, tenant: str, card: Sealed) -> Identity:
    """The way back; raises `core.keys.sealing.Unreadable`."""
    return msgspec.json.decode(unseal(key.sealing, tenant, _FIELD, card), type=Identity)
