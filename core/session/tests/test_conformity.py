from core.session.conformity import deviations
from core.session.tests.stories import at


def test_a_session_as_planned_breaks_nothing() -> None:
    planned = (at(8), at(11))
    assert not list(deviations(planned=planned, real=(at(9), at(12)), capacity=9, came=9))
    assert not list(deviations(planned=planned, real=None, capacity=None, came=0))


def test_a_session_longer_or_fuller_than_planned_is_flagged() -> None:
    flags = deviations(planned=(at(8), at(11)), real=(at(8), at(11, 1)), capacity=9, came=10)
    assert list(flags) == ["longer_than_planned", "over_capacity"]
