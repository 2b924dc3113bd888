"""
What a module stored once must decode for ever: a sample of every fact, kept beside its tests.

A sample is the body of one fact, as stored, in `tests/samples/<stored name>.json`. It is written
once and never edited: a fact whose shape changes gets a new version, an upcaster and a new sample.
To write the samples of facts that have none yet, from a story that tells of all of them:

    write_missing(folder_of("plugins.ravie"), story().history)
"""

from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path
from typing import Any

from core.domain.correction import CORRECTION_NAMES
from core.domain.event import Recorded, encode_fact


def folder_of(package: str) -> Path:
    """Where a package that holds a module keeps its samples."""
    return Path(str(files(package))) / "tests" / "samples"


def samples_in(folder: Path) -> dict[str, bytes]:
    """The body of each sample of a folder, by stored name."""
    return {
        path.name.removesuffix(".json"): path.read_bytes().strip()
        for path in sorted(folder.glob("*.json"))
    }


def write_missing(folder: Path, history: Iterable[Recorded[Any]]) -> list[str]:
    """Writes a sample of each fact that has none, its first in the history; gives their names."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for recorded in history:
        name = recorded.fact.stored_name
        path = folder / f"{name}.json"
        if name not in CORRECTION_NAMES and not path.exists():
            path.write_bytes(encode_fact(recorded.fact) + b"\n")
            written.append(name)
    return written
