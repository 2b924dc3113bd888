from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from core.domain.correction import AnnulFact, CorrectFact, FactCorrected
from core.domain.event import Subject
from core.evaluation.events import EvaluationRecorded, Score
from core.evaluation.state import EVALUATION, Evaluation
from core.evaluation.tests.grid import EVALUATION_ID, PERSON, WORDS, Annul, Correct, Record, story
from core.testing.scenario import Scenario, an_id

LAST_WEEK = datetime(2026, 1, 8, 14, tzinfo=UTC)


def record(**changes: Any) -> Record:
    fields: dict[str, Any] = {
        "evaluation": EVALUATION_ID,
        "instrument": "essai.grille",
        "instrument_version": 1,
        "about": "person",
        "person": PERSON,
        "occasion": "avant",
        "answers": {"calme": 4, "bruit": 1, "suite": "emploi"},
    }
    return Record(**{**fields, **changes})


def standing(told: Scenario) -> EvaluationRecorded:
    state = told.state(EVALUATION, EVALUATION_ID)
    assert isinstance(state, Evaluation)
    return state.recorded.fact


def test_what_was_answered_is_recorded_with_the_scores_that_follow() -> None:
    story().when(record(sealed_answers=WORDS)).then(
        EvaluationRecorded(
            instrument="essai.grille",
            instrument_version=1,
            about="person",
            person=PERSON,
            occasion="avant",
            answers={"calme": 4, "bruit": 1, "suite": "emploi"},
            unanswered=("lieu",),
            sealed_answers=WORDS,
            scores=(
                Score(scale="total", value=4.5, points=9, answered=2, items=3),
                Score(scale="ambiance", value=4.5, points=9, answered=2, items=2),
            ),
        )
    )


def test_too_few_answers_give_no_score_but_are_recorded() -> None:
    (fact,) = story().when(record(answers={"lieu": 3})).written
    assert isinstance(fact, EvaluationRecorded)
    assert [(score.scale, score.value, score.answered) for score in fact.scores] == [
        ("total", None, 1),
        ("ambiance", None, 0),
    ]


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"instrument_version": 2}, "instrument_is_unknown"),
        ({"instrument": "autre.grille"}, "instrument_is_unknown"),
        ({"person": None}, "evaluation_names_no_subject"),
        ({"about": "place"}, "evaluation_names_no_subject"),
        ({"answers": {"inconnu": 3}}, "answer_to_unknown_item"),
        ({"answers": {"calme": 6}}, "answer_is_off_scale"),
        ({"answers": {"calme": 0}}, "answer_is_off_scale"),
        ({"answers": {"calme": "emploi"}}, "answer_is_off_scale"),
        ({"answers": {"suite": "retraite"}}, "answer_is_not_a_choice"),
        ({"answers": {"suite": 1}}, "answer_is_not_a_choice"),
        ({"answers": {"sommeil": 3}}, "answer_must_be_sealed"),
        ({"answers": {}}, "evaluation_has_no_answer"),
        (
            {"instrument": "essai.grille_ouverte", "sealed_answers": WORDS},
            "instrument_has_no_sealed_item",
        ),
    ],
)
def test_what_the_instrument_does_not_ask_is_refused(changes: dict[str, Any], refusal: str) -> None:
    story().when(record(**changes)).then_refused(refusal)


def test_a_place_is_evaluated_without_naming_anyone() -> None:
    (fact,) = story().when(record(about="place", person=None, subject=Subject(an_id(9)))).written
    assert isinstance(fact, EvaluationRecorded)
    assert (fact.person, fact.subject) == (None, an_id(9))


def test_a_corrected_evaluation_points_to_the_first_and_is_scored_again() -> None:
    told = story().when(record(occurred_at=LAST_WEEK))
    first = told.history[-1]
    told.when(Correct(evaluation=EVALUATION_ID, answers={"calme": 4, "bruit": 5}, reason="saisie"))
    (correction,) = told.written
    assert isinstance(correction, FactCorrected)
    assert correction.fact == first.id
    assert correction.person == PERSON
    assert told.history[-1].occurred_at == LAST_WEEK
    assert standing(told).answers == {"calme": 4, "bruit": 5}
    assert standing(told).unanswered == ("lieu", "suite")
    assert standing(told).scores[0] == Score(
        scale="total", value=2.5, points=5, answered=2, items=3
    )


def test_an_evaluation_can_be_corrected_again() -> None:
    told = story().when(record())
    first = told.history[-1].id
    told.when(Correct(evaluation=EVALUATION_ID, answers={"calme": 2}, reason="saisie"))
    told.when(Correct(evaluation=EVALUATION_ID, answers={"calme": 3}, reason="saisie"))
    (correction,) = told.written
    assert isinstance(correction, FactCorrected)
    assert correction.fact == first
    assert standing(told).answers == {"calme": 3}


def test_a_correction_obeys_the_instrument_and_changes_something() -> None:
    told = story().when(record())
    told.when(
        Correct(evaluation=EVALUATION_ID, answers={"calme": 9}, reason="saisie")
    ).then_refused("answer_is_off_scale")
    told.when(
        Correct(evaluation=EVALUATION_ID, answers=record().answers, reason="saisie")
    ).then_refused("correction_changes_nothing")


def test_the_generic_correction_is_refused_because_it_would_keep_the_old_scores() -> None:
    told = story().when(record())
    fact = Subject(told.history[-1].id)
    body = msgspec.to_builtins(told.written[0])
    told.when(
        CorrectFact(
            stream=EVALUATION_ID,
            fact=fact,
            replacement={**body, "answers": {"calme": 1}},
            reason="saisie",
        )
    ).then_refused("fact_cannot_be_corrected")
    told.when(AnnulFact(stream=EVALUATION_ID, fact=fact, reason="saisie")).then_refused(
        "fact_cannot_be_corrected"
    )


def test_an_annulled_evaluation_counts_no_more() -> None:
    told = story().when(record()).when(Annul(evaluation=EVALUATION_ID, reason="autre_personne"))
    assert told.state(EVALUATION, EVALUATION_ID) is None
    told.when(Annul(evaluation=EVALUATION_ID, reason="autre_personne")).then_refused("not_found")
