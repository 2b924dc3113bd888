from datetime import UTC, date, datetime
from typing import Any

from core.domain.correction import AnnulFact
from core.domain.event import Subject
from core.registers.people.commands import AppointRepresentative, EndRepresentation
from core.registers.people.events import RepresentationEnded, RepresentativeAppointed
from core.registers.people.tests.stories import (
    BY_HER_MOTHER,
    LEA,
    MANDATE,
    MOTHER,
    NOE,
    TODAY,
    TUTELLE,
    YESTERDAY,
    people,
)
from core.testing.scenario import an_id


def appoint(**changes: Any) -> AppointRepresentative:
    usual: dict[str, Any] = {
        "person": LEA,
        "representation": Subject(an_id(0x3001)),
        "kind": "tuteur",
        "representative": TUTELLE,
        "representing": "structure",
        "since": date(2025, 6, 1),
    }
    return AppointRepresentative(**{**usual, **changes})


def end(**changes: Any) -> EndRepresentation:
    usual: dict[str, Any] = {
        "person": LEA,
        "representation": MANDATE,
        "on": YESTERDAY,
        "reason": "majority",
    }
    return EndRepresentation(**{**usual, **changes})


def test_a_representative_is_appointed_from_a_day_on() -> None:
    scenario = people().when(appoint(until=date(2030, 6, 1)))
    scenario.then(
        RepresentativeAppointed(
            person=LEA,
            representation=Subject(an_id(0x3001)),
            kind="tuteur",
            representative=TUTELLE,
            representing="structure",
            since=date(2025, 6, 1),
            until=date(2030, 6, 1),
        )
    )
    assert scenario.history[-1].occurred_at == datetime(2025, 6, 1, 10, tzinfo=UTC)


def test_two_parents_act_together() -> None:
    father = appoint(kind="parent", representative=Subject(an_id(0x2002)), representing="person")
    assert people().given(BY_HER_MOTHER, stream=LEA).when(father).written


def test_a_person_does_not_represent_themselves() -> None:
    people().when(appoint(representative=Subject(LEA))).then_refused("representative_of_oneself")


def test_a_representation_does_not_end_before_it_begins() -> None:
    people().when(appoint(until=date(2025, 5, 31))).then_refused("period_is_upside_down")
    people().given(BY_HER_MOTHER, stream=LEA).when(end(on=date(2010, 5, 3))).then_refused(
        "period_is_upside_down"
    )


def test_a_representative_acts_once_at_a_time_in_one_capacity() -> None:
    again = appoint(kind="parent", representative=MOTHER, representing="person")
    people().given(BY_HER_MOTHER, stream=LEA).when(again).then_refused(
        "representative_already_appointed"
    )


def test_a_representative_may_be_appointed_again_once_it_ended() -> None:
    scenario = people().given(BY_HER_MOTHER, stream=LEA).when(end(on=date(2025, 5, 31)))
    again = appoint(kind="parent", representative=MOTHER, representing="person")
    assert scenario.when(again).written


def test_a_representation_has_an_id_of_its_own() -> None:
    people().given(BY_HER_MOTHER, stream=LEA).when(appoint(representation=MANDATE)).then_refused(
        "already_exists"
    )


def test_a_representation_ends_on_a_day_for_a_reason() -> None:
    people().given(BY_HER_MOTHER, stream=LEA).when(end()).then(
        RepresentationEnded(person=LEA, representation=MANDATE, on=YESTERDAY, reason="majority")
    )


def test_only_a_representation_of_the_file_ends() -> None:
    people().when(end()).then_refused("representation_is_unknown")
    people().given(BY_HER_MOTHER, stream=LEA).when(end(person=NOE)).then_refused(
        "representation_is_unknown"
    )


def test_a_representation_ends_once() -> None:
    people().given(BY_HER_MOTHER, stream=LEA).when(end()).when(end(on=TODAY)).then_refused(
        "representation_already_ended"
    )


def test_the_end_of_a_representation_is_told_once_it_has_come() -> None:
    people().given(BY_HER_MOTHER, stream=LEA).when(end(on=date(2026, 1, 16))).then_refused(
        "occurred_in_the_future"
    )


def test_an_appointment_that_was_ended_is_not_annulled_before_its_end() -> None:
    scenario = people().given(BY_HER_MOTHER, stream=LEA).when(end())
    appointed = next(r for r in scenario.history if isinstance(r.fact, RepresentativeAppointed))
    scenario.when(
        AnnulFact(stream=Subject(LEA), fact=Subject(appointed.id), reason="typing_error")
    ).then_refused("correction_breaks_history")
