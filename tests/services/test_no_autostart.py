"""Debian's own policy is put back, even when the installation could not do it itself."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.services.no_autostart import no_autostart

_MACHINES_OWN = "#!/bin/sh\nexit 104\n"
_FORBIDDEN = 101


def _asked(policy: Path) -> int:
    return subprocess.run([policy, "rabbitmq-server", "start"], check=False).returncode


@pytest.fixture(params=["none", "one"])
def policy(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    path = tmp_path / "policy-rc.d"
    if request.param == "one":
        path.write_text(_MACHINES_OWN)
        path.chmod(0o755)
    return path


def test_no_service_starts_while_packages_install(policy: Path) -> None:
    before = policy.read_text() if policy.exists() else None
    with no_autostart(policy):
        assert _asked(policy) == _FORBIDDEN
    assert (policy.read_text() if policy.exists() else None) == before
    assert len(list(policy.parent.iterdir())) == (0 if before is None else 1)


def test_a_killed_installation_leaves_the_machine_its_own_policy(policy: Path) -> None:
    before = policy.read_text() if policy.exists() else None
    program = (
        "import os, pathlib, sys; from tests.services.no_autostart import no_autostart\n"
        "with no_autostart(pathlib.Path(sys.argv[1])): os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", program, policy], check=False)
    assert _asked(policy) == (0 if before is None else 104)
    assert (policy.read_text() if policy.exists() else None) == before
