import hashlib
from uuid import RFC_4122, UUID

from hypothesis import given
from hypothesis import strategies as st

from core.ids import uuid8


@given(st.binary(min_size=16, max_size=64))
def test_an_id_made_of_a_hash_is_a_version_8_and_the_same_for_the_same_hash(digest: bytes) -> None:
    made = UUID(uuid8(digest))
    assert made.version == 8
    assert made.variant == RFC_4122
    assert uuid8(digest) == uuid8(digest[:16]) == str(made)


def test_two_hashes_give_two_ids() -> None:
    digests = [hashlib.sha256(bytes([number])).digest() for number in range(200)]
    assert len({uuid8(digest) for digest in digests}) == 200
