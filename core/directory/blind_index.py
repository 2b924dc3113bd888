"""
Finding a person again without writing a name: keyed hashes of the normalised name and birth date.

    blind = HMAC-SHA-256(tenant's index key, frame("jalon/1/people-index", kind, parts…))

Two per person: `identity` (family name, given name, birth date) finds who is written the same;
`family` (family name, birth date) finds also who was entered under another given name. Names are
low in entropy: whoever held the index key could try them all, which is why the key is a subkey of
the tenant's and never leaves the process, and why the lines go with the person's erasure.
"""

import hashlib
import hmac
import unicodedata
from datetime import date
from typing import Literal

from core.keys.framing import framed

Kind = Literal["identity", "family"]

_LABEL = "jalon/1/people-index"
# Ligatures that NFKD keeps whole, and the apostrophe that Unicode counts as a letter.
_LETTERS = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "đ": "d", "ł": "l", "ʼ": " "})


def normalised(name: str) -> str:
    """
    A name without what is written one way or another: case, accents, hyphens, apostrophes.

    "D’Ormesson-Lefèvre" and "d'ormesson lefevre" give the same. Empty when no letter or digit is
    left. Normalising twice changes nothing.
    """
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", name).casefold())
    kept = "".join(
        letter if unicodedata.category(letter)[0] in "LN" else " "
        for letter in folded.translate(_LETTERS)
        # Mn are accents over a letter, Cf what is not seen at all, like the soft hyphen.
        if unicodedata.category(letter) not in ("Mn", "Mc", "Me", "Cf")
    )
    return " ".join(kept.split())


def blind(key: bytes, kind: Kind, *parts: str) -> bytes:
    """The 32 bytes under which a normalised identity is found."""
    return hmac.digest(key, framed(_LABEL, kind, *parts), hashlib.sha256)


def blind_family(key: bytes, family_name: str, birth_date: date) -> bytes:
    return blind(key, "family", normalised(family_name), birth_date.isoformat())


def blind_identity(key: bytes, family_name: str, given_name: str, birth_date: date) -> bytes:
    return blind(
        key, "identity", normalised(family_name), normalised(given_name), birth_date.isoformat()
    )
