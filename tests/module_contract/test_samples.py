"""What was stored once decodes for ever, and says the same."""

import json

from core.domain.event import FactRegistry, encode_fact
from core.testing.samples import samples_in
from tests.module_contract.installed import Installed


def test_a_sample_of_every_version_ever_stored_is_kept(one: Installed) -> None:
    registry = FactRegistry(one.module.facts, one.module.upcasters)
    assert set(samples_in(one.folder / "tests" / "samples")) == set(registry.known_names)


def test_every_sample_decodes_and_says_the_same_when_encoded_again(one: Installed) -> None:
    registry = FactRegistry(one.module.facts, one.module.upcasters)
    for name, body in samples_in(one.folder / "tests" / "samples").items():
        fact = registry.decode(name, body)
        again = encode_fact(fact)
        assert registry.decode(fact.stored_name, again) == fact
        if fact.stored_name == name:
            # A field added since, with its default, is all that may differ.
            assert json.loads(body).items() <= json.loads(again).items(), name
