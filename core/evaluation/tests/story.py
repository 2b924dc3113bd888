"""A story in which everything an evaluation knows happens; the contract of modules reads it."""

from core.domain.event import Subject
from core.evaluation.tests.grid import EVALUATION_ID, PERSON, WORDS, Correct, Record
from core.evaluation.tests.grid import story as nothing_yet
from core.testing.scenario import Scenario, an_id


def story() -> Scenario:
    """A person answers before a cycle; one answer was typed wrong."""
    recorded = Record(
        evaluation=EVALUATION_ID,
        instrument="essai.grille",
        instrument_version=1,
        about="person",
        person=PERSON,
        series=Subject(an_id(5)),
        occasion="avant",
        assessor=Subject(an_id(6)),
        answers={"calme": 4, "bruit": 2, "suite": "emploi"},
        sealed_answers=WORDS,
    )
    corrected = Correct(
        evaluation=EVALUATION_ID,
        answers={"calme": 4, "bruit": 1, "suite": "emploi"},
        sealed_answers=WORDS,
        reason="saisie",
    )
    return nothing_yet().when(recorded).when(corrected)
