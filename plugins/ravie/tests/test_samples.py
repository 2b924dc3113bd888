"""Every version of every fact ever stored must decode for ever: one sample of each is kept."""

import json
from pathlib import Path

import pytest

from core.domain.event import FactRegistry, encode_fact
from plugins.ravie.events import FACTS

SAMPLES = Path(__file__).parent / "samples"


@pytest.mark.parametrize("sample", sorted(SAMPLES.glob("*.json")), ids=lambda path: path.stem)
def test_a_fact_stored_long_ago_still_decodes(sample: Path) -> None:
    body = sample.read_bytes()
    fact = FactRegistry(FACTS).decode(sample.stem, body)
    assert json.loads(body).items() <= json.loads(encode_fact(fact)).items()


def test_every_fact_has_its_sample() -> None:
    stored = {path.stem for path in SAMPLES.glob("*.json")}
    assert {fact.stored_name for fact in FACTS} <= stored
