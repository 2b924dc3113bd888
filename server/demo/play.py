"""Plays the demonstration: every tenant's scenes, until the read models hold them."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from random import Random
from time import monotonic

import msgspec

from core.clock import SimulatedClock
from core.tenancy import Tenant
from server.assembly import Parts
from server.demo.calendar import END, period_of, start_of
from server.demo.stage import Backstage, TenantStage
from server.demo.summary import Summary, count_facts, facts_of, figures
from server.opening import open_tenant

TOGETHER = 12
"""Tenants that play at once: enough to fill the commits, not more than two cores can follow."""

SPREAD = 0.45
"""How far tenants are from the usual volume: two in three do 0.6 to 1.4 times as much."""

Progress = Callable[[int, int], None]
"""Told after each scene: facts recorded since the last time, and tenants that have finished."""


class Program(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be played. `tenants` are codes."""

    tenants: tuple[str, ...]
    years: int
    seed: int


class Seconds:
    """How long each step took, by name, in the order they were done."""

    def __init__(self) -> None:
        self.by_step: dict[str, float] = {}

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        began = monotonic()
        yield
        self.by_step[name] = round(monotonic() - began, 2)


async def begun(parts: Parts, clock: SimulatedClock, program: Program) -> list[str]:
    """Tenants of the program that have a history already: to be left as they are, at the end."""
    found = []
    for code in program.tenants:
        tenant = parts.tenants.find(code)
        if await count_facts(parts.serving[tenant.placement], tenant):
            clock.advance(code, END)
            found.append(code)
    return found


async def play(parts: Parts, clock: SimulatedClock, program: Program, progress: Progress) -> None:
    """Plays every tenant of the program; the first refusal stops them all, and is raised."""
    backstage = _backstage(parts, clock)
    queue = iter([parts.tenants.find(code) for code in program.tenants])

    async def player() -> None:
        for tenant in queue:
            await open_tenant(parts, tenant, _played_modules(parts))
            await _play_one(parts, backstage, tenant, program, progress)

    players = [asyncio.create_task(player()) for _ in range(TOGETHER)]
    try:
        await asyncio.gather(*players)
    finally:
        for task in players:
            task.cancel()
        # What they stand on is closed next.
        await asyncio.gather(*players, return_exceptions=True)


async def caught_up(parts: Parts, program: Program) -> None:
    """Waits until the worker has followed every tenant to its last fact."""
    for code in program.tenants:
        tenant = parts.tenants.find(code)
        # What is awaited happens in another loop, or another process: it can only be looked at.
        while (await parts.engine.lag(tenant)).positions:  # noqa: ASYNC110
            await asyncio.sleep(0.05)


async def summarised(parts: Parts, program: Program, seconds: Seconds) -> Summary:
    """The summary of what was played: figures over read models, counts of facts."""
    tenants = [parts.tenants.find(code) for code in program.tenants]
    with seconds.step("summary"):
        by_tenant, by_name = await facts_of(parts.serving, tenants)
        computed = await figures(
            parts.engine,
            tenants,
            parts.catalogue.indicators,
            period_of(program.years),
        )
    return Summary(
        seed=program.seed,
        years=program.years,
        facts=sum(by_tenant.values()),
        facts_by_tenant=by_tenant,
        facts_by_name=by_name,
        indicators=computed,
        seconds=seconds.by_step,
        invented=_invented(parts),
    )


async def _play_one(
    parts: Parts,
    backstage: Backstage,
    tenant: Tenant,
    program: Program,
    progress: Progress,
) -> None:
    stage = TenantStage(
        backstage,
        tenant,
        seed=program.seed,
        start=start_of(program.years),
        end=END,
        volume=volume_of(program.seed, tenant.code),
        progress=progress,
    )
    for module in parts.catalogue.modules:
        if module.demo is not None:
            module.demo(stage)
    await stage.play()
    progress(0, 1)


def _backstage(parts: Parts, clock: SimulatedClock) -> Backstage:
    async def settle(tenant: Tenant, position: int) -> None:
        while await parts.engine.delivered(tenant) < position:
            if not await parts.engine.deliver(tenant):
                # The worker delivers for this tenant: it is nearly done.
                await asyncio.sleep(0.002)

    return Backstage(
        application=parts.application,
        people=parts.people,
        vault=parts.vault,
        attachments=parts.attachments,
        clock=clock,
        settle=settle,
        roles=parts.catalogue.roles,
    )


def _played_modules(parts: Parts) -> list[str]:
    """Those that a tenant is to be given; it has the others anyway."""
    return [
        module.name
        for module in parts.catalogue.modules
        if module.demo is not None and not module.always_on
    ]


def volume_of(seed: int, code: str) -> float:
    """How much happens in a tenant: a few do much, most do little, 1.0 on average.

    Drawn for each apart: with whom a tenant is played changes nothing of its history.
    """
    chance = Random(f"{seed}/{code}/volume")  # noqa: S311 - for play, not for secrets
    return chance.lognormvariate(-(SPREAD**2) / 2, SPREAD)


def _invented(parts: Parts) -> dict[str, list[str]]:
    """By tenant played after a source, what the source does not give."""
    invented: dict[str, list[str]] = {}
    for module in parts.catalogue.modules:
        for tenant, missing in module.invented.items():
            invented.setdefault(tenant, []).extend(missing)
    return invented
