"""
`jalon new-module x`: a module to start from, made of the template with its names changed.

What it makes passes `make check` and the contract of modules untouched; one then changes what a
notebook is into what is needed.
"""

import keyword
import re
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from server.discovery import find_modules
from server.glossary import Row, glossary, with_row

TEMPLATE, TEMPLATE_NAME, TEMPLATE_TITLE = "_template", "carnet", "Carnet"

NAME_LIMIT = 30
"""Letters of a name: with a read model's after it, a table's name must stay under 63."""

_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_IDENTIFIER = re.compile(rf"(?<![\w]){TEMPLATE_NAME}(?=\.[a-z_])|(?<=/){TEMPLATE_NAME}\b")


class RefusedName(ValueError):
    """The name cannot be a module's; its message says why, in French."""


def new_module(name: str, root: Path) -> Path:
    """
    Makes `plugins/<name>` in the sources at `root`, and its row of the glossary; gives its folder.

    Nothing is left behind when it fails. Raises `RefusedName`, or `FileNotFoundError` when `root`
    does not hold the sources of Jalon.
    """
    template, target = root / "plugins" / TEMPLATE, root / "plugins" / name
    words = root / "docs" / "glossary.md"
    if not (template / "module.py").is_file() or not words.is_file():
        message = f"{root} n'est pas un dossier de sources de Jalon : lancez la commande depuis là."
        raise FileNotFoundError(message)
    _check(name, target)
    row = Row(
        term=_title(name),
        codes=(name,),
        definition="Module fait depuis le modèle : dites ici ce qu'il enregistre, et pour qui.",
        source="(D)",
    )
    with TemporaryDirectory(dir=root / "plugins", prefix=".new-") as folder:
        draft = Path(folder) / name
        _copy(template, draft, name)
        _format(draft)
        text = words.read_text("utf-8")
        if row.term not in {known.term for known in glossary(words)}:
            text = with_row(text, row)
        draft.rename(target)
    words.write_text(text, "utf-8")
    return target


def _check(name: str, target: Path) -> None:
    if not _NAME.fullmatch(name) or len(name) > NAME_LIMIT:
        message = (
            f"« {name} » n'est pas un nom de module : des minuscules sans accent, des chiffres, "
            f"des « _ » entre les mots, {NAME_LIMIT} caractères au plus ; ainsi « mon_module »."
        )
        raise RefusedName(message)
    if keyword.iskeyword(name) or keyword.issoftkeyword(name):
        message = f"« {name} » est un mot réservé de Python : choisissez-en un autre."
        raise RefusedName(message)
    if target.exists():
        message = f"« {name} » existe déjà : {target}."
        raise RefusedName(message)
    if name in {TEMPLATE_NAME, "core", "national", *(module.name for module in find_modules())}:
        message = f"« {name} » est déjà le nom d'un module ou d'une partie de Jalon."
        raise RefusedName(message)


def _copy(template: Path, draft: Path, name: str) -> None:
    for source in sorted(template.rglob("*")):
        place = source.relative_to(template)
        if source.is_dir() or "__pycache__" in place.parts:
            continue
        target = draft / place.parent / _IDENTIFIER.sub(name, place.name)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(_renamed(source.read_text("utf-8"), name), "utf-8")


def _renamed(text: str, name: str) -> str:
    """The text of one file: identifiers and the module's own title; what a notebook is stays."""
    text = text.replace(f"plugins.{TEMPLATE}", f"plugins.{name}")
    text = text.replace(f'name="{TEMPLATE_NAME}"', f'name="{name}"')
    text = text.replace(f'title="{TEMPLATE_TITLE}"', f'title="{_title(name)}"')
    text = re.sub(rf"\A# {TEMPLATE_TITLE}$", f"# {_title(name)}", text, flags=re.MULTILINE)
    return _IDENTIFIER.sub(name, text)


def _title(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _format(draft: Path) -> None:
    """Lines that a longer or shorter name has changed, set right where the tool is installed."""
    ruff = shutil.which("ruff", path=str(Path(sys.executable).parent))
    if ruff is not None:
        subprocess.run([ruff, "format", "--quiet", str(draft)], check=True)
