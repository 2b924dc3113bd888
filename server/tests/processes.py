"""What the kernel says of processes: who descends from whom, and whether they ended."""

import contextlib
import os
import select
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Process:
    """A process known by its pid and its start, so that a pid used again is another one."""

    pid: int
    started: str

    @classmethod
    def of(cls, pid: int) -> "Process":
        return cls(pid, _stat(pid)[19])

    @property
    def lives(self) -> bool:
        try:
            stat = _stat(self.pid)
        except (FileNotFoundError, ProcessLookupError):
            return False
        return stat[19] == self.started and stat[0] != "Z"

    def ends_within(self, seconds: float) -> bool:
        try:
            descriptor = os.pidfd_open(self.pid)
        except ProcessLookupError:
            return True
        try:
            if not self.lives:
                return True
            poll = select.poll()
            poll.register(descriptor, select.POLLIN)
            return bool(poll.poll(seconds * 1000))
        finally:
            os.close(descriptor)

    def kill(self, sign: signal.Signals = signal.SIGKILL) -> None:
        if self.lives:
            os.kill(self.pid, sign)


def parent(pid: int) -> int:
    return int(_stat(pid)[1])


def family(pid: int) -> list[Process]:
    """The process and all its living descendants."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                children.setdefault(parent(int(entry.name)), []).append(int(entry.name))
            except (FileNotFoundError, ProcessLookupError):
                continue
    found, to_see = [], [pid]
    while to_see:
        pid = to_see.pop()
        to_see += children.get(pid, [])
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):  # it just ended
            found.append(Process.of(pid))
    return found


def all_end(processes: list[Process], within: float = 30.0) -> bool:
    deadline = time.monotonic() + within
    return all(one.ends_within(max(0.0, deadline - time.monotonic())) for one in processes)


def until(condition: Callable[[], bool], within: float = 30.0) -> None:
    """For a condition that nothing can be awaited for, such as a file that appears."""
    deadline = time.monotonic() + within
    while not condition():
        assert time.monotonic() < deadline, "it never came"
        time.sleep(0.005)


def _stat(pid: int) -> list[str]:
    """The fields after the command's name: state, parent, …, start (the 20th)."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
