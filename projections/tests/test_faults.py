"""A fact that cannot be taken in is set aside, and stops the rows it touches and no others."""

from collections.abc import AsyncIterator
from typing import Any

import msgspec
import pytest

from core.domain.correction import AnnulFact, CorrectFact
from core.domain.event import PersonId, Recorded, Subject, Upcaster
from core.domain.tests.walk import StepTaken, WalkBegun
from core.module import Module
from core.testing.scenario import Scenario, an_id
from projections.folding import PoisonFact
from projections.tests.ground import Ground, ground
from projections.tests.walks import (
    AGREED,
    COMPANIONS,
    POISON,
    REGISTER,
    WALKERS,
    WALKS,
    Register,
    register,
)
from tests.installation import Installation

WALK, OTHER_WALK = Subject(an_id(5)), Subject(an_id(6))
ADA, BEN = PersonId(an_id(1)), PersonId(an_id(2))
CAT = Subject(an_id(0x20))

MALFORMED = msgspec.json.encode({"walker": ADA, "metres": "dix", "together": [CAT]})
FORGOTTEN = msgspec.json.encode({"walker": ADA, "centimetres": 1000, "together": [CAT]})


@pytest.fixture
async def field(installation: Installation) -> AsyncIterator[Ground]:
    async with ground(installation) as made:
        await made.engine.ensure_tables(made.tenant)
        yield made


def two_walks() -> Scenario:
    return (
        Scenario(WALKS)
        .given(WalkBegun(place="Gap"), stream=WALK)
        .given(WalkBegun(place="Die"), stream=OTHER_WALK)
    )


def step(scenario: Scenario, metres: int, walker: PersonId = ADA, walk: Subject = WALK) -> None:
    scenario.given(StepTaken(walker=walker, metres=metres, together=(CAT,)), stream=walk)


async def follow(field: Ground, scenario: Scenario, batch: int = 100) -> None:
    await field.record(scenario.history)
    await field.engine.follow(field.tenant, batch=batch)


async def registers(field: Ground) -> dict[str, int]:
    return dict(await field.query("select place, metres from {read}.walk_register"))


@pytest.mark.parametrize("batch", [1, 2, 100])
async def test_a_fact_that_cannot_be_folded_stops_its_row_only(field: Ground, batch: int) -> None:
    scenario = two_walks()
    for metres in (1, POISON, 2):
        step(scenario, metres)
        step(scenario, metres % POISON + 1, walk=OTHER_WALK)
    await follow(field, scenario, batch)
    assert await registers(field) == {"Gap": 1, "Die": 6}
    assert await field.faults() == [
        ("walk.register", f'["{WALK}"]', 5, "fold_failed", "ValueError")
    ]
    # Other read models fold it, and the same ones in the comparison stop where these did.
    assert len(await field.dump(WALKERS)) == 2
    assert await field.engine.differences(field.tenant) == AGREED


async def test_a_fault_tells_neither_the_fact_nor_the_message_of_the_error(field: Ground) -> None:
    scenario = two_walks()
    step(scenario, POISON)
    await follow(field, scenario)
    [(text,)] = await field.query("select f::text from {read}.faults f")
    assert "Gap" not in text
    assert "666" not in text


@pytest.mark.parametrize("how", ["annulled", "corrected"])
async def test_a_correction_frees_the_row_that_its_target_had_stopped(
    field: Ground, how: str
) -> None:
    scenario = two_walks()
    for metres in (1, POISON, 2):
        step(scenario, metres)
    await follow(field, scenario)
    poison = Subject(scenario.history[3].id)
    if how == "annulled":
        scenario.when(AnnulFact(stream=WALK, fact=poison, reason="typing_error"))
    else:
        body = {"walker": ADA, "metres": 10}
        scenario.when(
            CorrectFact(stream=WALK, fact=poison, reason="typing_error", replacement=body)
        )
    await follow(field, scenario)
    assert await registers(field) == {"Gap": 3 if how == "annulled" else 13, "Die": 0}
    assert await field.faults() == []
    assert await field.engine.differences(field.tenant) == AGREED


async def test_a_mended_fold_takes_up_the_rows_that_had_stopped(field: Ground) -> None:
    scenario = two_walks()
    for metres in (1, POISON, 2):
        step(scenario, metres)
    await follow(field, scenario)
    assert (await field.engine.lag(field.tenant)).stopped == 1
    assert await field.engine.retry_faults(field.tenant) == 1
    mended = field.engine_of(with_register(lenient))
    assert await mended.retry_faults(field.tenant) == 0
    assert await registers(field) == {"Gap": 3, "Die": 0}
    assert await mended.differences(field.tenant) == AGREED


async def test_a_rebuild_refuses_a_poison_fact_unless_told_otherwise(field: Ground) -> None:
    scenario = two_walks()
    for metres in (1, POISON, 2):
        step(scenario, metres)
    await follow(field, scenario)
    followed, faults = await field.dumps(), await field.faults()
    with pytest.raises(PoisonFact, match="en position 4"):
        await field.engine.rebuild(field.tenant)
    assert (await field.dumps(), await field.faults()) == (followed, faults)
    await field.engine.rebuild(field.tenant, strict=False)
    assert (await field.dumps(), await field.faults()) == (followed, faults)


