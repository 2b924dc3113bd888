"""Random histories of walks: steps, annulments, corrections, and corrections of the corrected."""

from datetime import timedelta
from typing import Any, NamedTuple

from hypothesis import strategies as st

from core.domain.correction import AnnulFact, CorrectFact
from core.domain.event import PersonId, Subject
from core.domain.tests.walk import StepTaken, WalkBegun
from core.testing.scenario import NOON, Scenario, an_id
from projections.tests.walks import FAREWELL, WALKS

STREAMS = [Subject(an_id(0x50 + n)) for n in range(2)]
PEOPLE = [PersonId(an_id(0x10 + n)) for n in range(3)]
OTHERS = [Subject(an_id(0x30 + n)) for n in range(3)]


class Move(NamedTuple):
    kind: str
    target: int
    metres: int
    person: int
    together: list[int]


def moves(*metres: int) -> st.SearchStrategy[list[Move]]:
    """What happens in a story; `metres` are lengths to be met besides the usual ones."""
    return st.lists(
        st.builds(
            Move,
            kind=st.sampled_from(["step", "step", "correct", "correct", "annul"]),
            target=st.integers(0, 40),
            metres=st.sampled_from([1, 7, FAREWELL, 60, 150, *metres]),
            person=st.integers(0, len(PEOPLE) - 1),
            together=st.lists(st.integers(0, len(OTHERS) - 1), max_size=2, unique=True),
        ),
        min_size=12,
        max_size=30,
    )


def story(told: list[Move]) -> Scenario:
    """The scenario of a story; what the rules of correction refuse leaves no trace."""
    scenario = Scenario(WALKS)
    for place, stream in zip(("Gap", "Briançon"), STREAMS, strict=True):
        scenario.given(WalkBegun(place=place), stream=stream)
    for number, move in enumerate(told):
        scenario.now = NOON + timedelta(hours=number)
        _play(scenario, move)
    return scenario


def _play(scenario: Scenario, move: Move) -> None:
    target = scenario.history[move.target % len(scenario.history)]
    stream, fact = Subject(target.stream), Subject(target.id)
    together = tuple(OTHERS[n] for n in move.together)
    if move.kind == "step":
        step = StepTaken(walker=PEOPLE[move.person], metres=move.metres, together=together)
        when = scenario.now - timedelta(days=move.target)
        scenario.given(step, stream=stream, occurred_at=when)
    elif move.kind == "annul":
        scenario.when(AnnulFact(stream=stream, fact=fact, reason="duplicate"))
    else:
        body: dict[str, Any] = {"place": "Embrun"}
        if isinstance(target.fact, StepTaken):
            body = {
                "walker": target.fact.walker,
                "metres": move.metres,
                "together": together,
            }
        scenario.when(
            CorrectFact(stream=stream, fact=fact, replacement=body, reason="typing_error")
        )
