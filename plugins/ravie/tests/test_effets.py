from pathlib import Path

from core.evaluation.instrument import Instrument
from core.evaluation.reading import read_instruments


def effets() -> Instrument:
    instruments = read_instruments(Path(__file__).parents[1] / "instruments")
    instrument = instruments.find("ravie.effets", 1)
    assert instrument is not None
    return instrument


def test_the_four_effects_asked_for_are_measured_with_three_questions_each() -> None:
    assert {subscale.code: len(subscale.items) for subscale in effets().subscales} == {
        "isolement": 3,
        "reconnaissance": 3,
        "bien_etre": 3,
        "droit_du_travail": 3,
    }
    assert len(effets().items) == 12


def test_answering_the_best_everywhere_gives_five_on_every_scale() -> None:
    instrument = effets()
    best = {item.code: 1 if item.reversed else 5 for item in instrument.items}
    assert {score.value for score in instrument.scores(best)} == {5.0}


def test_agreeing_with_everything_is_not_the_best_answer() -> None:
    instrument = effets()
    total = instrument.scores({item.code: 5 for item in instrument.items})[0]
    assert total.value is not None
    assert total.value < 4
