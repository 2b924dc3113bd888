"""Workers as processes of their own: killed, stopped, and beside a server."""

import asyncio
import os
import re
import signal
import subprocess
from pathlib import Path

import httpx
import pytest

from core.access.tokens import issue_development_token
from core.ids import uuid7
from plugins.ravie.projections.cycle_register import CYCLE_REGISTER
from server.tests.processes import all_end, all_in
from server.tests.workers import (
    REGISTER,
    Stand,
    caught_up,
    cycles,
    end,
    eventually,
    jalon,
    open_cycle,
)

pytestmark = pytest.mark.postgres


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
async def test_a_worker_told_to_stop_in_mid_work_ends_and_loses_nothing(
    own_stand: Stand, how: signal.Signals
) -> None:
    async with own_stand.parts() as parts:
        await parts.engine.follow(parts.tenants.find("05D"))
        await open_cycle(parts)
        with own_stand.held_up(), own_stand.jalon("work") as worker:
            await in_mid_work(own_stand)
            assert await asyncio.to_thread(end, worker, how) == 0
        assert await cycles(parts) == 0
        with own_stand.worker():
            await caught_up(parts)
            assert await cycles(parts) == 1


async def test_a_worker_killed_twice_in_mid_work_is_made_up_for_by_a_third(stand: Stand) -> None:
    async with stand.parts() as parts:
        tenant = parts.tenants.find("05D")
        await parts.engine.follow(tenant)
        for _ in range(5):
            await open_cycle(parts)
        for _ in range(2):
            with stand.held_up(), stand.jalon("work") as worker:
                await in_mid_work(stand)
                worker.kill()
            assert (await parts.engine.lag(tenant)).behind[CYCLE_REGISTER.name] >= 5
            await open_cycle(parts)
        with stand.jalon("work") as worker:
            await caught_up(parts)
            assert await asyncio.to_thread(end, worker) == 0
        assert await cycles(parts) == 7
        assert not any((await parts.engine.differences(tenant)).values())


async def test_a_server_with_its_worker_follows_what_it_records_and_stops(
    own_stand: Stand,
) -> None:
    async with own_stand.parts() as parts:
        roles = {"05D": ["ravie.coordination"]}
        token = issue_development_token(own_stand.site.settings.home, "animatrice", roles)
        with own_stand.jalon("serve", "--all-in-one", "--port", "0") as server:
            url = await asyncio.to_thread(address, server)
            async with httpx.AsyncClient(base_url=url) as client:
                assert (await client.get("/healthz")).status_code == 200
                answer = await client.post(
                    "/api/v1/tenants/05D/ravie/cycles",
                    json={"theme": "sommeil"},
                    headers={"Authorization": f"Bearer {token}", "Idempotency-Key": uuid7()},
                )
                assert answer.status_code == 201, answer.text
            await caught_up(parts)
            assert await cycles(parts) == 1
            assert await asyncio.to_thread(end, server, signal.SIGINT) == 0


def test_an_embedded_server_with_its_worker_leaves_no_orphan(tmp_path: Path) -> None:
    environment = {"PATH": os.environ["PATH"], "JALON_HOME": str(tmp_path / "maison")}
    with jalon(environment, "serve", "--all-in-one", "--port", "0") as server:
        assert httpx.get(f"{address(server)}/healthz").status_code == 200
        started = all_in(tmp_path)
        assert started
        assert end(server, signal.SIGINT) == 0
        assert all_end(started)


def address(server: "subprocess.Popen[str]") -> str:
    """Where a server says that it listens."""
    assert server.stdout is not None
    for line in server.stdout:
        if found := re.search(r"http://[\d.:]+", line):
            return found[0]
    raise AssertionError(f"the server ended with {server.wait()}")


async def in_mid_work(stand: Stand) -> None:
    """Waits until a worker waits for what is held up."""

    async def waits() -> bool:
        return bool(
            stand.do(
                "select pid from pg_locks where not granted and relation = %s::regclass", REGISTER
            )
        )

    await eventually(waits)
