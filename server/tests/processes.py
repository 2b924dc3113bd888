"""What the kernel says of processes: who descends from whom, and whether they ended."""

import contextlib
import os
import select
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


def parent(pid: int) -> int:
    return int(_stat(pid)[1])


def children(pid: int) -> list[Process]:
    found = []
    for entry in Path("/proc").iterdir():
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):  # it just ended
            if entry.name.isdigit() and parent(int(entry.name)) == pid:
                found.append(Process.of(int(entry.name)))
    return found


def works_in(pid: int, folder: Path) -> bool:
    """
    Whether its current folder is this one or below. A process that works in a folder which the
    test made is the test's own: nothing else is ever sent a signal.
    """
    try:
        return Path(f"/proc/{pid}/cwd").readlink().is_relative_to(folder)
    except OSError:  # ended, a zombie, or somebody else's
        return False


def all_in(folder: Path) -> list[Process]:
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and works_in(int(entry.name), folder):
            with contextlib.suppress(FileNotFoundError, ProcessLookupError):
                found.append(Process.of(int(entry.name)))
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
