"""The same key and the same command: one command, however often it is sent."""

import hashlib
from uuid import UUID

import msgspec

from core.domain.command import Command
from core.domain.sealed import sealed_fields


def command_id(actor: str, key: str) -> str:
    """The id of a command: one key of one actor, whoever else uses the same key."""
    digest = hashlib.sha256(f"{actor}\0{key}".encode()).digest()
    # Version 8 and variant of RFC 9562, set by hand: before Python 3.14, UUID() stops at 5.
    number = int.from_bytes(digest[:16], "big")
    number = number & ~(0xF << 76 | 0x3 << 62) | 0x8 << 76 | 0x2 << 62
    return str(UUID(int=number))


def fingerprint(command: Command) -> bytes:
    """Sixteen bytes that tell a repeated command from another one under the same key.

    Tokens are left out: sealing the same text twice gives two tokens.
    """
    hidden = sealed_fields(type(command))
    content = {
        name: value for name, value in msgspec.structs.asdict(command).items() if name not in hidden
    }
    encoded = msgspec.json.encode(content, order="sorted")
    return hashlib.sha256(command.name.encode() + b"\0" + encoded).digest()[:16]
