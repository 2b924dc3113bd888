from uuid import UUID

from core.domain.correction import CorrectFact
from core.domain.event import PersonId, Subject
from core.domain.tests.walk import StepTaken, WalkBegun
from core.event_store.stored import StoredFact
from core.testing.scenario import NOON, Scenario, an_id
from projections.decoding import Unreadable, read, subjects_in
from projections.subjects import entries, indexed
from projections.tests.walks import WALKS

WALK, ADA, CAT, DOG = (an_id(n) for n in (5, 1, 0x20, 0x21))


def a_walk() -> Scenario:
    return Scenario(WALKS).given(
        WalkBegun(place="Gap"),
        StepTaken(walker=PersonId(ADA), metres=1, together=(Subject(CAT),)),
        stream=WALK,
    )


def test_a_fact_is_found_under_its_stream_its_person_and_its_subjects() -> None:
    assert entries(a_walk().history) == {(WALK, 1), (WALK, 2), (ADA, 2), (CAT, 2)}


def test_a_correction_is_found_under_both_bodies_and_under_its_target() -> None:
    scenario = a_walk()
    target = scenario.history[1].id
    scenario.when(
        CorrectFact(
            stream=Subject(WALK),
            fact=Subject(target),
            reason="typing_error",
            replacement={"walker": ADA, "metres": 1, "together": [DOG]},
        )
    )
    found = entries(scenario.history[2:])
    assert found == {(subject, 3) for subject in (WALK, ADA, CAT, DOG, target)}


def test_what_is_not_an_id_is_indexed_under_its_hash() -> None:
    assert indexed("Gap") == indexed("Gap") != indexed("gap")
    assert UUID(indexed("Gap")).version == 8
    assert indexed(WALK.upper()) == WALK


def test_an_unreadable_fact_is_found_under_every_id_in_its_body() -> None:
    stored = StoredFact(
        position=7,
        id=an_id(9),
        stream=WALK,
        version=3,
        name="walk.step_taken.v9",
        occurred_at=NOON,
        recorded_at=NOON,
        actor="essai",
        person=ADA,
        command=an_id(10),
        correlation=an_id(10),
        causation=None,
        body=b'{"with": ["%s"], "broken' % DOG.encode(),
    )
    recorded = read("05D", stored, a_walk().catalogue.registry)
    assert isinstance(recorded.fact, Unreadable)
    assert recorded.fact.family == "walk.step_taken"
    assert set(subjects_in(recorded)) == {WALK, ADA, DOG}
