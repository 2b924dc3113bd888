from collections.abc import Iterator
from typing import Literal

from hypothesis import given
from hypothesis import strategies as st

from core.evaluation.instrument import Instrument, Item, Scale, Scoring, Subscale
from core.evaluation.tests.grid import GRID


def scale_values(instrument: Instrument, answers: dict[str, int | str]) -> dict[str, float | None]:
    return {score.scale: score.value for score in instrument.scores(answers)}


def test_a_reversed_item_says_the_least_at_the_highest_point() -> None:
    assert scale_values(GRID, {"bruit": 5})["ambiance"] == 1.0
    assert scale_values(GRID, {"bruit": 1})["ambiance"] == 5.0
    assert scale_values(GRID, {"bruit": 3})["ambiance"] == 3.0


def test_choices_and_sealed_items_are_never_scored() -> None:
    (total, _) = GRID.scores({"calme": 5, "lieu": 5, "suite": "emploi"})
    assert (total.items, total.answered, total.value) == (3, 2, 5.0)


def test_nothing_can_be_said_of_a_sealed_item_left_unanswered() -> None:
    assert GRID.unanswered({}) == ("calme", "bruit", "lieu", "suite")


def test_a_sum_is_refused_until_every_item_is_answered() -> None:
    grid = Instrument(
        id="essai.somme",
        version=1,
        title="Une somme",
        source="Essai",
        scale=Scale(lowest=1, highest=5),
        scoring=Scoring(rule="sum", minimum_answered=2),
        items=(Item(code="a", wording="Premier"), Item(code="b", wording="Second")),
    )
    assert scale_values(grid, {"a": 5}) == {"total": None}
    assert scale_values(grid, {"a": 5, "b": 4}) == {"total": 9.0}


@st.composite
def answered(draw: st.DrawFn) -> tuple[Instrument, dict[str, int | str]]:
    """An instrument of any shape, and answers within its scale to some of its items."""
    lowest = draw(st.integers(-10, 10))
    highest = draw(st.integers(lowest + 1, lowest + 11))
    codes = [f"item{number}" for number in range(draw(st.integers(1, 12)))]
    apart = draw(st.lists(st.sampled_from(codes), unique=True, min_size=1))
    rules: tuple[Literal["mean", "sum"], ...] = ("mean", "sum")
    rule = draw(st.sampled_from(rules))
    minimum = draw(st.integers(1, len(codes))) if rule == "mean" else len(codes)
    instrument = Instrument(
        id="essai.tout",
        version=1,
        title="Tout",
        source="Essai",
        scale=Scale(lowest=lowest, highest=highest),
        scoring=Scoring(rule=rule, minimum_answered=minimum),
        items=tuple(
            Item(code=code, wording="Question", reversed=draw(st.booleans())) for code in codes
        ),
        subscales=(
            Subscale(
                code="apart",
                title="À part",
                items=tuple(apart),
                minimum_answered=1 if rule == "mean" else len(apart),
            ),
        ),
    )
    chosen = draw(st.lists(st.sampled_from(codes), unique=True))
    return instrument, {code: draw(st.integers(lowest, highest)) for code in chosen}


@given(answered())
def test_a_score_stays_within_what_its_items_allow(
    case: tuple[Instrument, dict[str, int | str]],
) -> None:
    instrument, answers = case
    lowest, highest = instrument.scale.lowest, instrument.scale.highest
    for score in instrument.scores(answers):
        assert 0 <= score.answered <= score.items
        assert lowest * score.answered <= score.points <= highest * score.answered
        if score.value is None:
            continue
        if instrument.scoring.rule == "mean":
            assert lowest <= score.value <= highest
        else:
            assert lowest * score.items <= score.value <= highest * score.items


@given(answered())
def test_turning_every_answer_and_every_item_round_gives_the_same_scores(
    case: tuple[Instrument, dict[str, int | str]],
) -> None:
    instrument, answers = case
    ends = instrument.scale.lowest + instrument.scale.highest
    mirrored = Instrument(
        id=instrument.id,
        version=instrument.version,
        title=instrument.title,
        source=instrument.source,
        scale=instrument.scale,
        scoring=instrument.scoring,
        items=tuple(
            Item(code=item.code, wording=item.wording, reversed=not item.reversed)
            for item in instrument.items
        ),
        subscales=instrument.subscales,
    )
    turned: dict[str, int | str] = {code: ends - int(points) for code, points in answers.items()}
    assert mirrored.scores(turned) == instrument.scores(answers)


@given(answered())
def test_a_score_is_there_exactly_when_enough_items_are_answered(
    case: tuple[Instrument, dict[str, int | str]],
) -> None:
    instrument, answers = case
    for score, minimum in zip(instrument.scores(answers), _minimums(instrument), strict=True):
        assert (score.value is not None) == (score.answered >= minimum)


def _minimums(instrument: Instrument) -> Iterator[int]:
    yield instrument.scoring.minimum_answered
    yield from (subscale.minimum_answered for subscale in instrument.subscales)
