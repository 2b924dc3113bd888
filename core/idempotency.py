"""The same key and the same command: one command, however often it is sent."""

import hashlib

import msgspec

from core.domain.command import Command
from core.domain.sealed import sealed_fields
from core.ids import uuid8


def command_id(actor: str, key: str) -> str:
    """The id of a command: one key of one actor, whoever else uses the same key."""
    digest = hashlib.sha256(f"{actor}\0{key}".encode()).digest()
    return uuid8(digest)


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
