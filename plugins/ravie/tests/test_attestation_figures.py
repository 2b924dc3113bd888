"""Attestations as the follower counts them, and as the facts do."""

from collections.abc import AsyncIterator
from datetime import date

import msgspec
import pytest

from core.directory.module import MODULE as DIRECTORY
from core.domain.event import Subject
from core.evaluation.module import MODULE as EVALUATIONS
from core.indicator import Indicator, Period
from core.registers.people.events import PersonRegistered, PersonsMerged
from core.session.module import MODULE as SESSIONS
from plugins.ravie.indicators.attestations import (
    ATTESTATIONS,
    ATTESTATIONS_ISSUED,
    PEOPLE_ATTESTED,
)
from plugins.ravie.module import MODULE as RAVIE
from plugins.ravie.projections.attestation_register import ATTESTATION_REGISTER
from plugins.ravie.projections.participations import PARTICIPATIONS
from plugins.ravie.tests.stories import person, sign
from plugins.ravie.tests.test_attestations import (
    ALL,
    annul,
    issued,
    one,
    over,
    signature_of,
    withdraw,
)
from projections.registers.persons import PERSONS
from projections.tests.ground import Ground, ground
from tests.installation import Installation

pytestmark = pytest.mark.postgres

HOUSE = msgspec.structs.replace(
    RAVIE,
    facts=(*SESSIONS.facts, *EVALUATIONS.facts, *DIRECTORY.facts, *RAVIE.facts),
    projections=(*RAVIE.projections, PERSONS),
)
Y2026 = Period(date(2026, 1, 1), date(2027, 1, 1))
Y2027 = Period(date(2027, 1, 1), date(2028, 1, 1))


@pytest.fixture
async def field(installation: Installation) -> AsyncIterator[Ground]:
    """Two people attested; one paper replaced after a correction, the other withdrawn, then given
    again the year after.
    """
    async with ground(installation, HOUSE) as made:
        scenario = over(sign(1, 1), sign(2, 1), sign(1, 2)).when(ALL)
        await made.record(scenario.history)
        await made.engine.follow(made.tenant, batch=4)
        scenario.when(annul(signature_of(scenario, 1))).when(ALL)
        scenario.when(withdraw(issued(scenario)[1].attestation))
        scenario.now = scenario.now.replace(year=2027)
        scenario.when(one(2))
        await made.record(scenario.history)
        await made.engine.follow(made.tenant, batch=1)
        yield made


async def test_an_attestation_replaced_or_withdrawn_is_not_counted(field: Ground) -> None:
    for period, people in ((Y2026, 1), (Y2027, 1)):
        for indicator in (ATTESTATIONS_ISSUED, PEOPLE_ATTESTED):
            [figure] = await field.engine.figure(field.tenant, indicator, period)
            assert figure.value == people, indicator.name


async def test_two_ids_of_one_person_are_one_person_attested(installation: Installation) -> None:
    kept, merged = person(1), person(2)
    async with ground(installation, HOUSE) as made:
        scenario = over(sign(1, 1), sign(1, 2)).when(ALL)
        for who in (kept, merged):
            scenario.given(PersonRegistered(person=who), stream=who)
        values = []
        merge = PersonsMerged(
            person=merged, kept=Subject(kept), merged=Subject(merged), reason="entered_twice"
        )
        for facts in ((), (merge,)):
            scenario.given(*facts, stream=merged)
            await made.record(scenario.history)
            await made.engine.follow(made.tenant)
            for count in (made.engine.figure, made.engine.recount):
                [figure] = await count(made.tenant, PEOPLE_ATTESTED, Y2026)
                values.append(figure.value)
        assert values == [2, 2, 1, 1]


@pytest.mark.parametrize("indicator", ATTESTATIONS, ids=lambda each: each.name)
async def test_attestations_are_recounted_from_the_facts(
    field: Ground, indicator: Indicator
) -> None:
    for period in (Y2026, Y2027):
        for dimensions in ((), indicator.dimensions):
            asked = (field.tenant, indicator, period)
            figures = await field.engine.figure(*asked, dimensions=dimensions)
            recounted = await field.engine.recount(*asked, dimensions=dimensions)
            assert [(f.dimensions, f.value) for f in figures] == [
                (f.dimensions, f.value) for f in recounted
            ]


async def test_followed_attestations_are_those_that_the_facts_give(field: Ground) -> None:
    differences = await field.engine.differences(field.tenant)
    assert differences[ATTESTATION_REGISTER.name] == differences[PARTICIPATIONS.name] == 0
