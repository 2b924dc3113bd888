"""
The keyed hashes that stand for stream, actor and person in a fact's ledger leaf.

    tag(kind, value) = HMAC-SHA-256(tagging key, frame("jalon/1/fact-tag", kind, fact id, value))
    tags = tag("stream", stream) || tag("actor", actor) [ || tag("person", person) ]

`frame` is `core.keys.framing.framed`; ids are their canonical text in UTF-8. 32 bytes each: 96 for
a fact about a person, 64 for one about nobody.

The tagging key is a subkey of the person's data key, or of the tenant's key when the fact is about
nobody. The fact id is hashed in, so no two facts have a tag in common: leaves group by stream,
actor or person only for who holds the key, who computes each tag again from the fact's own columns
and compares. Once the person's key is destroyed nobody can: what is left are 32 bytes that look
random (HMAC as a PRF, Bellare, CRYPTO 2006), and no tag can be linked to another.
"""

import hashlib
import hmac

from core.keys.framing import framed

TAG_SIZE = 32
_LABEL = "jalon/1/fact-tag"


def fact_tags(key: bytes, fact: str, stream: str, actor: str, person: str | None) -> bytes:
    """The `tags` column of a fact, under the tagging key of its person, else of its tenant."""
    return b"".join(
        hmac.digest(key, framed(_LABEL, kind, fact, value), hashlib.sha256)
        for kind, value in (("stream", stream), ("actor", actor), ("person", person))
        if value is not None
    )
