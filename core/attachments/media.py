"""What kind of file some bytes are, by how they begin: a name or a header is only what is said."""

from core.domain.file import MediaType

_SIGNATURES: tuple[tuple[bytes, MediaType], ...] = (
    (b"%PDF-", "application/pdf"),  # ISO 32000-2, 7.5.2
    (b"\x89PNG\r\n\x1a\n", "image/png"),  # ISO/IEC 15948, 5.2
    (b"\xff\xd8\xff", "image/jpeg"),  # ISO/IEC 10918-1, B.1.1: SOI, then a marker
)

EXTENSIONS: dict[MediaType, str] = {
    "application/pdf": "pdf",
    "image/png": "png",
    "image/jpeg": "jpg",
}


def media_type_of(content: bytes) -> MediaType | None:
    """The type of a file that may be attached, None for any other."""
    for signature, media_type in _SIGNATURES:
        if content.startswith(signature):
            return media_type
    return None
