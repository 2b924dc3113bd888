"""A module made from the template is a module like any other, before anyone touches it."""

import ast
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from server.glossary import glossary
from server.new_module import RefusedName, new_module

ROOT = Path(__file__).parents[2]
LEFT_OUT = shutil.ignore_patterns(".*", "__pycache__", "node_modules", "dist", "shared")


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of the sources, of which a test may do what it likes."""
    return Path(shutil.copytree(ROOT, tmp_path / "jalon", ignore=LEFT_OUT))


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """The part of the sources that making a module reads and writes."""
    for part in ("docs", "plugins"):
        shutil.copytree(ROOT / part, tmp_path / part, ignore=LEFT_OUT)
    return tmp_path


def run(tree: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Runs a tool of this environment in the copy, on the modules of the copy only."""
    # The tests of a part are chosen there: that the others do not run is no failure.
    kept = {name: value for name, value in os.environ.items() if name != "JALON_ALL_TESTS"}
    return subprocess.run(
        [sys.executable, *command],
        cwd=tree,
        env={**kept, "PYTHONPATH": str(tree), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_new_module_passes_the_contract_untouched(tree: Path) -> None:
    name = "atelier_de_quartier_du_mardi"
    made = new_module(name, tree)
    ran = run(
        tree,
        *("-m", "pytest", "-q", "-p", "no:xdist", "-p", "no:cacheprovider"),
        *("tests/module_contract", f"plugins/{name}"),
        *("-k", f"{name} and not postgres or glossary"),
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    collected = run(
        tree, "-m", "pytest", "-q", "--collect-only", "-p", "no:xdist", "tests/module_contract"
    )
    assert collected.stdout.count(f"[plugins.{name}]") > 20
    assert made == tree / "plugins" / name


def test_a_new_module_is_formatted_and_clean(tree: Path) -> None:
    for name in ("x2", "atelier_de_quartier_du_mardi"):
        made = new_module(name, tree)
        for check in (("format", "--check"), ("check",)):
            ran = run(tree, "-m", "ruff", *check, str(made))
            assert ran.returncode == 0, ran.stdout + ran.stderr


def test_nothing_of_the_template_is_left_in_its_names(shelf: Path) -> None:
    made = new_module("atelier", shelf)
    assert not [path for path in made.rglob("*") if "carnet" in path.name]
    for path in made.rglob("*.py"):
        text = path.read_text("utf-8")
        assert "_template" not in text, path
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                assert not re.match(r"carnet(\.|$)", node.value), f"{path.name}:{node.lineno}"
                assert "/carnet" not in node.value, f"{path.name}:{node.lineno}"
    assert (made / "README.md").read_text("utf-8").startswith("# Atelier\n")
    (row,) = (row for row in glossary(shelf / "docs" / "glossary.md") if row.term == "Atelier")
    assert row.codes == ("atelier",)


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("Atelier", "n'est pas un nom de module"),
        ("été", "n'est pas un nom de module"),
        ("_atelier", "n'est pas un nom de module"),
        ("atelier_", "n'est pas un nom de module"),
        ("a__b", "n'est pas un nom de module"),
        ("mon-module", "n'est pas un nom de module"),
        ("../ailleurs", "n'est pas un nom de module"),
        ("", "n'est pas un nom de module"),
        ("a" * 31, "n'est pas un nom de module"),
        ("class", "mot réservé"),
        ("match", "mot réservé"),
        ("ravie", "existe déjà"),
        ("session", "déjà le nom"),
        ("carnet", "déjà le nom"),
        ("core", "déjà le nom"),
    ],
)
def test_a_bad_name_is_refused_in_french_and_leaves_nothing(
    shelf: Path, name: str, why: str
) -> None:
    before = sorted(shelf.rglob("*"))
    with pytest.raises(RefusedName, match=why):
        new_module(name, shelf)
    assert sorted(shelf.rglob("*")) == before


def test_a_template_that_cannot_be_copied_leaves_nothing(shelf: Path) -> None:
    (shelf / "plugins" / "_template" / "events.py").write_bytes(b"\xff")
    before = sorted(shelf.rglob("*"))
    with pytest.raises(UnicodeDecodeError):
        new_module("atelier", shelf)
    assert sorted(shelf.rglob("*")) == before


def test_it_is_made_in_the_sources_of_jalon_only(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="sources de Jalon"):
        new_module("atelier", tmp_path)
