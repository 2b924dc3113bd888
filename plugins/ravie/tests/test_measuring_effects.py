"""The rules of measuring what a cycle changes, before and after."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from core.domain.command import PersonRef
from core.domain.correction import AnnulFact
from core.domain.event import Subject
from core.evaluation.events import EvaluationRecorded
from core.evaluation.state import EVALUATION
from core.evaluation.vocabulary import Answers
from core.testing.scenario import Scenario
from plugins.ravie.cycle.events import CycleClosed, CycleInterrupted, ParticipantWithdrawn
from plugins.ravie.effects.commands import AnnulEvaluation, CorrectEvaluation, RecordEffects
from plugins.ravie.effects.events import EffectsMeasured
from plugins.ravie.effects.instruments import INSTRUMENTS
from plugins.ravie.projections.cycle_effects import CYCLE_EFFECTS, EffectsOfCycle, effects_of
from plugins.ravie.projections.evaluations import EVALUATIONS, Answer
from plugins.ravie.tests.stories import (
    CYCLE_ID,
    PRODUCTION,
    a_cycle,
    enrolled,
    held,
    person,
    session,
    starts,
)

INSTRUMENT = INSTRUMENTS.find("ravie.effets", 1)
assert INSTRUMENT is not None
SCORED = [item.code for item in INSTRUMENT.items]


def answers(points: int) -> Answers:
    """The same feeling everywhere: a reversed item is agreed with the other way round."""
    assert INSTRUMENT is not None
    return {item.code: 6 - points if item.reversed else points for item in INSTRUMENT.items}


def measure(who: int, moment: Any, points: int = 3, **changes: Any) -> RecordEffects:
    fields: dict[str, Any] = {"answers": answers(points), **changes}
    return RecordEffects(cycle=CYCLE_ID, person=PersonRef(person(who)), moment=moment, **fields)


def group(size: int = 6, *facts: Any) -> Scenario:
    return a_cycle(*(enrolled(who) for who in range(1, size + 1)), *facts)


def effects(told: Scenario) -> EffectsOfCycle:
    return effects_of(told.rows(CYCLE_EFFECTS)[(CYCLE_ID,)])


def last_evaluation(told: Scenario) -> Subject:
    return Subject(
        next(r.stream for r in told.history[::-1] if r.fact.stored_name.startswith("ev"))
    )


def test_an_answer_is_an_evaluation_that_the_cycle_says_is_its_participants() -> None:
    told = group().when(measure(1, "before"))
    recorded, measured = told.written
    assert isinstance(recorded, EvaluationRecorded)
    assert (recorded.series, recorded.person, recorded.occasion) == (CYCLE_ID, person(1), "before")
    assert recorded.scores[0].value == 3.0
    assert measured == EffectsMeasured(
        person=person(1),
        moment="before",
        instrument="ravie.effets",
        instrument_version=1,
        evaluation=last_evaluation(told),
    )


def test_only_who_has_a_part_in_the_cycle_is_evaluated_for_it() -> None:
    group(2).when(measure(3, "before")).then_refused("person_not_in_cycle")
    left = ParticipantWithdrawn(person=person(1), reason="new_job")
    assert group(2, left).when(measure(1, "later")).written


def test_someone_answers_once_at_each_moment() -> None:
    told = group().when(measure(1, "before")).when(measure(1, "after"))
    told.when(measure(1, "before", 4)).then_refused("effects_already_measured")
    assert told.when(measure(2, "before")).written


def test_an_annulled_answer_may_be_given_again() -> None:
    told = group().when(measure(1, "before"))
    told.when(AnnulEvaluation(evaluation=last_evaluation(told), reason="autre_personne"))
    assert effects(told).before == 0
    assert told.when(measure(1, "before", 5)).written
    assert effects(told).before == 1


def test_a_cycle_that_is_over_still_takes_answers() -> None:
    for over in ((PRODUCTION, CycleClosed()), (CycleInterrupted(reason="group_too_small"),)):
        assert group(6, *over).when(measure(1, "after")).written


def test_only_the_instrument_in_force_is_asked() -> None:
    told = group().when(measure(1, "before", instrument_version=2))
    told.then_refused("instrument_not_in_force")
    told.settings["ravie.effects_version"] = 2
    told.when(measure(1, "before")).then_refused("instrument_is_unknown")


def test_who_answered_an_older_version_answers_it_again_so_that_answers_compare() -> None:
    told = group().when(measure(1, "before"))
    told.settings["ravie.effects_version"] = 2
    recorded, _ = told.when(measure(1, "after")).written
    assert isinstance(recorded, EvaluationRecorded)
    assert recorded.instrument_version == 1


def test_what_is_left_unanswered_is_kept_as_such() -> None:
    told = group().when(measure(1, "before", answers={"isolement_1": 2}))
    recorded = told.written[0]
    assert isinstance(recorded, EvaluationRecorded)
    assert recorded.unanswered == tuple(code for code in SCORED if code != "isolement_1")
    assert recorded.scores[0].value is None
    row = told.rows(EVALUATIONS)[(last_evaluation(told),)]
    assert (row.answered, row.unanswered) == (1, 11)
    assert row.answers[:2] == (Answer(item="isolement_1", points=2), Answer(item="isolement_2"))


def test_answers_obey_the_instrument() -> None:
    told = group()
    told.when(measure(1, "before", answers={"isolement_1": 9})).then_refused("answer_is_off_scale")
    told.when(measure(1, "before", answers={"salaire": 1})).then_refused("answer_to_unknown_item")


def test_a_corrected_evaluation_points_to_the_one_it_corrects_and_changes_the_effects() -> None:
    told = group()
    for who in range(1, 6):
        told.when(measure(who, "before", 2)).when(measure(who, "after", 3))
    last = last_evaluation(told)
    told.when(CorrectEvaluation(evaluation=last, answers=answers(5), reason="saisie"))
    assert told.history[-1].fact.fact == told.history[-3].id
    total = effects(told).scales[0]
    assert (total.scale, total.before_mean, total.mean) == ("total", 2.0, 3.4)


def test_the_cycles_word_is_not_annulled_apart_from_the_evaluation() -> None:
    told = group().when(measure(1, "before"))
    fact = Subject(told.history[-1].id)
    told.when(AnnulFact(stream=CYCLE_ID, fact=fact, reason="erreur")).then_refused(
        "fact_cannot_be_corrected"
    )


def test_effects_are_over_those_who_answered_twice() -> None:
    told = group(7)
    for who in range(1, 7):
        told.when(measure(who, "before", 2))
    for who in (1, 2, 3, 4, 5, 7):
        told.when(measure(who, "after", 4))
    seen = effects(told)
    assert (seen.before, seen.after, seen.later) == (6, 6, 0)
    after = {each.scale: each for each in seen.scales if each.moment == "after"}
    assert after["total"].pairs == 5
    assert (after["total"].before_mean, after["total"].mean) == (2.0, 4.0)
    assert after["bien_etre"].difference == 2.0


def test_fewer_than_five_pairs_give_no_mean() -> None:
    told = group()
    for who in range(1, 5):
        told.when(measure(who, "before", 2)).when(measure(who, "after", 4))
    total = effects(told).scales[0]
    assert (total.pairs, total.withheld) == (4, True)
    assert (total.before_mean, total.mean, total.difference) == (None, None, None)
    told.when(measure(5, "before", 2)).when(measure(5, "after", 4))
    assert effects(told).scales[0].mean == 4.0


def test_each_item_says_how_many_were_asked_and_answered() -> None:
    told = group().when(measure(1, "before")).when(measure(2, "before", answers={"bien_etre_1": 1}))
    counted = {(each.item, each.moment): each for each in effects(told).items}
    asked = counted["bien_etre_1", "before"], counted["isolement_1", "before"]
    assert [(each.asked, each.answered) for each in asked] == [(2, 2), (2, 1)]


def test_answers_given_at_another_time_than_their_moment_are_flagged() -> None:
    told = group()
    for number in (1, 5):
        told.given(held(number), stream=session(number))
    first, last = starts(1), starts(5)
    told.when(measure(1, "before", occurred_at=first)).when(measure(1, "after", occurred_at=last))
    assert effects(told).flags == ()
    told.when(measure(2, "before", occurred_at=first + timedelta(days=1)))
    told.when(measure(2, "after", occurred_at=last - timedelta(days=1)))
    assert effects(told).flags == (
        "before_asked_after_the_first_session",
        "after_asked_before_the_last_session",
    )


def test_an_answer_is_of_the_day_it_was_given() -> None:
    midnight = datetime(2026, 6, 30, 22, 30, tzinfo=UTC)
    told = group().when(measure(1, "before", occurred_at=midnight))
    assert told.rows(EVALUATIONS)[(last_evaluation(told),)].answered_on == date(2026, 7, 1)


def test_who_recorded_an_evaluation_is_related_to_it() -> None:
    told = group().when(measure(1, "before", assessor=Subject(person(99))))
    state = told.state(EVALUATION, last_evaluation(told))
    assert EVALUATION.related(state) == {told.actor, person(99)}
    assert EVALUATION.within(state) == CYCLE_ID
