"""When this fact, then that command: at least once, in order, with one effect."""

from collections.abc import AsyncIterator, Callable, Collection, Sequence
from datetime import datetime
from typing import Any

import msgspec
import pytest

from core.access.actor import Actor
from core.application import Application
from core.catalogue import Catalogue
from core.clock import SimulatedClock
from core.domain.correction import AnnulFact
from core.domain.event import Recorded, Subject
from core.domain.tests.walk import BeginWalk, TakeStep
from core.event_store.stored import StoreUnavailable
from core.module import Module, Policy
from core.tenancy import Tenant, TenantDirectory, TenantSettings
from core.testing.scenario import NOON, an_id
from projections.tests.ground import Ground, ground
from projections.tests.walks import CELEBRATE, WALKS
from tests.installation import Installation

WALK, PERSON = Subject(an_id(5)), an_id(1)
ANYONE = Actor(id="essai", everything=True)


class Tenants(TenantDirectory):
    """The tenants of an installation."""

    def __init__(self, installation: Installation) -> None:
        self._tenants = installation.tenants

    def find(self, code: str) -> Tenant:
        return self._tenants[code]

    def all(self) -> Sequence[Tenant]:
        return list(self._tenants.values())


class Untagged:
    """Facts without the hashes of a ledger."""

    async def tagger(
        self, _tenant: Tenant, _persons: Collection[str]
    ) -> Callable[[str, str, str, str | None], bytes]:
        return lambda *_: b""


def settings_of(history: Sequence[Recorded[Any]], _now: datetime) -> TenantSettings:
    return TenantSettings(
        version=len(history), suspended=False, modules=frozenset({"walk"}), values={}
    )


class Country(msgspec.Struct):
    """A ground on which commands are executed."""

    field: Ground
    application: Application

    def policies(self, *policies: Policy, execute: Any = None) -> "Country":
        """The same country with other policies, or another way to execute."""
        module: Module = msgspec.structs.replace(WALKS, policies=policies)
        self.field.engine = self.field.engine_of(
            module, execute=execute or self.application.execute
        )
        return self

    async def walk(self, *metres: int, walk: Subject = WALK) -> list[Recorded[Any]]:
        """Executes the steps; gives what was recorded."""
        recorded: list[Recorded[Any]] = []
        for length in metres:
            step = TakeStep(walk=walk, walker=PERSON, metres=length)  # type: ignore[arg-type]
            done = await self.application.execute("05D", step, actor=ANYONE)
            recorded += done.facts
        return recorded

    async def deliver(self, batch: int = 200) -> int:
        return await self.field.engine.deliver(self.field.tenant, batch=batch)

    async def begun(self) -> list[str]:
        """The walks that were begun, in order; the first one is ours."""
        query = """select stream::text from {facts}.facts where name = 'walk.begun.v1'
                    order by position"""
        return [stream for (stream,) in await self.field.query(query)][1:]

    async def undelivered(self) -> list[tuple[Any, ...]]:
        return await self.field.query(
            "select policy, position, command, code from {read}.undelivered order by 2"
        )


@pytest.fixture
async def country(installation: Installation) -> AsyncIterator[Country]:
    async with ground(installation) as field:
        application = Application(
            field.store,
            Catalogue([WALKS]),
            Tenants(installation),
            settings_of,
            Untagged(),
            clock=SimulatedClock(NOON),
        )
        await application.execute("05D", BeginWalk(walk=WALK, place="Gap"), actor=ANYONE)
        yield Country(field, application).policies(CELEBRATE)


@pytest.mark.parametrize("batch", [1, 2, 200])
async def test_a_fact_has_its_effect_and_the_effect_says_why(country: Country, batch: int) -> None:
    one, _, other = await country.walk(150, 10, 160)
    assert await country.deliver(batch) == 6
    assert await country.begun() == [one.id, other.id]
    query = (
        """select actor, causation::text, correlation::text from {facts}.facts
                where stream = '"""
        + one.id
        + "'"
    )
    assert await country.field.query(query) == [("policy:walk.celebrate", one.id, one.correlation)]
    assert await country.deliver(batch) == 0


