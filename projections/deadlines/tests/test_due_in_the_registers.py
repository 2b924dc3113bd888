"""What the registers say is due, over read models that followed a whole story."""

from collections.abc import AsyncIterator
from datetime import date

import msgspec
import pytest

from core.access.actor import Actor
from core.directory.module import MODULE as DIRECTORY
from projections.deadlines.due import Due, Span, due, projections_of, sight_of
from projections.registers.deadlines import DEADLINES
from projections.registers.module import MODULE as REGISTERS
from projections.registers.tests.story import story
from projections.tests.ground import Ground, ground
from tests.installation import Installation

pytestmark = pytest.mark.postgres

HOUSE = msgspec.structs.replace(REGISTERS, facts=(*DIRECTORY.facts, *REGISTERS.facts))
EVERYBODYS = Actor.policy("essai")


@pytest.fixture
async def field(installation: Installation) -> AsyncIterator[Ground]:
    async with ground(installation, HOUSE) as made:
        await made.record(story().history)
        await made.engine.follow(made.tenant)
        yield made


async def listed(field: Ground, actor: Actor, span: Span) -> list[Due]:
    sight = sight_of(actor, field.tenant.code, DEADLINES)
    used = projections_of(sight, HOUSE.projections)
    async with field.project.projecting(field.tenant) as connection:
        return (await due(connection, field.tenant, sight, used, span, limit=500)).items


async def test_each_kind_is_listed_in_the_order_of_the_days(field: Ground) -> None:
    found = await listed(field, EVERYBODYS, Span(done=True))
    assert {each.kind for each in found} >= {
        "registers.deliverable_due",
        "registers.convention_ends",
        "registers.experimentation_ends",
    }
    assert [each.due_on for each in found] == sorted(each.due_on for each in found)
    assert all(each.reminders[-1] < each.due_on for each in found)


async def test_what_is_done_is_left_out_unless_asked_for(field: Ground) -> None:
    whole = await listed(field, EVERYBODYS, Span(done=True))
    left = await listed(field, EVERYBODYS, Span())
    assert left == [each for each in whole if each.done_on is None]
    assert len(left) < len(whole)


async def test_the_span_keeps_its_first_day_and_not_its_last(field: Ground) -> None:
    first = (await listed(field, EVERYBODYS, Span(done=True)))[0].due_on
    day = Span(start=first, end=date.fromordinal(first.toordinal() + 1), done=True)
    assert {each.due_on for each in await listed(field, EVERYBODYS, day)} == {first}
    assert await listed(field, EVERYBODYS, Span(start=first, end=first, done=True)) == []


async def test_who_holds_no_permission_sees_nothing(field: Ground) -> None:
    assert await listed(field, Actor(id="quelqu_un"), Span(done=True)) == []
