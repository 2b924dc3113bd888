import msgspec
import pytest

from core.domain.event import (
    Fact,
    FactRegistry,
    PersonId,
    Subject,
    UnknownFact,
    encode_fact,
    person_of,
    subjects_of,
)
from core.domain.sealed import Sealed, key_subject, sealed_fields, tokens_of
from core.domain.tests.walk import MODULE, StepTaken, WalkBegun
from core.testing.scenario import an_id

REGISTRY = FactRegistry(MODULE.facts, MODULE.upcasters)
STEP = StepTaken(walker=PersonId(an_id(1)), metres=3, together=(Subject(an_id(2)),))


def test_a_fact_is_stored_as_readable_json_and_read_back() -> None:
    assert REGISTRY.decode("walk.begun.v1", b'{"place":"Gap"}') == WalkBegun(place="Gap")
    assert REGISTRY.decode(STEP.stored_name, encode_fact(STEP)) == STEP


def test_an_old_version_is_upcast_to_the_present_one() -> None:
    body = msgspec.json.encode({"walker": an_id(1), "feet": 10})
    assert REGISTRY.decode("walk.step_taken.v1", body) == StepTaken(
        walker=PersonId(an_id(1)), metres=3
    )


def test_a_stored_name_nobody_declares_is_an_error_that_names_it() -> None:
    with pytest.raises(UnknownFact, match=r"walk\.flown\.v1"):
        REGISTRY.decode("walk.flown.v1", b"{}")


def test_two_facts_cannot_have_the_same_stored_name() -> None:
    class Other(Fact, frozen=True, kw_only=True):
        stored_name = "walk.begun.v1"

    with pytest.raises(ValueError, match=r"walk\.begun\.v1"):
        FactRegistry((*MODULE.facts, Other))


def test_a_fact_tells_its_person_and_its_subjects() -> None:
    assert person_of(STEP) == an_id(1)
    assert list(subjects_of(STEP)) == [an_id(1), an_id(2)]
    assert person_of(WalkBegun(place="Gap")) is None


def test_a_token_tells_whose_key_seals_it_and_where_it_stands() -> None:
    token = Sealed(f"jalon1.{an_id(1)}.{an_id(9)}.AAAA")
    step = msgspec.structs.replace(STEP, remark=token)
    assert key_subject(token) == an_id(1)
    assert sealed_fields(StepTaken) == ("remark",)
    assert list(tokens_of(step)) == [token]
    assert list(tokens_of(STEP)) == []