@pytest.mark.parametrize("batch", [1, 2, 100])
@pytest.mark.parametrize(
    ("name", "body"), [("walk.step_taken.v2", MALFORMED), ("walk.step_taken.v0", FORGOTTEN)]
)
async def test_an_unreadable_fact_stops_the_rows_it_may_be_about(
    field: Ground, name: str, body: bytes, batch: int
) -> None:
    scenario = two_walks()
    step(scenario, 1)
    step(scenario, 1, BEN, OTHER_WALK)
    await field.record(scenario.history)
    step(scenario, 10)
    await field.append(scenario.history[-1], name, body)
    step(scenario, 2)
    step(scenario, 2, BEN, OTHER_WALK)
    step(scenario, 2, BEN)
    await follow(field, scenario, batch)
    # The walk, Ada in it and Ada with the cat stopped; Ben in it and Ben with the cat did not.
    assert await registers(field) == {"Gap": 1, "Die": 3}
    walkers = "select walk, walker, kilometres::text from {read}.walk_walkers order by 1, 2"
    assert await field.query(walkers) == [
        (WALK, ADA, "0.001"),
        (WALK, BEN, "0.002"),
        (OTHER_WALK, BEN, "0.003"),
    ]
    pairs = "select walker, companion, times from {read}.walk_companions order by 1, 2"
    assert await field.query(pairs) == [(ADA, CAT, 1), (BEN, CAT, 3)]
    assert {code for _, _, _, code, _ in await field.faults()} == {"undecodable"}
    assert await field.engine.differences(field.tenant) == AGREED
    # A release that knows the old name again.
    mended = field.engine_of(
        msgspec.structs.replace(WALKS, upcasters=(*WALKS.upcasters, FROM_CENTIMETRES))
    )
    left = await mended.retry_faults(field.tenant)
    if name == "walk.step_taken.v0":
        assert left == 0
        assert await registers(field) == {"Gap": 15, "Die": 3}
    else:
        assert left == 6
        assert await registers(field) == {"Gap": 1, "Die": 3}
    assert await mended.differences(field.tenant) == AGREED


FROM_CENTIMETRES = Upcaster(
    source="walk.step_taken.v0",
    target="walk.step_taken.v2",
    upcast=lambda body: {**body, "metres": body["centimetres"] // 100},
)


async def test_a_fact_of_a_module_that_is_gone_is_skipped_and_found_again(field: Ground) -> None:
    scenario = two_walks()
    step(scenario, 1)
    await field.record(scenario.history)
    step(scenario, 2)
    await field.append(scenario.history[-1], "flight.taken.v1", b'{"by":"%s"}' % BEN.encode())
    step(scenario, 3)
    await follow(field, scenario)
    assert await registers(field) == {"Gap": 4, "Die": 0}
    assert await field.faults() == []
    assert await field.query("select position, name from {read}.skips") == [(4, "flight.taken.v1")]
    assert (await field.engine.lag(field.tenant)).skipped == 1
    # Whoever it was about, it is found under him.
    found = "select position from {read}.subjects where subject = '" + BEN + "'"
    assert await field.query(found) == [(4,)]
    await field.engine.rebuild(field.tenant)
    assert await field.query("select position, name from {read}.skips") == [(4, "flight.taken.v1")]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"keys": lambda _: [("nowhere",)]}, "key_is_not_a_subject"),
        ({"keys": lambda recorded: [(recorded.fact.missing,)]}, "keys_failed"),
        ({"fold": lambda _, __: Register(walk=CAT, place="")}, "row_has_another_key"),
        ({"fold": lambda _, __: Register(walk=WALK, place="\0")}, "row_is_unwritable"),
        ({"fold": lambda _, __: Register(walk=WALK, place="", metres=2**63)}, "row_is_unwritable"),
        ({"fold": lambda _, __: "not a row"}, "row_is_unwritable"),
    ],
)
async def test_a_read_model_that_breaks_its_contract_says_how(
    installation: Installation, change: dict[str, Any], code: str
) -> None:
    changed = msgspec.structs.replace(REGISTER, **change)
    module = msgspec.structs.replace(WALKS, projections=(changed, COMPANIONS, WALKERS))
    async with ground(installation, module) as field:
        await field.engine.ensure_tables(field.tenant)
        await field.record(Scenario(WALKS).given(WalkBegun(place="Gap"), stream=WALK).history)
        await field.engine.follow(field.tenant)
        assert [fault[3] for fault in await field.faults()] == [code]
        assert await field.query("select * from {read}.walk_register") == []


def with_register(fold: Any) -> Module:
    mended = msgspec.structs.replace(REGISTER, fold=fold)
    return msgspec.structs.replace(WALKS, projections=(mended, COMPANIONS, WALKERS))


def lenient(row: Register | None, recorded: Recorded[Any]) -> Register | None:
    """The fold of the register, for which no step is poison."""
    fact = recorded.fact
    if isinstance(fact, StepTaken) and fact.metres == POISON:
        harmless = msgspec.structs.replace(fact, metres=0)
        return register(row, msgspec.structs.replace(recorded, fact=harmless))
    return register(row, recorded)
