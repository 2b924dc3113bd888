"""A run says which tests did not run, and fails on them when it must."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]

_TESTS = """
import pytest

def test_runs(): pass

@pytest.mark.skip(reason="pas de broker")
def test_is_skipped(): pass

@pytest.mark.xfail(reason="à corriger")
def test_is_expected_to_fail(): assert False

def test_is_left_out(): pass
"""
_LEAVE_ONE_OUT = ("--deselect", "test_it.py::test_is_left_out")


@pytest.mark.parametrize("workers", ["0", "2"])
def test_each_test_not_run_is_listed_with_its_reason(tmp_path: Path, workers: str) -> None:
    (tmp_path / "test_it.py").write_text(_TESTS)
    (tmp_path / "test_whole_file.py").write_text(
        "import pytest\npytest.skip('fichier entier', allow_module_level=True)"
    )
    status, lines = _run(tmp_path, "-n", workers, *_LEAVE_ONE_OUT)
    assert status == 0
    assert lines == [
        "1 — échec attendu : à corriger",
        "    test_it.py::test_is_expected_to_fail",
        "1 — écarté par une option de pytest",
        "    test_it.py::test_is_left_out",
        "1 — pas de broker",
        "    test_it.py::test_is_skipped",
        "1 — fichier entier",
        "    test_whole_file.py",
    ]


@pytest.mark.parametrize(
    "options",
    [
        ("-n", "0", *_LEAVE_ONE_OUT, "-k", "runs or left_out"),  # deselected
        ("-n", "2", "-k", "runs"),  # deselected, which only a worker sees
        ("-n", "0", "test_it.py::test_is_skipped"),
        ("-n", "0", "test_it.py::test_is_expected_to_fail"),
    ],
)
def test_a_list_that_is_not_empty_fails_the_run_that_wants_all(
    tmp_path: Path, options: tuple[str, ...]
) -> None:
    (tmp_path / "test_it.py").write_text(_TESTS)
    assert _run(tmp_path, *options, all_tests=True)[0] == 1


@pytest.mark.parametrize("workers", ["0", "2"])
def test_a_run_of_every_test_says_so_and_passes(tmp_path: Path, workers: str) -> None:
    (tmp_path / "test_it.py").write_text("def test_runs(): pass")
    status, lines = _run(tmp_path, "-n", workers, all_tests=True)
    assert (status, lines) == (0, ["Tous les tests ont été exécutés."])


def test_a_run_that_stops_early_lists_what_it_never_reached(tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text("def test_a(): assert False\ndef test_b(): pass")
    status, lines = _run(tmp_path, "-n", "0", "-x")
    assert status == 1
    assert lines[1:] == ["    test_it.py::test_b"]


def _run(folder: Path, *options: str, all_tests: bool = False) -> tuple[int, list[str]]:
    """The exit status of a run of `folder`'s tests, and its list of tests not run."""
    plugins = ["-p", "tests.services.not_run", "-p", "no:cacheprovider"]
    (folder / "pytest.ini").write_text("[pytest]\nasyncio_default_fixture_loop_scope = function")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *plugins, *options],
        cwd=folder,
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(PROJECT),
            "JALON_ALL_TESTS": "1" if all_tests else "",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    after = done.stdout.partition("Tests non exécutés")[2].splitlines()[1:]
    ours = ("1 — ", "    test_", "Tous les tests")
    return done.returncode, [line for line in after if line.startswith(ours)]
