"""
The token in a calendar's address: a calendar cannot send a header.

It is no API token. It names one feed and proves that we made it, by a keyed hash; what it opens is
in the feed's facts, and stops with them. Nothing of it is stored: who reads the database cannot
make one, and it is asked for once only.

    token = base64url(feed id, 16 bytes || HMAC-SHA-256(tenant's key, "calendar-feed", feed id))
"""

import base64
import binascii
import hmac
from uuid import UUID

from core.access.tokens import InvalidToken

PURPOSE = "calendar-feed"
"""What the proof is of: a proof of anything else is none of a feed."""

LENGTH = 64
"""Letters of a token."""


def written(feed: str, proof: bytes) -> str:
    """The token of a feed; `proof` is 32 bytes."""
    return base64.urlsafe_b64encode(UUID(feed).bytes + proof).decode()


def read(token: str) -> tuple[str, bytes]:
    """The feed a token names and the proof it brings, not checked yet; raises `InvalidToken`."""
    try:
        content = base64.b64decode(token, altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise InvalidToken("not_a_token") from error
    if len(content) != 48:
        raise InvalidToken("not_a_token")
    return str(UUID(bytes=content[:16])), content[16:]


def check(proof: bytes, expected: bytes) -> None:
    """Raises `InvalidToken` unless the proof is the expected one; takes the same time for all."""
    if not hmac.compare_digest(proof, expected):
        raise InvalidToken("unknown_key")
