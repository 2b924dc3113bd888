"""A running embedded PostgreSQL as its users see it, and how a command finds it."""

import contextlib
import os
import socket
import struct
from pathlib import Path

from server.embedded.home import (
    Layout,
    check_owner,
    derive_password,
    private_folder,
    read_secret,
)

PORT = 5432  # of the socket's name only: no TCP port is opened

_STATUS_LINE = 7  # of postmaster.pid: pid, folder, start, port, sockets, address, memory, status


class NotRunning(Exception):
    """No PostgreSQL runs for a home; the message says what to do, in French."""


class Cluster:
    """A running embedded PostgreSQL."""

    def __init__(self, layout: Layout) -> None:
        self._secret = read_secret(layout)
        self.socket_directory: Path = layout.sockets
        self.data_directory: Path = layout.data

    def password(self, login: str) -> str:
        """The password of `login`, for `CREATE ROLE … LOGIN PASSWORD` as for connecting."""
        return derive_password(self._secret, login)

    def conninfo(self, login: str = "postgres", database: str = "postgres") -> str:
        """Return a libpq connection string over the private socket, password included."""
        values = {
            "host": str(self.socket_directory),
            "port": str(PORT),
            "user": login,
            "password": self.password(login),
            "dbname": database,
        }
        return " ".join(f"{key}={_quoted(value)}" for key, value in values.items())


def attach(home: Path) -> Cluster:
    """
    Find the PostgreSQL of this home, without starting it nor keeping it up.

    Raises NotRunning with what to do, EmbeddedRefused when a file or folder is not to be trusted.
    """
    layout = Layout.of(home)
    if layout.home.exists():
        check_owner(layout)
    with contextlib.suppress(FileNotFoundError):
        private_folder(layout.runtime, os.geteuid())
        if serving_pid(layout) is not None:
            return Cluster(layout)
    raise NotRunning(
        f"Aucune base de données ne tourne pour {layout.home}. Lancez `make demo` ou "
        "`jalon serve` dans un autre terminal, puis recommencez ; ou indiquez votre propre "
        "serveur avec JALON_DATABASE_URL."
    )


def serving_pid(layout: Layout) -> int | None:
    """
    Return the pid of the postmaster that answers for this home, None when none does.

    The lock file alone proves nothing (a killed postmaster leaves it, and its pid may be a zombie
    or somebody else's), nor does an answer on the socket (another server's). Both together do:
    the kernel names the process that listens, and it must be the one in the lock file.
    """
    try:
        lines = (layout.data / "postmaster.pid").read_text().splitlines()
        pid = int(lines[0])
    except (OSError, ValueError, IndexError):
        return None
    if len(lines) <= _STATUS_LINE or lines[_STATUS_LINE].strip() != "ready":
        return None
    return pid if _listening_pid(layout.sockets / f".s.PGSQL.{PORT}") == pid else None


def _listening_pid(path: Path) -> int | None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
        client.settimeout(5.0)
        try:
            client.connect(str(path))
        except OSError:
            return None
        credentials = client.getsockopt(
            socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i")
        )
    pid, _uid, _gid = struct.unpack("3i", credentials)
    return int(pid)


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"
