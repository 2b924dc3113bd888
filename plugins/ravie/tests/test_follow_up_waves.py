"""The rules of follow-up waves."""

from datetime import date
from typing import Any

import pytest

from core.domain.command import PersonRef
from core.domain.event import Subject
from core.evaluation.events import EvaluationRecorded
from core.testing.scenario import Scenario, an_id
from plugins.ravie.cycle.events import CycleClosed, CycleInterrupted, ParticipantWithdrawn
from plugins.ravie.effects.commands import AnnulEvaluation
from plugins.ravie.follow_up import commands as f
from plugins.ravie.follow_up.events import (
    PersonAsked,
    ReminderSent,
    WaveAnswered,
    WaveClosed,
    WaveLeftUnanswered,
    WaveOpened,
)
from plugins.ravie.follow_up.state import WAVE
from plugins.ravie.projections.wave_register import WAVE_REGISTER, WaveRow
from plugins.ravie.tests.stories import (
    CYCLE_ID,
    OTHER_CYCLE,
    PRODUCTION,
    a_cycle,
    enrolled,
    opened,
    person,
)

WAVE_ID = Subject(an_id(0x77))
DUE = date(2027, 3, 1)
ANSWERS: dict[str, Any] = {"situation": "meme_emploi", "rester": 4, "usage": 5}


def open_wave(*cycles: Subject, **changes: Any) -> f.OpenWave:
    fields: dict[str, Any] = {"months": 6, "due_on": DUE, **changes}
    return f.OpenWave(wave=WAVE_ID, cycles=cycles or (CYCLE_ID,), **fields)


def over(*facts: Any) -> Scenario:
    """A cycle that went to its end, with three participants."""
    return a_cycle(enrolled(1), enrolled(2), enrolled(3), *facts, PRODUCTION, CycleClosed())


def opened_wave(*facts: Any) -> Scenario:
    return over(*facts).when(open_wave())


def asked_wave(*facts: Any) -> Scenario:
    return opened_wave(*facts).when(f.AskPeople(wave=WAVE_ID))


def ref(who: int) -> PersonRef:
    return PersonRef(person(who))


def answer(who: int, **answers: Any) -> f.RecordWaveAnswer:
    return f.RecordWaveAnswer(wave=WAVE_ID, person=ref(who), answers=answers or ANSWERS)


def remind(who: int) -> f.SendReminder:
    return f.SendReminder(wave=WAVE_ID, person=ref(who), channel="phone")


def declined(who: int, reason: Any = "declined") -> f.RecordNoAnswer:
    return f.RecordNoAnswer(wave=WAVE_ID, person=ref(who), reason=reason)


def row(told: Scenario) -> WaveRow:
    return told.rows(WAVE_REGISTER)[(WAVE_ID,)]


def test_a_wave_follows_cycles_some_months_after_with_the_instrument_in_force() -> None:
    opened_wave().then(
        WaveOpened(
            cycles=(CYCLE_ID,),
            months=6,
            instrument="ravie.suivi",
            instrument_version=1,
            due_on=DUE,
        )
    )


def test_an_interrupted_cycle_may_be_followed_too() -> None:
    assert a_cycle(CycleInterrupted(reason="snow")).when(open_wave()).written


