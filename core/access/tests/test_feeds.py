"""The token in a calendar's address."""

import pytest

from core.access import feeds
from core.access.tokens import InvalidToken
from core.testing.scenario import an_id

PROOF = bytes(range(32))


def test_a_token_names_its_feed_and_brings_its_proof() -> None:
    token = feeds.written(an_id(7), PROOF)
    assert len(token) == feeds.LENGTH
    assert feeds.read(token) == (an_id(7), PROOF)
    feeds.check(PROOF, PROOF)


@pytest.mark.parametrize("token", ["", "x", "é" * 64, "A" * 63, "A" * 68, "A" * 63 + "!"])
def test_anything_else_is_no_token(token: str) -> None:
    with pytest.raises(InvalidToken):
        feeds.read(token)


def test_a_proof_of_another_feed_opens_nothing() -> None:
    with pytest.raises(InvalidToken):
        feeds.check(PROOF, bytes(32))
