"""
Tokens: a text encrypted for one place, and the way back.

    jalon1.<key subject>.<token id>.<base64url of commitment || ciphertext || GCM tag>

Each token has a key of its own, derived from the sealing key of its person or stream and a random
token id of 128 bits; AES-256-GCM then encrypts once under it, with a fixed nonce. What
is authenticated besides the text: tenant, key subject, field name, token id. A token copied to
another tenant, person or field does not open.

AES-GCM alone is not key-committing: one ciphertext can be made to open under two keys, to two
texts. So the token carries a commitment to its key: UtC (UNAE-then-Commit) of Bellare and Hoang,
"Efficient Schemes for Committing Authenticated Encryption", EUROCRYPT 2022, with
HKDF-Expand-SHA-256 as the committing PRF; suite 0x0478 of the AWS Encryption SDK does the same.
32 bytes resist collisions at 128 bits.

Texts are padded to a multiple of 64 bytes before encryption: a short code (a need, a disability)
does not show by the length of its token, even once its key is gone.
"""

import base64
import hmac
import re
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from core.domain.sealed import PREFIX, Sealed
from core.keys.framing import framed
from core.keys.hierarchy import derive

TEXT_LIMIT = 14_000
"""Bytes of UTF-8: the token then stays under the 20,000 characters a command accepts."""

_BLOCK = 64
_ID_SIZE = 16
_COMMITMENT = 32
_NONCE = bytes(12)
_SHAPE = re.compile(
    rf"{PREFIX}\.([0-9a-f]{{8}}(?:-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}})"
    r"\.([A-Za-z0-9_-]{22})\.([A-Za-z0-9_-]+)"
)


class TextTooLong(ValueError):
    """The text does not fit in a token."""


class Unreadable(Exception):
    """The token does not open. A key that is gone is not this: then there is nothing to try."""


class NotAToken(Unreadable):
    """Not written as a token is, or altered in its shape."""


class WrongKey(Unreadable):
    """The commitment says that another key, or another token id, sealed it."""


class WrongBinding(Unreadable):
    """Right key, but sealed for another tenant, field or subject, or altered."""


def seal(key: bytes, tenant: str, key_subject: str, field: str, text: str) -> Sealed:
    """
    The token of a text for one field, under a sealing key (`DataKey.sealing`).

    `key_subject` is the UUID of the person, or of the stream, whose key it is. Raises
    `TextTooLong`.
    """
    plain = text.encode()
    if len(plain) > TEXT_LIMIT:
        raise TextTooLong(len(plain))
    token_id = secrets.token_bytes(_ID_SIZE)
    encryption_key, commitment = _keys(key, token_id)
    bound = framed(PREFIX, tenant, key_subject, field, token_id)
    encrypted = AESGCM(encryption_key).encrypt(_NONCE, _padded(plain), bound)
    return Sealed(f"{PREFIX}.{key_subject}.{_to_text(token_id)}.{_to_text(commitment + encrypted)}")


def unseal(key: bytes, tenant: str, field: str, token: Sealed) -> str:
    """
    The text of a token; raises `NotAToken`, `WrongKey` or `WrongBinding`.

    The errors tell an operator what went wrong; none of them depends on the text.
    """
    key_subject, token_id, content = _parts(token)
    encryption_key, commitment = _keys(key, token_id)
    if not hmac.compare_digest(commitment, content[:_COMMITMENT]):
        raise WrongKey
    bound = framed(PREFIX, tenant, key_subject, field, token_id)
    try:
        padded = AESGCM(encryption_key).decrypt(_NONCE, content[_COMMITMENT:], bound)
    except InvalidTag as error:
        raise WrongBinding from error
    return padded[: padded.rindex(b"\x80")].decode()


def subject_of(token: Sealed) -> str:
    """Whose key a token is under; raises `NotAToken`, so that it is safe to look the key up."""
    return _parts(token)[0]


def _keys(key: bytes, token_id: bytes) -> tuple[bytes, bytes]:
    return derive(key, "token", token_id), derive(key, "commitment", token_id)


def _padded(plain: bytes) -> bytes:
    """ISO/IEC 7816-4: one byte 80, then zeros."""
    return plain + b"\x80" + bytes(-(len(plain) + 1) % _BLOCK)


def _parts(token: Sealed) -> tuple[str, bytes, bytes]:
    shape = _SHAPE.fullmatch(token)
    if shape is None:
        raise NotAToken
    subject, token_id, content = shape.groups()
    return subject, _from_text(token_id), _from_text(content)


def _to_text(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _from_text(text: str) -> bytes:
    """Only the one canonical writing: unused bits of the last letter must be zero."""
    try:
        content = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError as error:
        raise NotAToken from error
    if _to_text(content) != text:
        raise NotAToken
    return content
