"""The modules the contract is checked over: every one that is found, and the template."""

import ast
import inspect
from collections.abc import Iterable, Iterator
from functools import cache
from importlib import import_module
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import msgspec

from core.catalogue import Catalogue
from core.domain.correction import effective
from core.domain.event import Recorded
from core.module import Module
from core.testing.scenario import Scenario
from server import discovery

TEMPLATE = "plugins._template"


class Installed(msgspec.Struct, frozen=True):
    """A module and the package it is in, like `plugins.ravie`."""

    package: str
    module: Module

    @property
    def folder(self) -> Path:
        return Path(str(files(self.package)))

    @property
    def folders(self) -> tuple[Path, ...]:
        """Its own, and those outside of it that hold the rules its decisions name."""
        decides = (decision.decide for decision in self.module.decisions)
        # A rule that a module gives its own instruments to is a partial of it.
        rules = {Path(inspect.getfile(getattr(rule, "func", rule))).parent for rule in decides}
        outside = sorted(rule for rule in rules if self.folder not in {rule, *rule.parents})
        return (self.folder, *outside)

    def sources(self) -> Iterator[tuple[Path, ast.Module]]:
        """Its Python files but for its tests, parsed."""
        for folder in self.folders:
            for path in sorted(folder.rglob("*.py")):
                if "tests" not in path.relative_to(folder).parts:
                    yield path, ast.parse(path.read_text("utf-8"))

    def story(self) -> Scenario | None:
        """The story its tests tell, `story()` of `tests/story.py`, in which everything happens."""
        name = f"{self.package}.tests.story"
        if find_spec(f"{self.package}.tests") is None or find_spec(name) is None:
            return None
        told = import_module(name).story()
        assert isinstance(told, Scenario)
        return told

    def history(self) -> list[Recorded[Any]]:
        """What stands of its story; empty without one."""
        told = self.story()
        return [] if told is None else effective(told.history, told.catalogue.registry)


@cache
def installed() -> tuple[Installed, ...]:
    found = (*discovery.always_on(), *discovery.built_in(), *discovery.third_party())
    template = (TEMPLATE, discovery.load(TEMPLATE))
    return tuple(Installed(package, module) for package, module in (*found, template))


def always_on() -> list[Module]:
    return [one.module for one in installed() if one.module.always_on]


def catalogue_with(module: Module) -> Catalogue:
    """The module among those it may rest on."""
    others = [other for other in always_on() if other.name != module.name]
    return Catalogue([module, *others])


def name_of(one: Any) -> str:
    """How a parametrised test is called."""
    return one.package if isinstance(one, Installed) else str(one)


def calls_in(tree: ast.AST, names: Iterable[str]) -> Iterator[ast.Call]:
    """Every call of a plain name among these."""
    wanted = frozenset(names)
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in wanted
        ):
            yield node