async def test_a_fact_delivered_twice_has_its_effect_once(country: Country) -> None:
    [step] = await country.walk(150)
    await country.deliver()
    await country.field.query("update {read}.policies set position = 0 returning 1")
    assert await country.deliver() == 3
    assert await country.begun() == [step.id]
    assert await country.undelivered() == []


async def test_an_annulled_fact_has_no_effect(country: Country) -> None:
    [step] = await country.walk(150)
    annul = AnnulFact(stream=WALK, fact=Subject(step.id), reason="duplicate")
    await country.application.execute("05D", annul, actor=ANYONE)
    await country.field.engine.follow(country.field.tenant)
    await country.deliver()
    assert await country.begun() == []


async def test_a_refused_command_is_seen_and_holds_up_nothing(country: Country) -> None:
    country.policies(TOO_FAR, CELEBRATE)
    one, other = await country.walk(150, 160)
    await country.deliver()
    assert await country.undelivered() == [
        ("walk.too_far", 2, "walk.take_step", "walk_is_too_long"),
        ("walk.too_far", 3, "walk.take_step", "walk_is_too_long"),
    ]
    assert await country.begun() == [one.id, other.id]
    assert (await country.field.engine.lag(country.field.tenant)).undelivered == 2


async def test_a_reaction_that_fails_is_set_aside_and_delivered_again_once_mended(
    country: Country,
) -> None:
    failing = msgspec.structs.replace(CELEBRATE, react=fail)
    country.policies(failing)
    one, other = await country.walk(150, 160)
    await country.deliver()
    assert [code for *_, code in await country.undelivered()] == ["failed", "failed"]
    country.policies(CELEBRATE)
    assert await country.field.engine.redeliver(country.field.tenant) == 0
    assert await country.begun() == [one.id, other.id]
    assert await country.undelivered() == []


async def test_when_the_store_is_away_delivery_stops_there_and_goes_on_later(
    country: Country,
) -> None:
    one, other = await country.walk(150, 160)
    away = True

    async def execute(tenant: str, command: BeginWalk, **options: Any) -> Any:
        if away and command.walk == other.id:
            raise StoreUnavailable
        return await country.application.execute(tenant, command, **options)

    country.policies(CELEBRATE, execute=execute)
    with pytest.raises(StoreUnavailable):
        await country.deliver()
    assert await country.begun() == [one.id]
    assert await country.undelivered() == []
    assert await country.field.query(
        "select position from {read}.policies where policy = 'walk.celebrate'"
    ) == [(2,)]
    away = False
    await country.deliver()
    assert await country.begun() == [one.id, other.id]


async def test_a_policy_begins_where_delivery_has_come_to(country: Country) -> None:
    country.policies()
    await country.walk(150)
    await country.deliver()
    [second] = await country.walk(160)
    country.policies(CELEBRATE)
    await country.deliver()
    assert await country.begun() == [second.id]
    # Away for a while, it does not make up for what it missed.
    country.policies()
    await country.walk(170)
    await country.deliver()
    country.policies(CELEBRATE)
    await country.deliver()
    assert await country.begun() == [second.id]


async def test_a_rebuild_delivers_nothing(country: Country) -> None:
    await country.walk(150)
    await country.field.engine.rebuild(country.field.tenant)
    assert await country.begun() == []


def too_far(_recorded: Recorded[Any]) -> list[TakeStep]:
    return [TakeStep(walk=WALK, walker=PERSON, metres=100_000)]  # type: ignore[arg-type]


def fail(_recorded: Recorded[Any]) -> list[BeginWalk]:
    raise KeyError


TOO_FAR = msgspec.structs.replace(CELEBRATE, name="walk.too_far", react=too_far)
