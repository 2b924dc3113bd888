"""One unambiguous byte string for several texts: what is hashed, bound or derived from."""

from struct import Struct

_LENGTH = Struct("!I")


def framed(*parts: str | bytes) -> bytes:
    """
    Each part as its length (4 bytes, big-endian) and its bytes, texts in UTF-8.

    Injective: two different lists of parts never give the same bytes, so that moving a letter
    from one field to its neighbour changes what is authenticated.
    """
    encoded = [part.encode() if isinstance(part, str) else part for part in parts]
    return b"".join(_LENGTH.pack(len(part)) + part for part in encoded)
