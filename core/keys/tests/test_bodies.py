import secrets

import pytest

from core.keys.bodies import OVERHEAD, seal_body, unseal_body
from core.keys.sealing import NotAToken, WrongBinding, WrongKey

KEY = secrets.token_bytes(32)
SUBJECT = "00000000-0000-0000-0000-000000000001"
PLACE = ("05D", SUBJECT, "ab" * 32)
CONTENT = b"%PDF-1.7 " + bytes(range(256)) * 40


def test_a_body_comes_back_as_it_was() -> None:
    sealed = seal_body(KEY, *PLACE, CONTENT)
    assert unseal_body(KEY, *PLACE, sealed) == CONTENT
    assert len(sealed) == len(CONTENT) + OVERHEAD
    assert CONTENT[:32] not in sealed


def test_the_same_body_is_never_sealed_twice_alike() -> None:
    assert seal_body(KEY, *PLACE, CONTENT) != seal_body(KEY, *PLACE, CONTENT)


def test_another_key_does_not_open_it() -> None:
    sealed = seal_body(KEY, *PLACE, CONTENT)
    with pytest.raises(WrongKey):
        unseal_body(secrets.token_bytes(32), *PLACE, sealed)


@pytest.mark.parametrize(
    "place",
    [("69D", *PLACE[1:]), ("05D", SUBJECT[:-1] + "2", PLACE[2]), (*PLACE[:2], "cd" * 32)],
    ids=["tenant", "subject", "name"],
)
def test_a_body_does_not_open_elsewhere(place: tuple[str, str, str]) -> None:
    sealed = seal_body(KEY, *PLACE, CONTENT)
    with pytest.raises(WrongBinding):
        unseal_body(KEY, *place, sealed)


def test_an_altered_body_does_not_open() -> None:
    sealed = bytearray(seal_body(KEY, *PLACE, CONTENT))
    sealed[-20] ^= 1
    with pytest.raises(WrongBinding):
        unseal_body(KEY, *PLACE, bytes(sealed))


@pytest.mark.parametrize("sealed", [b"", b"\x01" * 64, b"\x02" * 100])
def test_what_is_no_sealed_body_is_told(sealed: bytes) -> None:
    with pytest.raises(NotAToken):
        unseal_body(KEY, *PLACE, sealed)
