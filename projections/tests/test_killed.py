"""A follower that is killed leaves whole batches, and the next one goes on from there."""

import asyncio
import sys

import msgspec

from core.testing.scenario import Scenario
from projections.tests.ground import Ground, ground
from projections.tests.stories import Move, story
from projections.tests.walks import AGREED
from tests.installation import Installation

KILLS = 3


def a_long_story() -> Scenario:
    kinds = ["step", "step", "step", "correct", "step", "annul"]
    return story(
        [Move(kinds[n % 6], 2 + n * 7, 1 + n % 90, n % 3, [n % 3, (n + 1) % 3]) for n in range(300)]
    )


async def followed(field: Ground) -> int:
    [(position,)] = await field.query("select coalesce(min(position), 0) from {read}.followed")
    return int(position)


async def test_a_killed_follower_has_written_whole_batches(installation: Installation) -> None:
    scenario = a_long_story()
    async with ground(installation) as field:
        await field.engine.ensure_tables(field.tenant)
        await field.record(scenario.history)
        head = len(scenario.history)
        for kill in range(KILLS):
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "projections.tests.follower_process",
                installation.conninfo("project"),
                msgspec.json.encode(field.tenant).decode(),
            )
            # Killed in the middle of its work, wherever that is.
            while await followed(field) < head * (kill + 1) // (KILLS + 2):
                assert process.returncode is None
            process.kill()
            await process.wait()
            assert await followed(field) < head
        await field.engine.follow(field.tenant)
        assert await followed(field) == head
        assert await field.engine.differences(field.tenant) == AGREED
        before = await field.dumps()
        await field.engine.rebuild(field.tenant)
        assert await field.dumps() == before
