"""A server's process: private to the test run, gone with it whatever happens to the run."""

import ctypes
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


class NotStartedError(Exception):
    """A server did not start; the message says why, in French, with the end of its log."""


def start(
    command: Sequence[str | Path],
    *,
    log: Path,
    env: Mapping[str, str],
    cwd: Path,
    user: int | None = None,
    group: int | None = None,
    when_orphaned: signal.Signals = signal.SIGTERM,
) -> subprocess.Popen[bytes]:
    """Starts `command` in a session of its own, out of reach of the terminal's Ctrl-C.

    The kernel sends it `when_orphaned` when the thread that calls this dies: call it from the main
    thread. Both `user` and `group` are given, or neither.
    """

    def tie_to_parent() -> None:
        # After the change of user, which would clear it.
        _libc.prctl(_PR_SET_PDEATHSIG, int(when_orphaned))

    with log.open("ab") as output:
        return subprocess.Popen(
            list(map(str, command)),
            cwd=cwd,
            env=dict(env),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            user=user,
            group=group,
            extra_groups=None if user is None else [],
            preexec_fn=tie_to_parent,
        )


def wait_until_ready(
    process: subprocess.Popen[bytes], ready: Callable[[], bool], *, log: Path, seconds: float
) -> None:
    """Returns once `ready()` holds; NotStartedError when the process ends or the time is over."""
    limit = time.monotonic() + seconds
    while not ready():
        ended = process.poll() is not None
        if ended or time.monotonic() > limit:
            why = "s'est arrêté" if ended else f"ne répond pas après {seconds:g} s"
            tail = " / ".join(log.read_text(errors="replace").strip().splitlines()[-3:])
            raise NotStartedError(f"{process.args!r} {why} : {tail}")
        time.sleep(0.05)


def stop(process: subprocess.Popen[bytes], how: signal.Signals, *, seconds: float = 30) -> None:
    """Asks the process to stop, insists after `seconds`, and leaves none of its session behind."""
    if process.poll() is None:
        process.send_signal(how)
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    # Whatever the server started and did not stop itself is in its session, hence its group.
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def free_port() -> int:
    """A loopback TCP port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
