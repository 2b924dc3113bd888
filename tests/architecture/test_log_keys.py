"""What our code says in its logs is under keys that the logs keep."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.observability import KNOWN_KEYS

ROOT = Path(__file__).parents[2]
FOLDERS = ("core", "plugins", "projections", "server", "tenants")
LEVELS = {"debug", "info", "warning", "error", "exception", "critical"}
NOT_VALUES = {"exc_info", "stack_info"}


def calls(file: Path) -> Iterator[ast.Call]:
    for node in ast.walk(ast.parse(file.read_text())):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in LEVELS
            and isinstance(node.func.value, ast.Name)
            and node.func.value.id == "log"
        ):
            yield node


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_value_is_logged_under_a_known_key(folder: str) -> None:
    unknown = [
        f"{file.relative_to(ROOT)}:{call.lineno} {keyword.arg}"
        for file in sorted((ROOT / folder).rglob("*.py"))
        if "tests" not in file.parts
        for call in calls(file)
        for keyword in call.keywords
        if keyword.arg not in KNOWN_KEYS | NOT_VALUES
    ]
    assert not unknown
