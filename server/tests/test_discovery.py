import sys
from collections.abc import Iterator
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

import plugins
from server.discovery import (
    GROUP,
    BrokenModule,
    always_on,
    built_in,
    find_modules,
    third_party,
)


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A second folder of `plugins`, in which a test puts packages."""
    monkeypatch.setattr(plugins, "__path__", [*plugins.__path__, str(tmp_path)])
    yield tmp_path
    for name in [name for name in sys.modules if name.startswith("plugins.essai")]:
        del sys.modules[name]


def put(shelf: Path, package: str, source: str) -> None:
    (shelf / package).mkdir()
    (shelf / package / "__init__.py").write_text("")
    (shelf / package / "module.py").write_text(source)


def manifest(name: str) -> str:
    return (
        "from core.module import Module\n"
        f'MODULE = Module(name="{name}", title="Essai", version="1")\n'
    )


def point(value: str, name: str = "essai") -> EntryPoint:
    return EntryPoint(name=name, value=value, group=GROUP)


def test_modules_are_found_by_scanning_and_the_template_is_not() -> None:
    names = {module.name for module in find_modules()}
    assert {"ravie", "session", "accompaniment", "evaluation", "directory", "registers"} <= names
    assert "carnet" not in names


def test_a_package_put_in_plugins_is_found(shelf: Path) -> None:
    put(shelf, "essai_de_plus", manifest("essai_de_plus"))
    assert "plugins.essai_de_plus" in {package for package, _ in built_in([str(shelf)])}
    assert [module.title for _, module in built_in([str(shelf)])] == ["Essai"]


def test_the_cores_own_modules_are_always_on() -> None:
    assert all(module.always_on for _, module in always_on())


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("import n_existe_pas", "n_existe_pas"),
        ("MODULE = 3", "n'est pas un manifeste"),
        ("", "AttributeError"),
        (manifest("autre"), "son manifeste s'appelle « autre »"),
        ("1 / 0", "ZeroDivisionError"),
    ],
)
def test_a_broken_module_is_named(shelf: Path, source: str, problem: str) -> None:
    put(shelf, "essai_casse", source)
    with pytest.raises(BrokenModule, match=r"plugins\.essai_casse") as broken:
        list(built_in([str(shelf)]))
    assert problem in str(broken.value)


def test_a_third_party_module_comes_from_its_entry_point(shelf: Path) -> None:
    put(shelf, "essai_tiers", manifest("essai_tiers"))
    ((package, module),) = third_party([point("plugins.essai_tiers.module:MODULE")])
    assert (package, module.name) == ("plugins.essai_tiers", "essai_tiers")


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ("n_existe_pas:MODULE", "n_existe_pas"),
        ("core.module:Module", "n'est pas un manifeste"),
        ("core.module:ABSENT", "AttributeError"),
    ],
)
def test_a_broken_entry_point_is_named(value: str, problem: str) -> None:
    with pytest.raises(BrokenModule, match="« essai »") as broken:
        list(third_party([point(value)]))
    assert problem in str(broken.value)


def test_the_environment_is_asked_for_third_party_modules(
    shelf: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(shelf, "essai_installe", manifest("essai_installe"))
    site = tmp_path_factory.mktemp("site")
    info = site / "essai-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: essai\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(
        f"[{GROUP}]\nessai = plugins.essai_installe.module:MODULE\n"
    )
    monkeypatch.syspath_prepend(str(site))
    assert "plugins.essai_installe" in {package for package, _ in third_party()}


def test_two_modules_of_one_name_are_both_named(
    shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(shelf, "session", manifest("session"))
    with pytest.raises(BrokenModule, match=r"plugins\.session.*core\.session"):
        find_modules()
    for name in [name for name in sys.modules if name.startswith("plugins.session")]:
        del sys.modules[name]