@pytest.mark.parametrize(
    ("told", "wave", "refusal"),
    [
        (a_cycle(), open_wave(), "followed_cycle_is_still_open"),
        (over(), open_wave(OTHER_CYCLE), "cycle_is_unknown"),
        (
            a_cycle(PRODUCTION, CycleClosed(), kind="project"),
            open_wave(),
            "project_cycle_is_not_followed",
        ),
        (over(), open_wave(due_on=date(2026, 12, 30)), "wave_due_before_it_opens"),
        (over(), open_wave(instrument="ravie.autre"), "instrument_is_unknown"),
        (over(), open_wave(instrument_version=9), "instrument_is_unknown"),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_a_wave_is_refused_that_would_follow_nothing(
    told: Scenario, wave: f.OpenWave, refusal: str
) -> None:
    told.when(wave).then_refused(refusal)


def test_everyone_who_has_a_place_is_asked_unless_people_are_named() -> None:
    left = ParticipantWithdrawn(person=person(1), reason="new_job")
    told = opened_wave(left).when(f.AskPeople(wave=WAVE_ID, channel="email"))
    told.then(
        PersonAsked(person=person(2), cycle=CYCLE_ID, channel="email"),
        PersonAsked(person=person(3), cycle=CYCLE_ID, channel="email"),
    )
    told.when(f.AskPeople(wave=WAVE_ID)).then_refused("nobody_left_to_ask")
    told.when(f.AskPeople(wave=WAVE_ID, people=(ref(1),))).then(
        PersonAsked(person=person(1), cycle=CYCLE_ID)
    )


def test_who_took_part_in_two_followed_cycles_is_asked_once() -> None:
    told = over()
    told.given(opened(), enrolled(3), enrolled(4), PRODUCTION, CycleClosed(), stream=OTHER_CYCLE)
    told.when(open_wave(CYCLE_ID, OTHER_CYCLE)).when(f.AskPeople(wave=WAVE_ID))
    assert [
        (fact.person, fact.cycle) for fact in told.written if isinstance(fact, PersonAsked)
    ] == [
        (person(1), CYCLE_ID),
        (person(2), CYCLE_ID),
        (person(3), CYCLE_ID),
        (person(4), OTHER_CYCLE),
    ]


def test_a_person_is_asked_once() -> None:
    told = asked_wave().when(f.AskPeople(wave=WAVE_ID, people=(ref(1),)))
    told.then_refused("person_already_asked")


def test_only_participants_of_the_followed_cycles_are_asked() -> None:
    told = opened_wave().when(f.AskPeople(wave=WAVE_ID, people=(ref(9),)))
    told.then_refused("person_not_in_followed_cycles")


def test_an_answer_is_an_evaluation_that_the_wave_says_is_its_own() -> None:
    recorded, answered = asked_wave().when(answer(1)).written
    assert isinstance(recorded, EvaluationRecorded)
    assert (recorded.series, recorded.occasion) == (WAVE_ID, "follow_up")
    assert recorded.answers == ANSWERS
    assert isinstance(answered, WaveAnswered)


def test_only_who_was_asked_answers_declines_or_is_reminded() -> None:
    for command in (answer(9), declined(9), remind(9)):
        asked_wave().when(command).then_refused("person_was_not_asked")


def test_who_has_answered_is_neither_reminded_nor_asked_again() -> None:
    told = asked_wave().when(answer(1))
    for command in (answer(1), declined(1), remind(1)):
        told.when(command).then_refused("wave_already_answered")


def test_an_annulled_answer_to_a_wave_may_be_given_again() -> None:
    told = asked_wave().when(answer(1))
    evaluation = Subject(told.history[-2].stream)
    told.when(AnnulEvaluation(evaluation=evaluation, reason="autre_personne"))
    assert row(told).answered == 0
    assert told.when(answer(1)).written
    assert row(told).answered == 1


def test_who_declined_may_still_answer_because_what_happens_is_recorded() -> None:
    told = asked_wave().when(declined(1)).when(answer(1))
    assert row(told).declined == 0
    assert row(told).answered == 1


def test_reminders_and_absences_of_answer_are_recorded() -> None:
    told = asked_wave().when(remind(1))
    told.then(ReminderSent(person=person(1), channel="phone"))
    told.when(declined(1, "unreachable"))
    told.then(WaveLeftUnanswered(person=person(1), reason="unreachable"))


def test_a_closed_wave_takes_nothing_more() -> None:
    told = asked_wave().when(f.CloseWave(wave=WAVE_ID)).then(WaveClosed())
    everything: list[Any] = [
        answer(1),
        declined(1),
        remind(1),
        f.AskPeople(wave=WAVE_ID),
        f.CloseWave(wave=WAVE_ID),
    ]
    for command in everything:
        told.when(command).then_refused("wave_is_closed")


def test_the_register_counts_answers_over_those_asked() -> None:
    told = asked_wave().when(remind(2)).when(remind(2)).when(answer(1))
    told.when(declined(2)).when(declined(3, "unreachable")).when(f.CloseWave(wave=WAVE_ID))
    seen = row(told)
    assert (seen.asked, seen.answered, seen.declined, seen.unreachable) == (3, 1, 1, 1)
    assert (seen.reminders, seen.state) == (2, "closed")
    assert [one.outcome for one in seen.people] == ["answered", "declined", "unreachable"]


def test_who_opened_and_who_carries_out_a_wave_are_related_to_it() -> None:
    assigned, structure = Subject(an_id(0x88)), Subject(an_id(0x89))
    told = over().when(open_wave(assigned=assigned, structure=structure))
    state = told.state(WAVE, WAVE_ID)
    assert WAVE.related(state) == {told.actor, assigned}
    assert WAVE.structures(state) == {structure}
