from datetime import date
from typing import Any

from core.domain.correction import AnnulFact
from core.domain.event import Subject
from core.registers.people.commands import GiveNotice, RaiseOpposition, WithdrawOpposition
from core.registers.people.events import NoticeGiven, OppositionRaised, OppositionWithdrawn
from core.registers.people.tests.stories import GROUNDS, LEA, TODAY, YESTERDAY, people

TOMORROW = date(2026, 1, 16)
OPPOSED = OppositionRaised(person=LEA, scope="statistics", on=YESTERDAY, grounds=GROUNDS)


def notice(**changes: Any) -> GiveNotice:
    usual: dict[str, Any] = {"person": LEA, "version": "2026-1", "on": TODAY, "means": "paper"}
    return GiveNotice(**{**usual, **changes})


def test_a_notice_is_given_in_a_version_by_a_means() -> None:
    people().when(notice()).then(NoticeGiven(person=LEA, version="2026-1", on=TODAY, means="paper"))


def test_the_same_notice_is_recorded_once_a_day() -> None:
    scenario = people().when(notice(on=YESTERDAY))
    scenario.when(notice(on=YESTERDAY, means="oral")).then_refused("notice_already_given")
    assert scenario.when(notice()).written


def test_a_notice_is_not_given_tomorrow() -> None:
    people().when(notice(on=TOMORROW)).then_refused("occurred_in_the_future")


def test_an_opposition_is_recorded_with_its_sealed_grounds() -> None:
    people().when(
        RaiseOpposition(person=LEA, scope="statistics", on=YESTERDAY, grounds=GROUNDS)
    ).then(OPPOSED)


def test_an_opposition_is_raised_once_for_each_scope() -> None:
    scenario = people().given(OPPOSED, stream=LEA)
    scenario.when(RaiseOpposition(person=LEA, scope="statistics", on=TODAY)).then_refused(
        "opposition_already_raised"
    )
    assert scenario.when(RaiseOpposition(person=LEA, scope="sharing", on=TODAY)).written


def test_an_opposition_is_not_raised_tomorrow() -> None:
    people().when(RaiseOpposition(person=LEA, scope="sharing", on=TOMORROW)).then_refused(
        "occurred_in_the_future"
    )


def test_an_opposition_that_stands_is_withdrawn() -> None:
    withdraw = WithdrawOpposition(person=LEA, scope="statistics", on=TODAY)
    people().when(withdraw).then_refused("opposition_does_not_stand")
    scenario = people().given(OPPOSED, stream=LEA).when(withdraw)
    scenario.then(OppositionWithdrawn(person=LEA, scope="statistics", on=TODAY))
    assert scenario.when(RaiseOpposition(person=LEA, scope="statistics", on=TODAY)).written


def test_an_opposition_is_not_withdrawn_before_it_was_raised() -> None:
    people().given(OPPOSED, stream=LEA).when(
        WithdrawOpposition(person=LEA, scope="statistics", on=date(2026, 1, 13))
    ).then_refused("period_is_upside_down")


def test_an_opposition_that_was_withdrawn_is_not_annulled_before_its_withdrawal() -> None:
    scenario = people().given(OPPOSED, stream=LEA)
    raised = scenario.history[-1]
    scenario.when(WithdrawOpposition(person=LEA, scope="statistics", on=TODAY))
    scenario.when(
        AnnulFact(stream=Subject(LEA), fact=Subject(raised.id), reason="typing_error")
    ).then_refused("correction_breaks_history")
