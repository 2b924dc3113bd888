"""Why a figure changed: parts that add up, each with the facts that made it."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.domain.correction import AnnulFact, CorrectFact
from core.domain.event import Fact, PersonId, Subject
from core.domain.tests.walk import StepTaken, WalkBegun
from core.indicator import Indicator, Period
from core.testing.scenario import NOON, Scenario, an_id
from projections import why as walking
from projections.causes import CATEGORIES, Category, category_of
from projections.figures import UnknownDimension, read_models_of
from projections.measures import Cell, Delta, Measures, cell_of, delta, measure
from projections.tests.ground import Ground, ground, wipe
from projections.tests.stories import STREAMS, Move, moves, story
from projections.tests.walks import METRES, PACE, POISON, WALKERS_SEEN
from projections.why import Answer, Question, why
from tests.installation import Installation

ALWAYS = Period(date(2020, 1, 1), date(2030, 1, 1))
CASES: list[tuple[Indicator, tuple[str, ...]]] = [
    (METRES, ()),
    (METRES, ("place",)),
    (WALKERS_SEEN, ()),
    (PACE, ()),
]


@pytest.fixture
async def field(installation: Installation) -> AsyncIterator[Ground]:
    async with ground(installation) as made:
        await made.engine.ensure_tables(made.tenant)
        yield made


async def asked(field: Ground, start: int, end: int, indicator: Indicator, **more: Any) -> Answer:
    question = Question(
        before=more.pop("before", indicator),
        after=indicator,
        period=ALWAYS,
        start=start,
        end=end,
        boundary=more.pop("boundary", NOON),
        **more,
    )
    used = {*read_models_of(question.before), *read_models_of(question.after)}
    projections = await field.engine.projections(field.tenant, used)
    async with field.project.projecting(field.tenant) as connection:
        return await why(connection, field.tenant, field.store.registry, projections, question)


async def measured(
    field: Ground, position: int, indicator: Indicator, dimensions: tuple[str, ...]
) -> Measures:
    """The figure at a position, from nothing but a replay to it."""
    names = read_models_of(indicator)
    async with await field.engine.replay(
        field.tenant, names, position=position, strict=False
    ) as replay:
        tables = {each.projection.name: each.identifier for each in replay.scope.tables}
        return await measure(replay.scope.connection, indicator, ALWAYS, tables, dimensions)


Totals = dict[Category, dict[Cell, Delta]]


def added(totals: Totals) -> dict[Cell, Delta]:
    """All the parts of each cell, together."""
    whole: dict[Cell, Delta] = {}
    for cells in totals.values():
        for cell, change in cells.items():
            known = whole.get(cell, (Fraction(0),) * len(change))
            whole[cell] = tuple(a + b for a, b in zip(known, change, strict=True))
    return whole


def without_nought(cells: dict[Cell, Delta]) -> dict[Cell, Delta]:
    return {cell: change for cell, change in cells.items() if any(change)}


@settings(max_examples=12, deadline=None)
@given(
    told=moves(POISON),
    ends=st.tuples(st.integers(0, 20), st.integers(0, 25)),
    case=st.sampled_from(CASES),
    hours=st.integers(-400, 20),
)
def test_parts_are_what_each_fact_changed_in_its_turn_and_add_up(
    shared_installation: Installation,
    told: list[Move],
    ends: tuple[int, int],
    case: tuple[Indicator, tuple[str, ...]],
    hours: int,
) -> None:
    indicator, dimensions = case
    boundary = NOON + timedelta(hours=hours)

    async def run() -> None:
        async with ground(shared_installation) as field:
            history = story(told).history
            await field.record(history)
            await field.engine.follow(field.tenant)
            start = min(ends[0], len(history))
            end = min(start + ends[1], len(history))
            answer = await asked(
                field, start, end, indicator, dimensions=dimensions, boundary=boundary
            )
            expected: Totals = {each: {} for each in CATEGORIES}
            first = last = await measured(field, start, indicator, dimensions)
            for fact in history[start:end]:
                before, last = last, await measured(field, fact.position, indicator, dimensions)
                for cell in before.keys() | last.keys():
                    change = delta(
                        cell_of(before, cell, indicator.kind),
                        cell_of(last, cell, indicator.kind),
                        indicator.kind,
                    )
                    total = expected[category_of(fact, boundary, ())]
                    known = total.get(cell, (Fraction(0),) * len(change))
                    total[cell] = tuple(a + b for a, b in zip(known, change, strict=True))
            assert (answer.first, answer.last) == (first, last)
            for category in CATEGORIES:
                got = without_nought(answer.changes[category])
                assert got == without_nought(expected[category]), category
                recorded = {
                    fact.id
                    for fact in history[start:end]
                    if category_of(fact, boundary, ()) == category
                }
                named = answer.named[category]
                assert {each.fact.id for each in named} <= recorded
                assert answer.counts[category] == len(named)
                assert bool(named) >= bool(got)
            assert without_nought(added(answer.changes)) == without_nought(
                {
                    cell: delta(
                        cell_of(first, cell, indicator.kind),
                        cell_of(last, cell, indicator.kind),
                        indicator.kind,
                    )
                    for cell in first.keys() | last.keys()
                }
            )

    wipe(shared_installation)
    asyncio.run(run())


def two_walkers() -> Scenario:
    """Five facts known at noon: two walks, a step of 10 m, and two of 20 m by another."""
    scenario = story([])
    take(scenario, 10)
    take(scenario, 20, person=2)
    return take(scenario, 20, person=2)


def take(scenario: Scenario, metres: int, *, person: int = 1, days: int = 0) -> Scenario:
    """A step in the first walk, which happened some days from noon."""
    step = StepTaken(walker=PersonId(an_id(person)), metres=metres)
    return scenario.given(step, stream=STREAMS[0], occurred_at=NOON + timedelta(days=days))


def january(scenario: Scenario) -> Scenario:
    """Later: a late step, a current one, a correction of the first and an annulment."""
    first, second = scenario.history[2], scenario.history[3]
    scenario.now = NOON + timedelta(days=30)
    take(scenario, 5, days=-1)
    take(scenario, 7, person=3, days=30)
    body = {"walker": an_id(1), "metres": 11, "together": []}
    stream = Subject(STREAMS[0])
    scenario.when(
        CorrectFact(stream=stream, fact=Subject(first.id), replacement=body, reason="typing_error")
    )
    return scenario.when(AnnulFact(stream=stream, fact=Subject(second.id), reason="duplicate"))


def of(*numbers: int | Fraction) -> Delta:
    return tuple(map(Fraction, numbers))


async def test_each_part_names_its_facts_and_what_they_correct(field: Ground) -> None:
    history = january(two_walkers()).history
    await field.record(history)
    await field.engine.follow(field.tenant)
    answer = await asked(field, 5, 9, METRES)
    assert (answer.first[()].parts, answer.last[()].parts) == (of(50), of(43))
    told = {
        category: [
            (each.fact.position, each.corrects and each.corrects.position, each.changes)
            for each in named
        ]
        for category, named in answer.named.items()
        if named
    }
    assert told == {
        "late_entry": [(6, None, {(): of(5)})],
        "current_entry": [(7, None, {(): of(7)})],
        "correction": [(8, 3, {(): of(1)})],
        "annulment": [(9, 4, {(): of(-20)})],
    }
    annulled = answer.named["annulment"][0]
    assert annulled.fact.id == history[8].id
    assert (annulled.fact.name, annulled.fact.actor) == ("core.fact_annulled.v1", "animatrice")
    assert annulled.fact.recorded_at == NOON + timedelta(days=30)
    assert annulled.corrects is not None
    assert annulled.corrects.name == "walk.step_taken.v2"


async def test_someone_counted_once_is_added_by_their_first_fact_only(field: Ground) -> None:
    await field.record(january(two_walkers()).history)
    await field.engine.follow(field.tenant)
    answer = await asked(field, 5, 9, WALKERS_SEEN)
    assert [each.fact.position for each in answer.named["current_entry"]] == [7]
    assert answer.counts == {**dict.fromkeys(CATEGORIES, 0), "current_entry": 1}


async def test_a_ratio_says_what_each_of_its_sums_became(field: Ground) -> None:
    await field.record(january(two_walkers()).history)
    await field.engine.follow(field.tenant)
    answer = await asked(field, 5, 9, PACE)
    assert answer.first[()].parts == of(50, 3)
    assert answer.last[()].parts == of(43, 4)
    assert answer.changes["annulment"] == {(): of(Fraction(43, 4) - Fraction(63, 5), -20, -1)}
    assert added(answer.changes)[()] == of(Fraction(43, 4) - Fraction(50, 3), -7, 1)


async def test_what_a_module_declares_as_a_transfer_is_one(field: Ground) -> None:
    await field.record(january(two_walkers()).history)
    await field.engine.follow(field.tenant)
    answer = await asked(field, 5, 9, METRES, transfers=[StepTaken])
    assert answer.changes["transfer"] == {(): of(12)}
    assert answer.counts["late_entry"] == answer.counts["current_entry"] == 0


async def test_a_new_definition_is_a_part_of_its_own_measured_at_the_end(field: Ground) -> None:
    await field.record(january(two_walkers()).history)
    await field.engine.follow(field.tenant)
    base = METRES.base.replace("r.metres as measure", "r.metres * 2 as measure")
    doubled = msgspec.structs.replace(METRES, version=4, base=base)
    answer = await asked(field, 5, 9, doubled, before=METRES)
    assert answer.changes["rule_change"] == {(): of(43)}
    assert answer.named["rule_change"] == []
    assert added(answer.changes) == {(): of(86 - 50)}
    [same] = [await asked(field, 9, 9, doubled, before=PACE)]
    assert same.changes["rule_change"] == {(): of(86 - Fraction(43, 4))}


async def test_facts_that_are_too_many_to_try_alone_are_named_together(
    field: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(walking, "SPLITS", 0)
    scenario = two_walkers()
    scenario.now = NOON + timedelta(days=1)
    for metres in (1, 2, 3):
        take(scenario, metres, days=-1)
    await field.record(scenario.history)
    await field.engine.follow(field.tenant)
    answer = await asked(field, 5, 8, METRES)
    assert answer.changes["late_entry"] == {(): of(6)}
    assert [each.changes for each in answer.named["late_entry"]] == [None] * 3
    monkeypatch.setattr(walking, "NAMED", 2)
    answer = await asked(field, 5, 8, METRES)
    assert (answer.counts["late_entry"], len(answer.named["late_entry"])) == (3, 2)


async def test_what_the_read_models_do_not_fold_is_passed_over(field: Ground) -> None:
    scenario = two_walkers()
    fact: Fact = WalkBegun(place="Embrun")
    scenario.given(fact, stream=an_id(0x99))
    await field.record(scenario.history)
    await field.engine.follow(field.tenant)
    answer = await asked(field, 5, 6, WALKERS_SEEN)
    assert answer.counts == dict.fromkeys(CATEGORIES, 0)
    assert answer.first == answer.last


async def test_a_dimension_that_one_definition_lacks_is_refused(field: Ground) -> None:
    with pytest.raises(UnknownDimension, match=r"walk\.pace"):
        await asked(field, 0, 0, METRES, before=PACE, dimensions=("place",))


async def test_asking_why_leaves_nothing_behind(field: Ground) -> None:
    await field.record(january(two_walkers()).history)
    await field.engine.follow(field.tenant)
    before, faults = await field.dumps(), await field.faults()
    tables = await field.query("select count(*) from pg_class where relkind = 'r'")
    await asked(field, 5, 9, PACE)
    assert (await field.dumps(), await field.faults()) == (before, faults)
    assert await field.query("select count(*) from pg_class where relkind = 'r'") == tables
