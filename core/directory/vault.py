"""
Sealing, opening and tagging for every tenant: the edge's only way to a text about a person.

Nothing below the edge calls this: commands, decisions and folds copy tokens. The one exception is
`tagger`, which `Application.execute` is handed to fill the ledger's column at append.
"""

import hmac
import re
from collections.abc import Callable, Collection, Sequence

import msgspec

from core.directory.keyring import Keyring
from core.directory.refusals import UnknownPerson, refusal
from core.domain.sealed import Sealed
from core.ids import uuid8
from core.keys.framing import framed
from core.keys.sealing import TEXT_LIMIT, TextTooLong, seal, subject_of, unseal
from core.keys.tags import fact_tags
from core.tenancy import Tenant

_ID_LABEL = "jalon/1/id"
_PROOF_LABEL = "jalon/1/proof"
_UUID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class Plain(msgspec.Struct, frozen=True, kw_only=True):
    """
    A text to seal for one field.

    `key_subject` is the person it is about, when it is about one, else the stream it goes to.
    With `person`, the key must be a registered person's; without, a missing key is made.
    """

    key_subject: str
    field: str
    text: str
    person: bool = False


class Vault:
    """
    Tokens of every tenant of an installation.

    A key that is gone is the erased state: what was under it opens to None. A token that does not
    open though its key is there raises `core.keys.sealing.Unreadable`: that is never normal.
    """

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring

    async def seal(
        self, tenant: Tenant, key_subject: str, field: str, text: str, *, person: bool = False
    ) -> Sealed:
        """The token of one text; see `Plain` and `seal_many`."""
        plain = Plain(key_subject=key_subject, field=field, text=text, person=person)
        return (await self.seal_many(tenant, [plain]))[0]

    async def seal_many(self, tenant: Tenant, plains: Sequence[Plain]) -> list[Sealed]:
        """
        The tokens of several texts, in order: one query, and one commit when streams lack keys.

        Refused as `person_is_unknown`, `key_is_destroyed` or `text_is_too_long`. Raises
        `ValueError` for a key subject that is no UUID in lower case.
        """
        for plain in plains:
            if not _UUID.fullmatch(plain.key_subject):
                raise ValueError(plain.key_subject)
        keys = await self._keyring.find(tenant, {plain.key_subject for plain in plains})
        for plain in plains:
            held = keys.get(plain.key_subject)
            if plain.person and (held is None or held.kind != "person"):
                raise UnknownPerson(plain.key_subject)
        if keyless := {plain.key_subject for plain in plains} - keys.keys():
            keys |= await self._keyring.make_for_streams(tenant, keyless)
        return [_sealed(keys[plain.key_subject].key.sealing, tenant, plain) for plain in plains]

    async def open(self, tenant: Tenant, field: str, token: Sealed) -> str | None:
        """The text of one token; None when its key is gone."""
        return (await self.open_many(tenant, [(field, token)]))[0]

    async def open_many(
        self, tenant: Tenant, tokens: Sequence[tuple[str, Sealed]]
    ) -> list[str | None]:
        """
        The texts of (field, token) pairs, in order, None where the key is gone; one query at most.

        Raises `Unreadable` for a token that was altered, or sealed for another place.
        """
        subjects = [subject_of(token) for _, token in tokens]
        keys = await self._keyring.find(tenant, subjects)
        return [
            unseal(keys[subject].key.sealing, tenant.code, field, token)
            if subject in keys
            else None
            for subject, (field, token) in zip(subjects, tokens, strict=True)
        ]

    async def id_for(self, tenant: Tenant, *parts: str) -> str:
        """
        The id (UUID of version 8, RFC 9562) that the same parts give again, in this tenant.

        Keyed: parts may be guessed, like the key under which an import sends a person, and an id
        outlives the person's erasure.
        """
        key = (await self._keyring.tenant_key(tenant)).naming
        return uuid8(hmac.digest(key, framed(_ID_LABEL, *parts), "sha256"))

    async def proof(self, tenant: Tenant, purpose: str, *parts: str) -> bytes:
        """
        32 bytes that only this tenant's key gives for these parts, for one purpose.

        They are handed out: what a proof is of must be told by its purpose alone.
        """
        key = (await self._keyring.tenant_key(tenant)).naming
        return hmac.digest(key, framed(_PROOF_LABEL, purpose, *parts), "sha256")

    async def tagger(
        self, tenant: Tenant, persons: Collection[str]
    ) -> Callable[[str, str, str, str | None], bytes]:
        """
        What fills the `tags` column: (fact id, stream, actor, person) -> keyed hashes.

        Raises `UnknownPerson`: no fact is recorded about a person who has no key.
        """
        about_nobody = (await self._keyring.tenant_key(tenant)).tagging
        held = await self._keyring.find(tenant, persons)
        for person in persons:
            if person not in held or held[person].kind != "person":
                raise UnknownPerson(person)

        def tags(fact: str, stream: str, actor: str, person: str | None) -> bytes:
            key = about_nobody if person is None else held[person].key.tagging
            return fact_tags(key, fact, stream, actor, person)

        return tags


def _sealed(key: bytes, tenant: Tenant, plain: Plain) -> Sealed:
    try:
        return seal(key, tenant.code, plain.key_subject, plain.field, plain.text)
    except TextTooLong as error:
        raise refusal("text_is_too_long", plain.field, limit=TEXT_LIMIT) from error
