"""Starting the embedded PostgreSQL, or joining the one that runs, for as long as a block lasts."""

import contextlib
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from server.embedded.binaries import Binaries, find_binaries
from server.embedded.cluster import Cluster, attach
from server.embedded.home import EmbeddedRefused, Layout, prepare_home, private_folder

# A server that stops writes its last checkpoint first; who arrives meanwhile waits for it.
_PATIENCE_SECONDS = 180.0


@contextlib.contextmanager
def start(home: Path) -> Iterator[Cluster]:
    """
    Give the running PostgreSQL of this home until the block ends.

    Starts it (initdb the first time), or joins it when another process of this home already did:
    `jalon serve` beside `make demo` sees the same data. It stops with its last user, whoever
    started it, whether the users leave, are interrupted or are killed.

    Raises EmbeddedRefused, with a French sentence, when it cannot start or is not to be trusted.
    """
    if not sys.platform.startswith("linux"):
        raise EmbeddedRefused(
            "PostgreSQL embarqué ne tourne que sous Linux : indiquez votre serveur avec "
            "JALON_DATABASE_URL."
        )
    layout = Layout.of(home)
    prepare_home(layout)
    connection, supervisor = _become_user(layout)
    try:
        yield attach(layout.home)
    finally:
        _leave(connection, supervisor)


def _become_user(layout: Layout) -> tuple[socket.socket, subprocess.Popen[bytes] | None]:
    """Return a connection that keeps the server up, and its supervisor if we started it."""
    installed = find_binaries()
    deadline = time.monotonic() + _PATIENCE_SECONDS
    delay = 0.02
    while time.monotonic() < deadline:
        supervisor = None
        connection = _knock(layout)
        if connection is None:
            connection, supervisor = _start_supervisor(layout, installed)
        try:
            word, message = _listen(connection)
        except BaseException:
            _leave(connection, supervisor)
            raise
        if word == "ready":
            return connection, supervisor
        connection.close()
        if supervisor is not None:
            supervisor.wait()
        if word == "refused":
            raise EmbeddedRefused(message)
        # Busy: another supervisor is starting or stopping. Gone: it stopped as we knocked.
        time.sleep(delay)
        delay = min(2 * delay, 0.5)
    raise EmbeddedRefused(
        f"La base de données de {layout.home} est en train de s'arrêter et n'en finit pas ; "
        f"voir {layout.log}."
    )


def _knock(layout: Layout) -> socket.socket | None:
    try:
        private_folder(layout.runtime, os.geteuid())
    except FileNotFoundError:
        return None
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        connection.connect(str(layout.control))
    except OSError:
        connection.close()
        return None
    return connection


def _start_supervisor(
    layout: Layout, installed: Binaries
) -> tuple[socket.socket, subprocess.Popen[bytes]]:
    ours, theirs = socket.socketpair()
    code = Path(__file__).resolve().parents[2]
    # -S: it needs the standard library only. -P: a folder named `server` where we are is not us.
    command = [sys.executable, "-S", "-P", "-m", "server.embedded.supervisor"]
    flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
    with theirs, os.fdopen(os.open(layout.log, flags, 0o600), "ab") as log:
        supervisor = subprocess.Popen(
            [*command, str(layout.home), str(installed.root), str(theirs.fileno())],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd="/",
            env={"PYTHONPATH": str(code), "PATH": os.defpath, "LC_ALL": "C.UTF-8"},
            pass_fds=[theirs.fileno()],
            start_new_session=True,
        )
    return ours, supervisor


def _listen(connection: socket.socket) -> tuple[str, str]:
    """Wait for the supervisor's line: (word, message), or ("gone", "") when it ended first."""
    line = b""
    while b"\n" not in line:
        try:
            part = connection.recv(65536)
        except ConnectionResetError:
            part = b""
        if not part:
            return "gone", ""
        line += part
    said = json.loads(line.split(b"\n")[0])
    return said["word"], said["message"]


def _leave(connection: socket.socket, supervisor: subprocess.Popen[bytes] | None) -> None:
    """
    Stop being a user. When we were the last one, return once the server has stopped.

    A second Ctrl-C hurries us out; the supervisor still finishes.
    """
    heard = b""
    with contextlib.suppress(OSError, KeyboardInterrupt), connection:
        # Not only closed: a forked child may hold a copy of it.
        connection.shutdown(socket.SHUT_WR)
        while part := connection.recv(65536):
            heard += part
        if supervisor is not None and b'"stopped"' in heard:
            supervisor.wait()
