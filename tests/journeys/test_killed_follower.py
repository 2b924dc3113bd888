"""Read models that were followed through two kills are those that the facts make again."""

import asyncio
import subprocess
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest
from psycopg import sql

from core.catalogue import Catalogue
from core.clock import SimulatedClock
from core.domain.event import Recorded
from core.projection import Projection
from core.session.events import SessionHeld
from core.settings import Settings
from core.tenancy import Tenant
from plugins.ravie.projections.attendance_sheet import ATTENDANCE_SHEET
from plugins.ravie.projections.cycle_register import CYCLE_REGISTER
from plugins.ravie.projections.participations import PARTICIPATIONS
from projections.registers.persons import PERSONS
from projections.tables import Table
from server.assembly import Parts, assembled
from server.commands.work import queue_of
from server.demo.calendar import start_of
from server.demo.play import Program, caught_up, play
from server.discovery import find_modules
from server.site import Site, ensure_installed, running
from tenants.provisioning import provision
from tenants.territory.territory import territory
from tests.journeys.processes import environment

pytestmark = pytest.mark.postgres

TENANTS = ("05D", "01D")
PLAYED = (
    CYCLE_REGISTER.name, ATTENDANCE_SHEET.name, PARTICIPATIONS.name, PERSONS.name, "subjects"
)  # fmt: skip
PROGRAM = Program(tenants=TENANTS, years=1, seed=1)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A home whose demonstration was followed by `jalon work`, killed once in each tenant."""
    home = tmp_path_factory.mktemp("killed") / "home"
    with running(Settings.from_environment(environment(home))) as site:
        asyncio.run(_provision(site))
        asyncio.run(_play_and_kill(site, home))
        yield site


async def test_followed_rows_are_the_rebuilt_ones_after_two_kills(site: Site) -> None:
    async with assembled(site, connections=4) as parts:
        for tenant in parts.tenants.all():
            assert not any((await parts.engine.differences(tenant)).values())
            followed = await _rows(parts, tenant)
            # What the demonstration plays; the read models of what it does not are empty.
            assert all(len(followed[name]) > 5 for name in PLAYED)
            await parts.engine.rebuild(tenant)
            assert await _rows(parts, tenant) == followed


async def test_nothing_was_set_aside_nor_left_undelivered(site: Site) -> None:
    async with assembled(site, connections=4) as parts:
        for tenant in parts.tenants.all():
            lag = await parts.engine.lag(tenant)
            assert (lag.positions, lag.stopped, lag.skipped, lag.undelivered) == (0, 0, 0, 0)


async def test_a_fold_that_is_broken_makes_them_differ(site: Site) -> None:
    async with assembled(site, catalogue=_broken(), connections=4) as parts:
        for tenant in parts.tenants.all():
            differences = await parts.engine.differences(tenant)
            assert differences.pop(CYCLE_REGISTER.name) > 0
            assert differences
            assert not any(differences.values())


async def _provision(site: Site) -> None:
    await ensure_installed(site)
    await provision(site.provision, [territory().collectivite(code) for code in TENANTS])


async def _play_and_kill(site: Site, home: Path) -> None:
    clock = SimulatedClock(start_of(PROGRAM.years))
    queue = queue_of(site)
    try:
        async with assembled(site, broker=queue.broker, clock=clock, connections=8) as parts:
            for code in TENANTS:
                only = msgspec.structs.replace(PROGRAM, tenants=(code,))
                async with _worker(home) as worker:
                    playing = asyncio.create_task(play(parts, clock, only, lambda *_: None))
                    await _in_mid_work(parts, parts.tenants.find(code), playing)
                    worker.kill()
                await playing
                assert (await parts.engine.lag(parts.tenants.find(code))).positions
            async with _worker(home):
                await asyncio.wait_for(caught_up(parts, PROGRAM), 60)
    finally:
        queue.close()


@asynccontextmanager
async def _worker(home: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    """`jalon work`, ready; killed at the end."""
    worker = await asyncio.create_subprocess_exec(
        "jalon",
        "work",
        env=environment(home),
        cwd=home.parent,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    assert worker.stderr is not None
    try:
        async for line in worker.stderr:
            if b"Jalon suit les faits" in line:
                break
        reading = asyncio.create_task(worker.stderr.read())
        yield worker
    finally:
        if worker.returncode is None:
            worker.kill()
        await worker.wait()
    await reading


async def _in_mid_work(parts: Parts, tenant: Tenant, playing: "asyncio.Task[None]") -> None:
    """Comes back when the worker has followed some of a history, and is behind as it grows."""
    while not playing.done():
        lag = await parts.engine.lag(tenant)
        if 0 < lag.positions < lag.head:
            return
        # Another process is looked at: nothing tells.
        await asyncio.sleep(0.005)
    await playing
    raise AssertionError("the worker was never seen behind")


async def _rows(parts: Parts, tenant: Tenant) -> dict[str, list[str]]:
    """Every row of every read model, and of the subject index, as text."""
    tables = {
        projection.name: Table.live(projection, tenant.read_schema).identifier
        for projection in await parts.engine.projections(tenant)
    }
    tables["subjects"] = sql.Identifier(tenant.read_schema, "subjects")
    dumped = {}
    async with parts.projecting[tenant.placement].projecting(tenant) as connection:
        for name, table in tables.items():
            query = sql.SQL("select t::text from {} t order by 1").format(table)
            dumped[name] = [row[0] for row in await (await connection.execute(query)).fetchall()]
    return dumped


def _broken() -> Catalogue:
    """The installed modules, with a cycle register that forgets that sessions were held."""

    def fold(row: Any, recorded: Recorded[Any]) -> Any:
        return row if isinstance(recorded.fact, SessionHeld) else CYCLE_REGISTER.fold(row, recorded)

    def with_the_broken_one(projections: Sequence[Projection[Any]]) -> tuple[Projection[Any], ...]:
        return tuple(
            msgspec.structs.replace(each, fold=fold) if each is CYCLE_REGISTER else each
            for each in projections
        )

    return Catalogue(
        [
            msgspec.structs.replace(module, projections=with_the_broken_one(module.projections))
            for module in find_modules()
        ]
    )
