"""Installs the Debian packages that the tests need, or says in French why it could not.

Root installs them with apt-get, without ever letting Debian start a service. Anyone else unpacks
them, and what they depend on, below `.services/`: nothing of the machine changes. Only
`make services` and `make test` install; a fixture looks for the program and skips without it.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.services.no_autostart import no_autostart

PROJECT = Path(__file__).resolve().parents[2]
SERVICES = PROJECT / ".services"
UNPACKED = SERVICES / "debian"
PROGRAMS = {
    "curl": "usr/bin/curl",
    "postgresql-15": "usr/lib/postgresql/15/bin/postgres",
    "rabbitmq-server": "usr/lib/rabbitmq/lib/rabbitmq_server-*/sbin/rabbitmq-server",
}
NO_QUESTIONS = {"DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}
SBIN = "/usr/local/sbin:/usr/sbin:/sbin"  # dpkg insists on it, a bare environment lacks it


class NotInstalledError(Exception):
    """A package is not there; the message says why, in French."""


def find(pattern: str) -> Path | None:
    """The first path below the system's root, then below `.services/debian`, that matches."""
    for root in (Path("/"), UNPACKED):
        for path in sorted(root.glob(pattern)):
            return path
    return None


def require(package: str) -> Path:
    """The program of `package`; NotInstalledError with the reason `make services` left."""
    program = find(PROGRAMS[package])
    if program is None:
        reason = _reason_file(package)
        why = reason.read_text() if reason.exists() else "« make services » l'installe"
        raise NotInstalledError(f"{package} n'est pas installé : {why}")
    return program


def environment() -> dict[str, str]:
    """The environment in which an unpacked program finds the libraries unpacked with it."""
    libraries = [*UNPACKED.glob("usr/lib/*-linux-gnu*"), *UNPACKED.glob("lib/*-linux-gnu*")]
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    return kept | {"LD_LIBRARY_PATH": ":".join(map(str, libraries))} if libraries else kept


def install(package: str) -> None:
    """Installs `package` when its program is missing, else does nothing."""
    if find(PROGRAMS[package]):
        return
    if shutil.which("apt-get") is None:
        raise NotInstalledError("apt-get est absent : les paquets viennent de Debian")
    if os.geteuid() == 0:
        _install_as_root(package)
    else:
        _unpack(package)
    if find(PROGRAMS[package]) is None:
        raise NotInstalledError(f"le paquet ne contient pas {PROGRAMS[package]}")


def _install_as_root(package: str) -> None:
    options = ["-o", "DPkg::Lock::Timeout=300", "-q", "-y", "--no-install-recommends"]
    with no_autostart():
        try:
            _run(["apt-get", *options, "install", package])
        except NotInstalledError:  # the lists are absent, or older than what the mirror holds
            _run(["apt-get", "-q", "update"])
            _run(["apt-get", *options, "install", package])


def _unpack(package: str) -> None:
    try:
        archives = _download(package, [])
    except NotInstalledError:
        # The machine's lists are absent or too old, and not ours to refresh.
        private = _private_apt()
        _run(["apt-get", *private, "-q", "update"])
        archives = _download(package, private)
    for archive in archives:
        _run(["dpkg", "--extract", str(archive), str(UNPACKED)])
        archive.unlink()


def _download(package: str, options: Sequence[str]) -> list[Path]:
    """The archives of `package` and of each dependency that the machine does not have."""
    plan = ["--simulate", "--no-install-recommends", "install", package]
    simulated = _run(["apt-get", *options, *plan])
    missing = [line.split()[1] for line in simulated.splitlines() if line.startswith("Inst ")]
    folder = SERVICES / "archives" / package
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    _run(["apt-get", *options, "-q", "download", *missing], folder)
    return sorted(folder.glob("*.deb"))


def _private_apt() -> list[str]:
    state, cache = SERVICES / "apt" / "state", SERVICES / "apt" / "cache"
    (state / "lists" / "partial").mkdir(parents=True, exist_ok=True)
    (cache / "archives" / "partial").mkdir(parents=True, exist_ok=True)
    # The status file stays the machine's: what it has already is not fetched again.
    return ["-o", f"Dir::State::lists={state / 'lists'}", "-o", f"Dir::Cache={cache}"]


def _run(command: Sequence[str], folder: Path = PROJECT) -> str:
    done = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, **NO_QUESTIONS, "PATH": f"{os.environ['PATH']}:{SBIN}"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        last = (done.stdout.strip().splitlines() or ["sans message"])[-1]
        raise NotInstalledError(f"« {' '.join(command[:1])} » a échoué ({last})")
    return done.stdout


def _reason_file(package: str) -> Path:
    return SERVICES / f"{package}.raison"


def main() -> None:
    """Installs every package; a failure is told and kept, and its tests will be skipped."""
    for package in PROGRAMS:
        _reason_file(package).unlink(missing_ok=True)
        if find(PROGRAMS[package]):
            continue
        sys.stdout.write(f"Installation du paquet Debian {package} pour les tests…\n")
        sys.stdout.flush()
        try:
            install(package)
        except NotInstalledError as reason:
            SERVICES.mkdir(exist_ok=True)
            _reason_file(package).write_text(str(reason))
            sys.stdout.write(f"  Impossible : {reason}. Ses tests ne seront pas exécutés.\n")


if __name__ == "__main__":
    main()
