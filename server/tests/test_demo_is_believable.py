"""Ten tenants over two years: what a reader who knows the trade would look at first."""

from collections import Counter
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest

from core.domain.correction import FactAnnulled, FactCorrected
from core.domain.days import PARIS
from core.domain.event import Fact, Recorded
from core.session.events import (
    AttendanceRecorded,
    SessionCancelled,
    SessionHeld,
    SessionPlanned,
    SessionRescheduled,
)
from plugins.ravie.cycle.events import (
    CycleClosed,
    CycleInterrupted,
    CycleOpened,
    ParticipantEnrolled,
    ParticipantQueued,
    ParticipantWithdrawn,
)
from server.demo.calendar import END, start_of
from server.demo.play import volume_of
from server.tests.rehearsal import rehearse
from tenants.territory.territory import territory

YEARS = 2
TENANTS = ("05D", "01D", "02D", "03D", "04D", "06D", "07D", "08D", "09D", "10D")


@pytest.fixture(scope="module")
def histories() -> dict[str, list[Recorded[Any]]]:
    return {code: rehearse(code, years=YEARS) for code in TENANTS}


@pytest.fixture(scope="module")
def everything(histories: dict[str, list[Recorded[Any]]]) -> list[Recorded[Any]]:
    return [recorded for history in histories.values() for recorded in history]


def of(facts: list[Recorded[Any]], *kinds: type[Fact]) -> list[Recorded[Any]]:
    return [recorded for recorded in facts if isinstance(recorded.fact, kinds)]


def test_volumes_differ_and_are_those_of_a_departement(
    histories: dict[str, list[Recorded[Any]]],
) -> None:
    facts = [len(history) / YEARS for history in histories.values()]
    assert min(facts) > 100
    assert max(facts) < 2_000
    assert max(facts) > 2 * min(facts)
    cycles = [len(of(history, CycleOpened)) / YEARS for history in histories.values()]
    assert all(1 <= each <= 25 for each in cycles)
    assert 4 <= sum(cycles) / len(cycles) <= 10


def test_the_volumes_of_all_tenants_are_usual_on_average() -> None:
    volumes = [volume_of(1, code) for code in territory().collectivites]
    assert 0.85 < sum(volumes) / len(volumes) < 1.15
    assert min(volumes) > 0.2
    assert max(volumes) < 4


def test_what_is_recorded_is_spread_over_the_years(everything: list[Recorded[Any]]) -> None:
    instants = [recorded.recorded_at for recorded in everything]
    assert start_of(YEARS) <= min(instants)
    assert max(instants) <= END
    months = Counter((instant.year, instant.month) for instant in instants)
    quiet = {month for month in months if month[1] in (7, 8)}
    assert len(months) >= 12 * YEARS - 3
    assert sum(months[month] for month in quiet) < len(everything) / 10
    assert max(months.values()) < len(everything) / 5


def test_a_history_is_recorded_in_order_and_never_ahead_of_time(
    histories: dict[str, list[Recorded[Any]]],
) -> None:
    for history in histories.values():
        assert all(one.recorded_at <= next_.recorded_at for one, next_ in pairwise(history))
        assert all(recorded.occurred_at <= recorded.recorded_at for recorded in history)


def test_no_cycle_begins_in_summer_nor_meets_at_night(everything: list[Recorded[Any]]) -> None:
    starts = [each.fact.starts_at.astimezone(PARIS) for each in of(everything, SessionPlanned)]
    starts += [each.fact.starts_at.astimezone(PARIS) for each in of(everything, SessionRescheduled)]
    assert {f"{start:%H:%M}" for start in starts} == {"09:00", "13:30", "14:00"}
    assert all(start.weekday() < 5 for start in starts)
    assert not {(start.month, start.day) for start in starts} & {(5, 1), (11, 11), (12, 25), (1, 1)}
    firsts = [
        each.fact.starts_at.astimezone(PARIS)
        for each in of(everything, SessionPlanned)
        if each.fact.number == 1
    ]
    assert not {first.month for first in firsts} & {7, 8}
    assert len({first.month for first in firsts}) >= 7


def test_some_of_it_is_typed_in_long_after(everything: list[Recorded[Any]]) -> None:
    held = of(everything, SessionHeld)
    late = [each for each in held if each.recorded_at - each.occurred_at > timedelta(days=7)]
    assert 0.02 < len(late) / len(held) < 0.2


def test_people_are_absent_and_leave_early(everything: list[Recorded[Any]]) -> None:
    lines = [each.fact for each in of(everything, AttendanceRecorded)]
    absent = sum(line.presence != "present" for line in lines) / len(lines)
    early = sum(line.presence == "present" and line.minutes < 180 for line in lines) / len(lines)
    assert 0.06 < absent < 0.2
    assert 0.02 < early < 0.12
    assert all(line.minutes == 0 for line in lines if line.presence != "present")


def test_things_do_not_go_as_planned(everything: list[Recorded[Any]]) -> None:
    planned = len(of(everything, SessionPlanned))
    assert 0.01 < len(of(everything, SessionCancelled)) / planned < 0.1
    assert 0.01 < len(of(everything, SessionRescheduled)) / planned < 0.12
    lines = len(of(everything, AttendanceRecorded))
    assert 0.002 < len(of(everything, FactCorrected)) / lines < 0.03
    assert 0.002 < len(of(everything, FactAnnulled)) / lines < 0.03


def test_a_place_given_up_goes_to_the_first_who_waits(
    histories: dict[str, list[Recorded[Any]]],
) -> None:
    offered = []
    for history in histories.values():
        for withdrawn in of(history, ParticipantWithdrawn):
            cycle = [each for each in history if each.stream == withdrawn.stream]
            waiting = [
                each.fact.person
                for each in of(cycle, ParticipantQueued)
                if each.position < withdrawn.position
            ]
            after = history[withdrawn.position]
            if waiting and isinstance(after.fact, ParticipantEnrolled):
                assert after.fact.from_waiting_list
                assert after.fact.person == waiting[0]
                assert after.actor == "ravie.offer_the_freed_place"
                offered.append(after)
    assert len(offered) >= 3


def test_cycles_end_well_badly_or_not_yet(everything: list[Recorded[Any]]) -> None:
    opened = len(of(everything, CycleOpened))
    interrupted = len(of(everything, CycleInterrupted))
    still_open = opened - interrupted - len(of(everything, CycleClosed))
    assert 1 <= interrupted < opened / 10
    assert 1 <= still_open < opened / 5


def test_the_same_seed_gives_the_same_and_another_one_another() -> None:
    assert rehearse("06D", years=1) == rehearse("06D", years=1)
    assert rehearse("06D", years=1) != rehearse("06D", years=1, seed=2)
