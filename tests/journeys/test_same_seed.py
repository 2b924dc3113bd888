"""The same seed gives the same facts, but for ids and sealed tokens."""

import subprocess
from pathlib import Path

import pytest

from core.settings import Settings
from server import embedded
from server.assembly import assembled
from server.site import attached
from tests.journeys.demonstrations import Played, history, told
from tests.journeys.processes import environment

pytestmark = pytest.mark.postgres


@pytest.fixture(scope="module")
def again(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Path]:
    """Two more homes, by seed, played at the same time: fewer tenants than the first one."""
    homes = {seed: tmp_path_factory.mktemp("again") / "home" for seed in (1, 2)}
    command = ["jalon", "demo", "--no-serve", "--years", "1"]
    playing = [
        subprocess.Popen(
            [*command, "--tenants", f"{3 - seed}", "--seed", f"{seed}"],
            env=environment(home),
            cwd=home.parent,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        for seed, home in homes.items()
    ]
    for process in playing:
        _, complaints = process.communicate(timeout=300)
        assert process.returncode == 0, complaints
    return homes


async def test_the_same_seed_gives_the_same_facts_whoever_else_plays(
    played: Played, again: dict[int, Path]
) -> None:
    first = await _histories(played.home)
    second = await _histories(again[1])
    assert set(second) == {"01D", "05D"}
    for code, lines in second.items():
        assert lines == first[code]
        assert len(lines) > 100


async def test_another_seed_gives_other_facts(played: Played, again: dict[int, Path]) -> None:
    first, other = await _histories(played.home), await _histories(again[2])
    assert other["05D"] != first["05D"]
    assert len(other["05D"]) > 100


async def _histories(home: Path) -> dict[str, list[str]]:
    """Every tenant's history, as `told`, of a home that may not run."""
    settings = Settings.from_environment(environment(home))
    with embedded.start(home):
        async with assembled(attached(settings), connections=2) as parts:
            return {
                tenant.code: told(await history(parts, tenant)) for tenant in parts.tenants.all()
            }
