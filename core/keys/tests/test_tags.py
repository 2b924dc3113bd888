import hashlib
import hmac

from hypothesis import assume, given
from hypothesis import strategies as st

from core.keys.tags import TAG_SIZE, fact_tags

ids = st.uuids().map(str)
keys = st.binary(min_size=32, max_size=32)


def split(tags: bytes) -> set[bytes]:
    return {tags[start : start + TAG_SIZE] for start in range(0, len(tags), TAG_SIZE)}


@given(keys, ids, ids, ids, st.text(max_size=40))
def test_no_two_facts_have_a_tag_in_common(
    key: bytes, one: str, two: str, stream: str, actor: str
) -> None:
    assume(one != two)
    tags = fact_tags(key, one, stream, actor, stream), fact_tags(key, two, stream, actor, stream)
    assert len(split(tags[0]) | split(tags[1])) == 6


@given(keys, ids, ids, st.text(max_size=40))
def test_who_holds_the_key_finds_the_tags_again(
    key: bytes, fact: str, stream: str, actor: str
) -> None:
    assert fact_tags(key, fact, stream, actor, None) == fact_tags(key, fact, stream, actor, None)


@given(keys, keys, ids, ids, st.text(max_size=40))
def test_without_the_key_no_tag_is_found_again(
    key: bytes, other: bytes, fact: str, stream: str, actor: str
) -> None:
    assume(key != other)
    tags = split(fact_tags(key, fact, stream, actor, stream))
    assert not tags & split(fact_tags(other, fact, stream, actor, stream))


@given(keys, ids, ids, st.text(max_size=40))
def test_a_fact_about_nobody_has_no_tag_of_a_person(
    key: bytes, fact: str, stream: str, actor: str
) -> None:
    about_nobody = fact_tags(key, fact, stream, actor, None)
    assert len(about_nobody) == 2 * TAG_SIZE
    assert fact_tags(key, fact, stream, actor, stream)[: 2 * TAG_SIZE] == about_nobody


def test_tags_are_what_the_documentation_says() -> None:
    key, fact = bytes(range(32)), "0199c5d2-7a10-7c3e-8f00-1a2b3c4d5e6f"

    def tag(kind: bytes, value: bytes) -> bytes:
        parts = (b"jalon/1/fact-tag", kind, fact.encode(), value)
        framed = b"".join(len(part).to_bytes(4, "big") + part for part in parts)
        return hmac.new(key, framed, hashlib.sha256).digest()

    expected = tag(b"stream", b"s") + tag(b"actor", b"a") + tag(b"person", b"p")
    assert fact_tags(key, fact, "s", "a", "p") == expected
