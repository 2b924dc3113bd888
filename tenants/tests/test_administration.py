"""A tenant's own decisions, taken through the application and felt by every other command."""

import asyncio
from datetime import date
from typing import ClassVar

import pytest

from core.access.actor import Actor, NotAllowed
from core.application import Application
from core.catalogue import Catalogue
from core.domain.command import Code, Command, SubjectId
from core.domain.decider import Aggregate, Context, Decided, Decision
from core.domain.event import Fact, Recorded, Subject
from core.domain.refusal import Refusal
from core.ids import uuid7
from core.module import Module, Permission, Setting
from core.tenancy import Tenant, UnknownTenant
from tenants.commands import (
    ChangeSetting,
    DisableModule,
    EnableModule,
    ProvisionTenant,
    ResumeTenant,
    SuspendTenant,
)
from tenants.module import CONFIGURE, MODULE, OPERATE
from tenants.placement import stream_of
from tests.installation import Installation

LONG_AGO = date(2020, 1, 1)


class PlaceOpened(Fact, frozen=True, kw_only=True):
    stored_name: ClassVar[str] = "essai.place_opened.v1"

    place: Subject
    seats: int


class OpenPlace(Command, frozen=True, kw_only=True):
    name: ClassVar[str] = "essai.open_place"

    place: SubjectId
    kind: Code = "accueil"


def open_place(command: OpenPlace, _state: None, context: Context) -> Decided:
    return [PlaceOpened(place=command.place, seats=context.settings["essai.seats"])]


def evolve(_state: int | None, recorded: Recorded[PlaceOpened]) -> int:
    return recorded.fact.seats


PLACE = Aggregate(name="essai.place", facts=(PlaceOpened,), evolve=evolve)
ESSAI = Module(
    name="essai",
    title="Essai",
    version="1",
    facts=(PlaceOpened,),
    aggregates=(PLACE,),
    decisions=(
        Decision(
            command=OpenPlace,
            aggregate=PLACE,
            stream="place",
            decide=open_place,
            permission="essai.open",
            opens=True,
        ),
    ),
    permissions=(Permission("essai.open", "Ouvrir un lieu."),),
    settings=(Setting(code="essai.seats", sentence="Places.", kind=int, default=8),),
)

OPERATOR = Actor(id="exploitante", grants={"05D": frozenset({OPERATE.code, CONFIGURE.code})})
WORKER = Actor(id="animatrice", grants={"05D": frozenset({"essai.open"})})
GAP = stream_of("05D")


@pytest.fixture
def catalogue() -> Catalogue:
    return Catalogue([MODULE, ESSAI])


@pytest.fixture
def tenant(installation: Installation) -> Tenant:
    return installation.tenant("05D")


async def seats(application: Application) -> int:
    """What a new place is given, by a command of the module."""
    place = Subject(uuid7())
    done = await application.execute("05D", OpenPlace(place=place), actor=WORKER)
    fact = done.facts[0].fact
    assert isinstance(fact, PlaceOpened)
    return fact.seats


async def refusal_of(application: Application, command: Command, actor: Actor = WORKER) -> str:
    with pytest.raises(Refusal) as refusal:
        await application.execute("05D", command, actor=actor)
    return refusal.value.refused.code


async def decide(application: Application, command: Command) -> None:
    await application.execute("05D", command, actor=OPERATOR)


async def test_a_suspended_tenant_reads_and_does_not_write(
    application: Application, tenant: Tenant
) -> None:
    await seats(application)
    await decide(
        application, SuspendTenant(tenant=GAP, effective_on=LONG_AGO, reason="convention_ended")
    )
    assert await refusal_of(application, OpenPlace(place=Subject(uuid7()))) == "tenant_is_suspended"
    assert (await application.store.load(tenant, [GAP]))[GAP]


async def test_a_suspended_tenant_that_is_resumed_writes_again(application: Application) -> None:
    await decide(application, SuspendTenant(tenant=GAP, effective_on=LONG_AGO, reason="asked"))
    await decide(application, ResumeTenant(tenant=GAP, effective_on=LONG_AGO))
    assert await seats(application) == 8


async def test_a_suspension_to_come_stops_nothing_yet(application: Application) -> None:
    suspend = SuspendTenant(tenant=GAP, effective_on=date(2999, 1, 1), reason="asked")
    await decide(application, suspend)
    assert await seats(application) == 8


async def test_a_suspension_is_one_tenant_s(application: Application) -> None:
    await decide(application, SuspendTenant(tenant=GAP, effective_on=LONG_AGO, reason="asked"))
    done = await application.execute(
        "69M", OpenPlace(place=Subject(uuid7())), actor=Actor.policy("essai")
    )
    assert done.facts


async def test_a_module_that_is_disabled_refuses_its_commands(application: Application) -> None:
    await decide(application, DisableModule(tenant=GAP, module="essai", effective_on=LONG_AGO))
    refused = await refusal_of(application, OpenPlace(place=Subject(uuid7())))
    assert refused == "module_is_not_enabled"


async def test_a_module_enabled_again_is_felt_at_once_while_others_read(
    application: Application, tenant: Tenant
) -> None:
    """Readers renew the copy of the settings on which the command was about to be refused."""
    await decide(application, DisableModule(tenant=GAP, module="essai", effective_on=LONG_AGO))
    await refusal_of(application, OpenPlace(place=Subject(uuid7())))
    await decide(application, EnableModule(tenant=GAP, module="essai", effective_on=LONG_AGO))
    now = application.clock.now("05D")
    readers = (application.settings(tenant, now, fresh=True) for _ in range(2))
    *_, given = await asyncio.gather(*readers, seats(application))
    assert given == 8


async def test_a_setting_reaches_the_decisions_of_its_module(application: Application) -> None:
    assert await seats(application) == 8
    await decide(
        application,
        ChangeSetting(tenant=GAP, setting="essai.seats", value=12, effective_on=LONG_AGO),
    )
    assert await seats(application) == 12


async def test_who_configures_a_tenant_does_not_suspend_it(application: Application) -> None:
    configures = Actor(id="admin", grants={"05D": frozenset({CONFIGURE.code})})
    suspend = SuspendTenant(tenant=GAP, effective_on=LONG_AGO, reason="asked")
    with pytest.raises(NotAllowed):
        await application.execute("05D", suspend, actor=configures)


async def test_a_tenant_is_opened_once(application: Application) -> None:
    refused = await refusal_of(application, ProvisionTenant(tenant=GAP), OPERATOR)
    assert refused == "already_exists"


async def test_a_collectivite_that_is_not_provisioned_is_unknown(application: Application) -> None:
    with pytest.raises(UnknownTenant):
        await application.execute("01D", OpenPlace(place=Subject(uuid7())), actor=WORKER)
