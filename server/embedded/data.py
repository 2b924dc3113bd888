"""
The data folder: who still works in it, whose it is, and the settings written at each start.

PostgreSQL is always given `-D /proc/self/cwd` and started from within its folder: that path leads
there even when a parent folder (root's home, a 0700 checkout) is closed to the uid it runs as.
Hence the one test of life used here: *a process works on a data folder when it is a `postgres`
whose current folder it is*. A zombie has no current folder; a pid used again has another one.
"""

import contextlib
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

from server.embedded.binaries import MAJOR
from server.embedded.cluster import PORT
from server.embedded.home import EmbeddedRefused, Layout
from server.embedded.identity import Identity

HERE = "/proc/self/cwd"

# How long an orphan may take to stop, step by step: fast, immediate, killed.
_LAST_WORDS = ((signal.SIGINT, 30.0), (signal.SIGQUIT, 10.0), (signal.SIGKILL, 10.0))

INITDB_OPTIONS = (
    "--username=postgres",
    "--auth=scram-sha-256",
    "--pwfile=/dev/stdin",
    "--encoding=UTF8",
    # The same order and letters on every machine, for ever: no dependence on the system's locale.
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--locale=C",
    "--no-instructions",
)

# No value that a client sent may reach a log: errors quote values in their message and detail, so
# no ERROR is written at all (the client has it), and no statement with what is.
_SETTINGS = """\
# Written by Jalon at each start: what you change here is lost.
# Put your own settings in a .conf file of jalon.d, beside this one.
listen_addresses = ''
port = {port}
unix_socket_directories = '{sockets}'
unix_socket_permissions = 0700
password_encryption = 'scram-sha-256'
max_connections = 100

# Sized for two cores and 4 GB that the application shares.
shared_buffers = '256MB'
effective_cache_size = '1GB'
work_mem = '8MB'
maintenance_work_mem = '128MB'
max_worker_processes = 4
max_parallel_workers = 2
max_parallel_workers_per_gather = 1
random_page_cost = 1.1
jit = off
# A hundred tenants times their tables, when one transaction migrates or drops them.
max_locks_per_transaction = 256

fsync = on
full_page_writes = on
synchronous_commit = on
wal_compression = on
min_wal_size = '128MB'
max_wal_size = '2GB'
checkpoint_timeout = '15min'

cluster_name = 'jalon'
timezone = 'UTC'
log_timezone = 'UTC'
log_destination = 'stderr'
logging_collector = off
log_line_prefix = '%m [%p] '
log_min_messages = 'log'
log_min_error_statement = 'panic'
log_error_verbosity = 'terse'
log_statement = 'none'
log_min_duration_statement = -1
log_parameter_max_length = 0
log_parameter_max_length_on_error = 0

include_dir = 'jalon.d'
"""

_LOGINS = "# Written by Jalon at each start.\nlocal all all scram-sha-256\n"


def write_settings(layout: Layout) -> None:
    """Write the settings into the current folder, which must be the data folder."""
    settings = _SETTINGS.format(port=PORT, sockets=layout.sockets)
    with _as_owner():
        Path("jalon.d").mkdir(mode=0o700, exist_ok=True)
        for name, content in (("postgresql.conf", settings), ("pg_hba.conf", _LOGINS)):
            draft = f"{name}.draft"
            Path(draft).unlink(missing_ok=True)
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
            with os.fdopen(os.open(draft, flags, 0o600), "w", encoding="utf-8") as file:
                file.write(content)
            Path(draft).replace(name)


def check_version(layout: Layout) -> None:
    """Refuse data made by another major version, which these programs cannot read."""
    found = (layout.data / "PG_VERSION").read_text().strip()
    if found != MAJOR:
        raise EmbeddedRefused(
            f"Les données de {layout.data} viennent de PostgreSQL {found}, et Jalon apporte "
            f"PostgreSQL {MAJOR}. Reprenez la version de Jalon qui les a faites, exportez, puis "
            "réimportez."
        )


def hand_over(folder: Path, identity: Identity) -> None:
    """Give a data folder to `identity` if another one had it: root may get or lose namespaces."""
    if folder.stat().st_uid == identity.uid:
        return
    for _path, folders, files, here in os.fwalk(folder, follow_symlinks=False):
        for name in (*folders, *files):
            os.chown(name, identity.uid, identity.gid, dir_fd=here, follow_symlinks=False)
    # Last, so that an interrupted hand-over is taken up again.
    os.chown(folder, identity.uid, identity.gid)


def working_in(folder: Path) -> list[int]:
    """
    Return the pids of the `postgres` processes that work on this data folder.

    Reads /proc as the effective uid: call it as the owner of those processes.
    """
    here = folder.stat()
    ours = here.st_dev, here.st_ino
    found = []
    for process in Path("/proc").iterdir():
        if not process.name.isdigit() or _inode(process / "cwd") != ours:
            continue
        with contextlib.suppress(OSError):  # it just ended
            if (process / "comm").read_text().strip() == "postgres":
                found.append(int(process.name))
    return found


def stop_orphans() -> None:
    """
    Stop what still works in the current folder and drop the lock file it left.

    Only under the home's lock: no supervisor lives, so whatever works here is on its way out
    (its own supervisor was killed) or is left from a killed postmaster. Once nothing works here,
    postmaster.pid is stale whatever it names.
    """
    with _as_owner():
        for word, patience in _LAST_WORDS:
            for pid in _addressees(word):
                try:
                    os.kill(pid, word)
                except ProcessLookupError:
                    continue
            deadline = time.monotonic() + patience
            while working_in(Path(HERE)):
                if time.monotonic() > deadline:
                    break
                time.sleep(0.02)
            else:
                Path("postmaster.pid").unlink(missing_ok=True)
                return
    raise EmbeddedRefused(
        "Un ancien processus de PostgreSQL ne s'arrête pas et tient encore les données "
        f"(pid {', '.join(map(str, working_in(Path(HERE))))}). Redémarrez la machine."
    )


@contextlib.contextmanager
def _as_owner() -> Iterator[None]:
    """
    Act as the owner of the current folder, a data folder.

    Root that follows what `nobody` may have put in its own folder would be led astray, and the
    kernel shows a process's current folder to its own uid, not to a root without all powers.
    """
    owner = Path(HERE).stat()
    before = os.geteuid(), os.getegid()
    if owner.st_uid == before[0]:
        yield
        return
    os.setegid(owner.st_gid)
    os.seteuid(owner.st_uid)
    try:
        yield
    finally:
        os.seteuid(before[0])
        os.setegid(before[1])


def _addressees(word: signal.Signals) -> list[int]:
    """SIGINT is an order to stop for the postmaster, and only cancels a query elsewhere."""
    pids = working_in(Path(HERE))
    if word is not signal.SIGINT:
        return pids
    try:
        postmaster = int(Path("postmaster.pid").read_text().splitlines()[0])
    except (OSError, ValueError, IndexError):
        return []
    return [pid for pid in pids if pid == postmaster]


def _inode(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:  # no such process, a zombie, or not ours to look at
        return None
    return found.st_dev, found.st_ino
