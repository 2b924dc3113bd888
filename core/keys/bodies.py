"""
Files, encrypted whole: what `core.keys.sealing` does for texts, for bodies of some megabytes.

    01 || body id (16) || commitment (32) || ciphertext || GCM tag

The construction is that of the tokens: a key of its own for each body, derived from the sealing key
of its person or stream and a random id; AES-256-GCM once under it, with a fixed nonce; a commitment
to the key (UtC, see `core.keys.sealing`). What is authenticated besides the bytes: tenant, key
subject, name. The labels are others than those of tokens, so that neither opens as the other. The
length is not hidden: a scan says little by its size, and a fact tells it anyway.
"""

import hmac
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from core.keys.framing import framed
from core.keys.hierarchy import derive
from core.keys.sealing import NotAToken, WrongBinding, WrongKey

OVERHEAD = 65
"""Bytes that sealing adds."""

_VERSION = b"\x01"
_LABEL = "jalon1.body"
_ID = slice(1, 17)
_COMMITMENT = slice(17, 49)
_NONCE = bytes(12)


def seal_body(key: bytes, tenant: str, key_subject: str, name: str, content: bytes) -> bytes:
    """The sealed bytes of a file under a sealing key (`DataKey.sealing`), bound to its name."""
    body_id = secrets.token_bytes(16)
    encryption_key, commitment = _keys(key, body_id)
    bound = framed(_LABEL, tenant, key_subject, name, body_id)
    encrypted = AESGCM(encryption_key).encrypt(_NONCE, content, bound)
    return b"".join((_VERSION, body_id, commitment, encrypted))


def unseal_body(key: bytes, tenant: str, key_subject: str, name: str, sealed: bytes) -> bytes:
    """
    The bytes of a sealed file.

    Raises `NotAToken`, `WrongKey` or `WrongBinding`, as `core.keys.sealing.unseal` does.
    """
    if len(sealed) < OVERHEAD or not sealed.startswith(_VERSION):
        raise NotAToken
    body_id = sealed[_ID]
    encryption_key, commitment = _keys(key, body_id)
    if not hmac.compare_digest(commitment, sealed[_COMMITMENT]):
        raise WrongKey
    bound = framed(_LABEL, tenant, key_subject, name, body_id)
    try:
        return AESGCM(encryption_key).decrypt(_NONCE, sealed[_COMMITMENT.stop :], bound)
    except InvalidTag as error:
        raise WrongBinding from error


def _keys(key: bytes, body_id: bytes) -> tuple[bytes, bytes]:
    return derive(key, "body", body_id), derive(key, "body-commitment", body_id)
