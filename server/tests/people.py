"""Under whom the embedded PostgreSQL must work, as far as we may become them."""

import ctypes
import os
import pwd
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

_CLONE_NEWUSER = 0x10000000
_PR_CAPBSET_DROP = 24
# chown, dac_override, fowner, fsetid, kill, setgid, setuid, setpcap, net_bind_service, net_raw,
# sys_chroot, mknod, audit_write, setfcap
_CONTAINER_CAPABILITIES = {0, 1, 3, 4, 5, 6, 7, 8, 10, 13, 18, 27, 29, 31}
_libc = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True)
class Person:
    """`become` is called between fork and exec; `uid` owns their folder, as the tests see it."""

    name: str
    uid: int
    gid: int
    python: str
    become: Callable[[], None]

    def __str__(self) -> str:
        return self.name


def ourselves() -> Person:
    return Person("ourselves", os.geteuid(), os.getegid(), sys.executable, lambda: None)


def people() -> list[Person]:
    """
    A plain user: only themselves. Root: also a plain user, and root where the kernel refuses
    user namespaces, as it does in most containers.
    """
    if os.geteuid() != 0:
        return [ourselves()]
    nobody = pwd.getpwnam("nobody")
    candidates = [
        Person("nobody", nobody.pw_uid, nobody.pw_gid, python, _become_nobody)
        for python in (sys.executable, "/usr/bin/python3")
    ]
    # Where root's own Python alone is recent enough, below a folder that nobody may enter.
    candidates.append(Person("nobody", 0, 0, sys.executable, _become_nobody_in_a_namespace))
    found = [ourselves()]
    found += [person for person in candidates if _can_be(person)][:1]
    confined = Person("confined_root", 0, 0, sys.executable, _become_confined_root)
    return [*found, confined] if _can_be(confined) else found


def _can_be(person: Person) -> bool:
    if shutil.which(person.python) is None:
        return False
    check = "import sys; sys.exit(sys.version_info < (3, 11))"
    try:
        return (
            subprocess.run(
                [person.python, "-S", "-c", check],
                preexec_fn=person.become,
                capture_output=True,
                cwd="/",
            ).returncode
            == 0
        )
    except (OSError, subprocess.SubprocessError):
        return False


def _become_nobody() -> None:
    nobody = pwd.getpwnam("nobody")
    os.setgroups([])
    os.setgid(nobody.pw_gid)
    os.setuid(nobody.pw_uid)


def _become_nobody_in_a_namespace() -> None:
    nobody = pwd.getpwnam("nobody")
    os.setgroups([])
    _unshare()
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{nobody.pw_uid} 0 1")
    Path("/proc/self/gid_map").write_text(f"{nobody.pw_gid} 0 1")


def _become_confined_root() -> None:
    """
    Root of a namespace where every uid exists and no further namespace can be made, with the
    capabilities that Docker leaves by default.
    """
    reading, writing = os.pipe()
    us = os.getpid()
    helper = os.fork()
    if helper == 0:  # stays outside: only from there can every uid be mapped
        os.read(reading, 1)
        for kind in ("uid", "gid"):
            Path(f"/proc/{us}/{kind}_map").write_text("0 0 4294967295")
        os._exit(0)
    _unshare()
    os.write(writing, b"!")
    if os.waitpid(helper, 0)[1] != 0:
        raise PermissionError
    Path("/proc/sys/user/max_user_namespaces").write_text("0")
    for capability in set(range(41)) - _CONTAINER_CAPABILITIES:
        _libc.prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0)


def _unshare() -> None:
    if _libc.unshare(_CLONE_NEWUSER) != 0:
        raise PermissionError(ctypes.get_errno(), "unshare")
