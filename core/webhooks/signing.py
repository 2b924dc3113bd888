"""
Signatures of what is sent, after Standard Webhooks, so that receivers need no code of ours.

    https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md

The signed content is `{webhook-id}.{webhook-timestamp}.{body}`, the body byte for byte; the
signature is HMAC-SHA256 in base64 under each valid secret, one after the other, a space apart.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence

PREFIX = "whsec_"
SECRET_SIZE = 32
"""Bytes of a secret; the specification asks for 24 to 64."""


def new_secret() -> str:
    """A secret as it is shown, once, to whoever subscribes."""
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_SIZE)).decode()


def signed_headers(
    keys: Sequence[str], identifier: str, timestamp: int, body: bytes
) -> dict[str, str]:
    """
    The three headers of a message; `timestamp` is of this attempt, in seconds since 1970.

    `keys` are secrets as they are shown; during a rotation there are two.
    """
    content = f"{identifier}.{timestamp}.".encode() + body
    signatures = [
        base64.b64encode(hmac.digest(_bytes(key), content, hashlib.sha256)).decode() for key in keys
    ]
    return {
        "webhook-id": identifier,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(f"v1,{signature}" for signature in signatures),
    }


def _bytes(key: str) -> bytes:
    return base64.b64decode(key.removeprefix(PREFIX))
