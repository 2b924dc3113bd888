import secrets
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.domain.sealed import Sealed, key_subject
from core.keys.hierarchy import DataKey
from core.keys.sealing import (
    TEXT_LIMIT,
    NotAToken,
    TextTooLong,
    Unreadable,
    WrongBinding,
    WrongKey,
    seal,
    subject_of,
    unseal,
)

PERSON = "0199c5d2-7a10-7c3e-8f00-1a2b3c4d5e6f"
OTHER = "0199c5d2-7a10-7c3e-8f00-1a2b3c4d5e70"

keys = st.binary(min_size=32, max_size=32).map(lambda secret: DataKey(secret).sealing)
names = st.text(max_size=40)
subjects = st.uuids().map(str)


@given(keys, names, subjects, names, st.text(max_size=300))
def test_a_sealed_text_opens_to_itself(
    key: bytes, tenant: str, subject: str, field: str, text: str
) -> None:
    token = seal(key, tenant, subject, field, text)
    assert unseal(key, tenant, field, token) == text
    assert key_subject(token) == subject_of(token) == subject


@given(keys, st.text(max_size=120), st.data())
def test_a_token_with_any_bit_flipped_is_refused(
    key: bytes, text: str, data: st.DataObject
) -> None:
    written = bytearray(seal(key, "05D", PERSON, "note", text).encode())
    bit = data.draw(st.integers(0, len(written) * 8 - 1))
    written[bit // 8] ^= 1 << bit % 8
    with pytest.raises(Unreadable):
        unseal(key, "05D", "note", Sealed(written.decode("latin-1")))


def test_every_single_bit_of_a_token_counts() -> None:
    key = DataKey(secrets.token_bytes(32)).sealing
    token = seal(key, "05D", PERSON, "note", "une question sur le congé").encode()
    for bit in range(len(token) * 8):
        flipped = bytearray(token)
        flipped[bit // 8] ^= 1 << bit % 8
        with pytest.raises(Unreadable):
            unseal(key, "05D", "note", Sealed(flipped.decode("latin-1")))


@given(keys, names, names, names, names)
def test_a_token_opens_only_for_its_tenant_and_its_field(
    key: bytes, tenant: str, field: str, other_tenant: str, other_field: str
) -> None:
    token = seal(key, tenant, PERSON, field, "texte")
    if (tenant, field) != (other_tenant, other_field):
        with pytest.raises(WrongBinding):
            unseal(key, other_tenant, other_field, token)


@given(keys, subjects, subjects)
def test_a_token_renamed_to_another_person_is_refused(key: bytes, subject: str, other: str) -> None:
    token = seal(key, "05D", subject, "note", "texte")
    if subject != other:
        with pytest.raises(WrongBinding):
            unseal(key, "05D", "note", Sealed(token.replace(subject, other)))


@given(keys, st.text(max_size=80), st.text(max_size=80))
def test_a_token_under_the_id_of_another_token_is_refused(key: bytes, text: str, more: str) -> None:
    prefix, subject, _, content = seal(key, "05D", PERSON, "note", text).split(".")
    another_id = seal(key, "05D", PERSON, "note", more).split(".")[2]
    with pytest.raises(WrongKey):
        unseal(key, "05D", "note", Sealed(f"{prefix}.{subject}.{another_id}.{content}"))


@given(keys, keys, st.text(max_size=80))
def test_two_keys_never_open_the_same_token(key: bytes, other: bytes, text: str) -> None:
    token = seal(key, "05D", PERSON, "note", text)
    if key != other:
        with pytest.raises(WrongKey):
            unseal(other, "05D", "note", token)


def test_letters_moved_from_tenant_to_field_are_refused() -> None:
    key = DataKey(secrets.token_bytes(32)).sealing
    token = seal(key, "05", PERSON, "Dnote", "texte")
    with pytest.raises(WrongBinding):
        unseal(key, "05D", "note", token)


@given(keys, st.text(max_size=80))
def test_the_same_text_twice_gives_two_tokens_with_nothing_in_common(key: bytes, text: str) -> None:
    one = seal(key, "05D", PERSON, "note", text).split(".")
    two = seal(key, "05D", PERSON, "note", text).split(".")
    assert one[2] != two[2]
    assert one[3][:40] != two[3][:40]


@given(keys, st.text(max_size=15), st.text(max_size=15))
def test_short_codes_cannot_be_told_apart_by_length(key: bytes, one: str, two: str) -> None:
    lengths = {len(seal(key, "05D", PERSON, "need", text)) for text in (one, two)}
    assert len(lengths) == 1


@settings(max_examples=300)
@given(st.text(max_size=200))
def test_anything_else_than_a_token_is_refused_as_such(text: str) -> None:
    key = DataKey(bytes(32)).sealing
    for written in (text, f"jalon1.{PERSON}.{text}", f"jalon1.{text}.{'A' * 22}.{'A' * 80}"):
        with pytest.raises(Unreadable):
            unseal(key, "05D", "note", Sealed(written))


@pytest.mark.parametrize(
    "written",
    [
        "",
        "jalon1",
        f"jalon1.{PERSON.upper()}.{'A' * 22}.{'A' * 80}",
        f"jalon1.{PERSON}.{'A' * 21}B.{'A' * 80}",
        f"jalon1.{PERSON}.{'A' * 22}.{'A' * 80}\n",
        f"jalon1.{PERSON}.{'A' * 22}.{'A' * 81}",
        f"jalon2.{PERSON}.{'A' * 22}.{'A' * 80}",
    ],
)
def test_a_token_written_otherwise_never_reaches_a_key(written: str) -> None:
    with pytest.raises(NotAToken):
        subject_of(Sealed(written))


def test_the_longest_text_fits_in_a_command_and_one_byte_more_is_refused() -> None:
    key = DataKey(bytes(32)).sealing
    assert len(seal(key, "05D", str(UUID(int=1)), "note", "x" * TEXT_LIMIT)) <= 20_000
    with pytest.raises(TextTooLong):
        seal(key, "05D", OTHER, "note", "x" * (TEXT_LIMIT + 1))
