"""Ctrl-C while the demonstration plays, and the same command again afterwards."""

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import psycopg
import pytest

from server.demo.summary import Summary
from server.embedded import NotRunning, attach
from server.tests.processes import all_end, all_in, until
from tests.journeys.processes import environment

pytestmark = pytest.mark.postgres

BEGUN = 30
"""Facts after which a tenant is in the middle of its history."""


def test_ctrl_c_stops_everything_and_the_demonstration_can_be_had_again(tmp_path: Path) -> None:
    home, summary = tmp_path / "home", tmp_path / "summary.json"
    with _demo(tmp_path, "--tenants", "2", "--years", "1") as playing:
        until(lambda: _facts(home) > BEGUN, within=60)
        os.killpg(playing.pid, signal.SIGINT)
        _, complaints = playing.communicate(timeout=60)
    assert playing.returncode == 130
    assert "Traceback" not in complaints
    assert all_end(all_in(tmp_path))

    words = ("--tenants", "3", "--years", "1", "--no-serve", "--summary", str(summary))
    with _demo(tmp_path, *words) as again:
        _, said = again.communicate(timeout=120)
    assert again.returncode == 0, said
    assert "Ont déjà une histoire ici, qui n'est pas rejouée : 01D, 05D." in said
    told = msgspec.json.decode(summary.read_bytes(), type=Summary)
    assert told.facts_by_tenant["05D"] > BEGUN
    assert told.facts_by_tenant["02D"] > 100


@contextmanager
def _demo(folder: Path, *words: str) -> Iterator[subprocess.Popen[str]]:
    """In a session of its own, as a shell has it in the foreground; killed if it is still there."""
    process = subprocess.Popen(
        ["jalon", "demo", *words],
        env=environment(folder / "home"),
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def _facts(home: Path) -> int:
    """How much 05D has recorded; 0 as long as there is nothing to ask."""
    try:
        conninfo = attach(home).conninfo("postgres", "jalon")
        with psycopg.connect(conninfo) as connection:
            found = connection.execute("select count(*) from facts_05d.facts").fetchone()
    except (NotRunning, psycopg.Error):
        return 0
    assert found is not None
    return int(found[0])
