"""
The small process that starts PostgreSQL, watches over it and stops it with its last user.

Run as `python -m server.embedded.supervisor HOME WHEEL FD`, in its own session so that Ctrl-C
does not reach it, with one end of a socket pair as FD: who starts it is its first user. It says
`ready`, `busy` (another supervisor has this home), `refused` with a message, and `stopped` at its
end. Only the standard library is imported, and only one thread ever runs: PDEATHSIG follows the
thread that forked.
"""

import contextlib
import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
import traceback
from pathlib import Path

from server.embedded.binaries import Binaries, reachable
from server.embedded.cluster import serving_pid
from server.embedded.data import (
    HERE,
    INITDB_OPTIONS,
    check_version,
    hand_over,
    stop_orphans,
    write_settings,
)
from server.embedded.home import (
    EmbeddedRefused,
    Layout,
    derive_password,
    make_secret,
    private_folder,
    read_secret,
)
from server.embedded.identity import choose_identity, spawn
from server.embedded.users import Abandoned, Users

_POLL_SECONDS = 0.02
_LOG_BYTES = 10_000_000

# Fast first: it ends with a checkpoint, which a slow disk may need time for.
_STOP_STEPS = ((signal.SIGINT, 120.0), (signal.SIGQUIT, 20.0), (signal.SIGKILL, 20.0))


class Supervisor:
    """One PostgreSQL, from initdb to its end. Made by who holds the home's lock."""

    def __init__(self, layout: Layout, installed: Binaries, users: Users) -> None:
        self._layout = layout
        self._users = users
        self._identity = choose_identity()
        self._open_runtime_folder()
        users.listen(layout.control)
        self._binaries = reachable(installed, self._identity, layout)

    def prepare_data(self) -> None:
        """Make the data folder fit to be served, and go into it."""
        layout = self._layout
        if layout.data.exists():
            check_version(layout)
            read_secret(layout)
            os.chdir(layout.data)
            stop_orphans()
            hand_over(layout.data, self._identity)
        else:
            self._initialise()
        write_settings(layout)

    def serve(self) -> None:
        """Run PostgreSQL until its last user leaves (Abandoned) or it ends by itself."""
        child = self._spawn([str(self._binaries.postgres), "-D", HERE], signal.SIGINT)
        try:
            while child.poll() is None and serving_pid(self._layout) != child.pid:
                self._users.wait(_POLL_SECONDS)
            if child.returncode is not None:
                raise EmbeddedRefused(f"PostgreSQL n'a pas démarré ; {self._last_words()}")
            self._users.tell("ready")
            while child.poll() is None:
                self._users.wait()
            print(f"postgres ended by itself: {child.returncode}", file=sys.stderr)  # noqa: T201
        finally:
            self._users.close_door()
            _stop(child)
            stop_orphans()  # the children of a killed postmaster

    def _open_runtime_folder(self) -> None:
        folder, sockets = self._layout.runtime, self._layout.sockets
        with contextlib.suppress(FileExistsError):
            folder.mkdir(mode=0o700)
        private_folder(folder, os.geteuid())
        folder.chmod(0o700 if self._identity.uid == os.geteuid() else 0o711)
        # What a killed server left: nobody listens there, since we hold the lock.
        shutil.rmtree(sockets, ignore_errors=True)
        sockets.mkdir(mode=0o700)
        os.chown(sockets, self._identity.uid, self._identity.gid)

    def _initialise(self) -> None:
        """Make the data folder, whole or not at all, and go into it."""
        layout = self._layout
        if not layout.secret.exists():
            make_secret(layout)
        password = derive_password(read_secret(layout), "postgres")
        if layout.half_made.exists():
            self._clear_half_made()
        layout.half_made.mkdir(mode=0o700)
        try:
            os.chown(layout.half_made, self._identity.uid, self._identity.gid)
            os.chdir(layout.half_made)
            self._run_initdb(password)
        except BaseException:
            self._clear_half_made()
            raise
        layout.half_made.rename(layout.data)
        home = os.open(layout.home, os.O_RDONLY | os.O_DIRECTORY)
        os.fsync(home)
        os.close(home)

    def _clear_half_made(self) -> None:
        os.chdir(self._layout.half_made)
        stop_orphans()
        os.chdir("/")
        shutil.rmtree(self._layout.half_made)

    def _run_initdb(self, password: str) -> None:
        reading, writing = os.pipe()
        os.fchown(reading, self._identity.uid, self._identity.gid)  # initdb opens it by its path
        os.write(writing, password.encode() + b"\n")
        os.close(writing)
        command = [str(self._binaries.initdb), "-D", HERE, *INITDB_OPTIONS]
        child = self._spawn(command, signal.SIGKILL, stdin=reading)
        os.close(reading)
        try:
            while child.poll() is None:
                self._users.wait()
        finally:
            child.kill()
            child.wait()
        if child.returncode != 0:
            raise EmbeddedRefused(
                f"PostgreSQL n'a pas pu créer ses données dans {self._layout.home} ; "
                f"{self._last_words()}"
            )

    def _spawn(
        self, command: list[str], death: signal.Signals, stdin: int = subprocess.DEVNULL
    ) -> subprocess.Popen[bytes]:
        return spawn(self._identity, command, death, stdin, sys.stderr.fileno())

    def _last_words(self) -> str:
        lines = self._layout.log.read_text(errors="replace").strip().splitlines()[-3:]
        return f"voir {self._layout.log} : {' / '.join(lines)}"


def _stop(child: subprocess.Popen[bytes]) -> None:
    for sign, patience in _STOP_STEPS:
        if child.poll() is not None:
            return
        child.send_signal(sign)
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(patience)


def _turn_the_log_over(layout: Layout) -> None:
    """Start a new log when the old one is long; one before it is kept."""
    if os.fstat(sys.stderr.fileno()).st_size < _LOG_BYTES:
        return
    layout.log.replace(layout.log.with_suffix(".log.1"))
    flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
    new = os.open(layout.log, flags, 0o600)
    os.dup2(new, sys.stderr.fileno())
    os.close(new)


def _supervise(layout: Layout, installed: Binaries, users: Users) -> None:
    _turn_the_log_over(layout)
    try:
        supervisor = Supervisor(layout, installed, users)
        supervisor.prepare_data()
        supervisor.serve()
    except Abandoned:
        pass
    except EmbeddedRefused as refusal:
        users.tell("refused", str(refusal))
    except Exception:
        traceback.print_exc()
        users.tell("refused", f"Le superviseur de PostgreSQL a échoué ; voir {layout.log}.")
    finally:
        users.close_door()


def main() -> None:
    os.umask(0o077)
    layout, installed = Layout(Path(sys.argv[1])), Binaries(Path(sys.argv[2]))
    users = Users(socket.socket(fileno=int(sys.argv[3])))
    # Held until this process ends: whoever gets it next finds no server of ours.
    lock = os.open(layout.lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        users.tell("busy")
    else:
        _supervise(layout, installed, users)
        with contextlib.suppress(EmbeddedRefused, FileNotFoundError):
            private_folder(layout.runtime, os.geteuid())
            shutil.rmtree(layout.runtime)
    users.tell("stopped")


if __name__ == "__main__":
    main()
