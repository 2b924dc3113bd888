"""How a fact tells of a file it does not hold."""

from typing import Annotated, Literal, TypeAlias

import msgspec

Sha256 = Annotated[
    str,
    msgspec.Meta(pattern="^[0-9a-f]{64}$", description="SHA-256 du fichier, en hexadécimal."),
]
"""The fingerprint of a file kept elsewhere."""

MediaType: TypeAlias = Literal["application/pdf", "image/png", "image/jpeg"]
"""The kinds of files that can be attached."""
