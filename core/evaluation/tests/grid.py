"""A small module that measures with a small grid, as a real one does."""

from functools import partial
from typing import ClassVar

from core.domain.decider import Decision
from core.domain.event import PersonId, Subject
from core.domain.sealed import Sealed
from core.evaluation import commands as c
from core.evaluation.decisions import (
    annul_evaluation,
    correct_evaluation,
    record_evaluation,
)
from core.evaluation.instrument import (
    Instrument,
    Instruments,
    Item,
    Scale,
    Scoring,
    Subscale,
)
from core.evaluation.module import MODULE
from core.evaluation.state import EVALUATION
from core.module import Module
from core.testing.scenario import Scenario, an_id

EVALUATION_ID, PERSON = Subject(an_id(1)), PersonId(an_id(2))
WORDS = Sealed(f"jalon1.{PERSON}.1.AAAA")

GRID = Instrument(
    id="essai.grille",
    version=1,
    title="Une grille",
    source="Essai",
    scale=Scale(lowest=1, highest=5),
    scoring=Scoring(rule="mean", minimum_answered=2),
    items=(
        Item(code="calme", wording="Je suis au calme."),
        Item(code="bruit", wording="Il y a du bruit.", reversed=True),
        Item(code="lieu", wording="Je viens au lieu."),
        Item(code="suite", wording="Et après ?", choices={"emploi": "Emploi", "autre": "Autre"}),
        Item(code="sommeil", wording="Je dors bien.", sealed=True),
    ),
    subscales=(
        Subscale(code="ambiance", title="Ambiance", items=("calme", "bruit"), minimum_answered=1),
    ),
)
OPEN_GRID = Instrument(
    id="essai.grille_ouverte",
    version=1,
    title="Une grille sans réponse scellée",
    source="Essai",
    scale=GRID.scale,
    scoring=GRID.scoring,
    items=tuple(item for item in GRID.items if not item.sealed),
)
INSTRUMENTS = Instruments((GRID, OPEN_GRID))


class Record(c.RecordEvaluation, frozen=True, kw_only=True):
    name: ClassVar[str] = "essai.record_evaluation"


class Correct(c.CorrectEvaluation, frozen=True, kw_only=True):
    name: ClassVar[str] = "essai.correct_evaluation"


class Annul(c.AnnulEvaluation, frozen=True, kw_only=True):
    name: ClassVar[str] = "essai.annul_evaluation"


ESSAI = Module(
    name="essai",
    title="Essai",
    version="1",
    decisions=(
        Decision(
            command=Record,
            aggregate=EVALUATION,
            stream="evaluation",
            decide=partial(record_evaluation, instruments=INSTRUMENTS),
            permission="essai.evaluate",
            opens=True,
        ),
        Decision(
            command=Correct,
            aggregate=EVALUATION,
            stream="evaluation",
            decide=partial(correct_evaluation, instruments=INSTRUMENTS),
            permission="essai.evaluate",
        ),
        Decision(
            command=Annul,
            aggregate=EVALUATION,
            stream="evaluation",
            decide=partial(annul_evaluation, instruments=INSTRUMENTS),
            permission="essai.evaluate",
        ),
    ),
)


def story() -> Scenario:
    return Scenario(MODULE, ESSAI)
