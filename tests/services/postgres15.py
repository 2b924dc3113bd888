"""A private server of Debian's PostgreSQL 15: a socket in a folder of its own, and no TCP port."""

import hashlib
import hmac
import os
import pwd
import secrets
import shutil
import signal
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg.conninfo import make_conninfo

from tests.services import debian, processes

# A test's data need not outlive the machine: without this every commit waits for the disk.
_SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    "password_encryption": "scram-sha-256",
    "log_min_messages": "warning",
}
_INITDB = (
    "--username=postgres",
    "--auth=scram-sha-256",
    "--encoding=UTF8",
    "--locale=C.UTF-8",
    "--no-sync",
)


@dataclass(frozen=True)
class Postgres15:
    """A running server. Logins have the password that `password` gives, under this secret."""

    folder: Path
    secret: bytes
    process: subprocess.Popen[bytes]

    def password(self, login: str) -> str:
        """HMAC-SHA256(secret, login), in hexadecimal: what CREATE ROLE must set for `login`."""
        return _password(self.secret, login)

    def conninfo(self, login: str = "postgres", database: str = "postgres") -> str:
        """A libpq connection string, password included."""
        return make_conninfo(
            host=str(self.folder),
            user=login,
            password=self.password(login),
            dbname=database,
        )

    def stop(self) -> None:
        """Closes every connection, stops the server and removes its folder."""
        processes.stop(self.process, signal.SIGINT)
        shutil.rmtree(self.folder, ignore_errors=True)


def start() -> Postgres15:
    """Starts a new, empty server; NotInstalledError or NotStartedError when it cannot."""
    binaries = debian.require("postgresql-15").parent
    user, group = _owner()
    # A socket's path is limited to some hundred bytes: TMPDIR may be too long.
    folder = Path(tempfile.mkdtemp(prefix="jalon-pg15-", dir="/tmp"))
    secret, log = secrets.token_bytes(32), folder / "log"
    log.touch()
    if user is not None and group is not None:
        os.chown(folder, user, group)
        os.chown(log, user, group)

    def run(*command: str | Path) -> subprocess.Popen[bytes]:
        return processes.start(
            command,
            log=log,
            env=debian.environment(),
            cwd=folder,
            user=user,
            group=group,
            when_orphaned=signal.SIGINT,  # "fast": it does not wait for its clients to leave
        )

    password = folder / "password"
    password.write_text(_password(secret, "postgres"))
    password.chmod(0o644)  # the folder itself is closed to others
    initdb = run(binaries / "initdb", "-D", folder / "data", f"--pwfile={password}", *_INITDB)
    if initdb.wait(120):
        raise processes.NotStartedError(f"initdb a échoué : {log.read_text(errors='replace')}")
    password.unlink()
    options = [word for name, value in _SETTINGS.items() for word in ("-c", f"{name}={value}")]
    process = run(binaries / "postgres", "-D", folder / "data", "-k", folder, *options)
    server = Postgres15(folder, secret, process)
    try:
        processes.wait_until_ready(process, lambda: _answers(server), log=log, seconds=60)
    except BaseException:
        server.stop()
        raise
    return server


def _password(secret: bytes, login: str) -> str:
    return hmac.new(secret, login.encode(), hashlib.sha256).hexdigest()


def _owner() -> tuple[int | None, int | None]:
    """Whom the server runs as: PostgreSQL refuses root, and wants a user the system knows."""
    if os.geteuid() != 0:
        return None, None
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return entry.pw_uid, entry.pw_gid
    raise processes.NotStartedError("ni postgres ni nobody n'existe : PostgreSQL refuse root")


def _answers(server: Postgres15) -> bool:
    try:
        psycopg.connect(server.conninfo(), connect_timeout=5).close()
    except psycopg.OperationalError:
        return False
    return True
