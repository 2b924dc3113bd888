"""
Under which uid PostgreSQL runs, since it refuses root and initdb refuses an unnamed uid.

In order of preference: our own uid; inside a user namespace where our uid bears the name of
`nobody` (files stay ours, and root is not root there); or, for root where namespaces are
forbidden (most containers), `nobody` itself.
"""

import ctypes
import os
import pwd
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from server.embedded.home import EmbeddedRefused

_CLONE_NEWUSER = 0x10000000
_PR_SET_PDEATHSIG = 1
_PR_SET_NO_NEW_PRIVS = 38

# Loaded once and before any fork: a child between fork and exec must not load libraries.
_libc = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True)
class Identity:
    """A way to run PostgreSQL; `uid` and `gid` are what its files bear on disk."""

    kind: Literal["ourselves", "namespace", "nobody"]
    uid: int
    gid: int
    name_uid: int
    name_gid: int

    def enter(self) -> None:
        """Become this identity for good. Only between fork and exec, in a lone thread."""
        if self.kind == "ourselves":
            return
        if os.geteuid() == 0:
            os.setgroups([])
        if self.kind == "nobody":
            os.setresgid(self.gid, self.gid, self.gid)
            os.setresuid(self.uid, self.uid, self.uid)
            return
        _checked(_libc.unshare(_CLONE_NEWUSER), "unshare")
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{self.name_uid} {self.uid} 1")
        Path("/proc/self/gid_map").write_text(f"{self.name_gid} {self.gid} 1")


def choose_identity() -> Identity:
    """Return the first identity this machine lets us take; EmbeddedRefused when there is none."""
    uid, gid = os.geteuid(), os.getegid()
    if uid != 0 and _is_named(uid):
        return Identity("ourselves", uid, gid, uid, gid)
    nobody = _nobody()
    namespace = Identity("namespace", uid, gid, nobody.pw_uid, nobody.pw_gid)
    if _can_enter(namespace):
        return namespace
    if uid == 0:
        plain = Identity("nobody", nobody.pw_uid, nobody.pw_gid, nobody.pw_uid, nobody.pw_gid)
        if _can_enter(plain):
            return plain
        raise EmbeddedRefused(
            "PostgreSQL refuse de tourner sous root, et ce système n'autorise ni espace de noms "
            "utilisateur ni changement de compte. Lancez Jalon sous un compte ordinaire."
        )
    raise EmbeddedRefused(
        f"L'utilisateur {uid} n'a pas d'entrée dans /etc/passwd, ce que PostgreSQL exige, et ce "
        "système n'autorise pas d'espace de noms utilisateur. Ajoutez-lui une entrée."
    )


def spawn(
    identity: Identity, command: list[str], death: signal.Signals, stdin: int, log: int
) -> subprocess.Popen[bytes]:
    """
    Start a program of PostgreSQL that receives `death` when we die, however we die.

    Call it from the main thread: the kernel sends that signal when the *thread* that forked
    ends. It is asked for after the change of identity, which would clear it.
    """
    parent = os.getpid()

    def become() -> None:
        identity.enter()
        _checked(_libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "prctl")
        _checked(_libc.prctl(_PR_SET_PDEATHSIG, int(death), 0, 0, 0), "prctl")
        if os.getppid() != parent:  # we died before the line above
            os._exit(1)

    # Nothing of our environment: PGDATA, PGOPTIONS, LC_* or LD_PRELOAD would change the server.
    return subprocess.Popen(
        command,
        stdin=stdin,
        stdout=log,
        stderr=log,
        env={"LC_ALL": "C", "PATH": os.defpath, "TZ": "UTC"},
        preexec_fn=become,  # safe: the supervisor has one thread
    )


def _can_enter(identity: Identity) -> bool:
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            identity.enter()
            status = 0
        except BaseException:  # noqa: S110 - the exit status says it; nothing may run after
            pass
        finally:
            os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0


def _is_named(uid: int) -> bool:
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True


def _nobody() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam("nobody")
    except KeyError:
        raise EmbeddedRefused(
            "Ce système n'a pas d'utilisateur « nobody », sous lequel Jalon lance PostgreSQL "
            "quand il est lui-même lancé par root. Lancez Jalon sous un compte ordinaire."
        ) from None


def _checked(result: int, call: str) -> None:
    if result != 0:
        raise OSError(ctypes.get_errno(), call)
