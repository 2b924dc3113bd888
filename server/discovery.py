"""
Finds the modules of the installation: what is there is what runs, nothing is listed twice.

- the core's own, which every tenant has: `core.<family>.module`, `projections.<name>.module` (a
  family that comes with its read models) and `tenants.module`;
- built-in ones: `plugins.<name>.module`, but for names that start with `_`;
- third-party ones: the entry-point group `jalon.modules`, each of which names a `Module`.
"""

from collections.abc import Iterable, Iterator
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from importlib.util import find_spec
from pkgutil import iter_modules

import core
import plugins
import projections
from core.module import Module

GROUP = "jalon.modules"


class BrokenModule(Exception):
    """A module that cannot be loaded; the message names it and says what is wrong."""

    def __init__(self, where: str, problem: str) -> None:
        super().__init__(f"Le module « {where} » ne peut pas être chargé : {problem}")
        self.where = where


def find_modules() -> list[Module]:
    """Every module installed, by name; raises `BrokenModule`."""
    found: dict[str, tuple[str, Module]] = {}
    for where, module in (*always_on(), *built_in(), *third_party()):
        if module.name in found:
            problem = f"le nom « {module.name} » est pris par {found[module.name][0]}."
            raise BrokenModule(where, problem)
        found[module.name] = (where, module)
    return [module for _, (_, module) in sorted(found.items())]


def always_on() -> Iterator[tuple[str, Module]]:
    """The core's own modules, with the package each is in."""
    packages = [
        f"{folder.__name__}.{info.name}"
        for folder in (core, projections)
        for info in iter_modules(folder.__path__)
        if info.ispkg
    ]
    for package in (*packages, "tenants"):
        if find_spec(f"{package}.module") is not None:
            module = load(package)
            if not module.always_on:
                raise BrokenModule(package, "un module du cœur est toujours actif (always_on).")
            yield package, module


def built_in(folders: Iterable[str] | None = None) -> Iterator[tuple[str, Module]]:
    """The modules of `plugins/`, with the package each is in; a package is named as its module."""
    for info in iter_modules(plugins.__path__ if folders is None else folders):
        if info.name.startswith("_") or not info.ispkg:
            continue
        package = f"plugins.{info.name}"
        module = load(package)
        if module.name != info.name:
            raise BrokenModule(package, f"son manifeste s'appelle « {module.name} ».")
        yield package, module


def third_party(points: Iterable[EntryPoint] | None = None) -> Iterator[tuple[str, Module]]:
    """The modules other distributions bring, with the package each is in."""
    for point in entry_points(group=GROUP) if points is None else points:
        try:
            module = point.load()
        except Exception as error:
            raise BrokenModule(point.name, f"{type(error).__name__}: {error}") from error
        if not isinstance(module, Module):
            raise BrokenModule(point.name, f"« {point.value} » n'est pas un manifeste (Module).")
        yield point.module.rpartition(".")[0] or point.module, module


def load(package: str) -> Module:
    """The manifest of a package, `MODULE` of its `module.py`; raises `BrokenModule`."""
    try:
        module = import_module(f"{package}.module").MODULE
    except Exception as error:
        raise BrokenModule(package, f"{type(error).__name__}: {error}") from error
    if not isinstance(module, Module):
        raise BrokenModule(package, "MODULE n'est pas un manifeste (Module).")
    return module
