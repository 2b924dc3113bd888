"""Keeps Debian from starting the services it installs, and puts back what was there before."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

POLICY = Path("/usr/sbin/policy-rc.d")

# 101 is Debian's "action forbidden by policy". Killed outright, an installation cannot clean up
# after itself: the policy then finds that its author is gone, and undoes itself when next asked.
_SCRIPT = """\
#!/bin/sh
# Written by Jalon's tests while they install packages; removed when they are done.
kill -0 {pid} 2>/dev/null && exit 101
if [ -e "$0.before-jalon" ]; then mv "$0.before-jalon" "$0"; exec "$0" "$@"; fi
rm -f "$0"
"""


@contextmanager
def no_autostart(policy: Path = POLICY) -> Iterator[None]:
    """While the block runs, invoke-rc.d and deb-systemd-invoke are refused every start."""
    before = policy.with_name(policy.name + ".before-jalon")
    if policy.exists() and not before.exists():
        policy.rename(before)
    policy.write_text(_SCRIPT.format(pid=os.getpid()))
    policy.chmod(0o755)
    previous = signal.signal(signal.SIGTERM, _leave)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, previous)
        policy.unlink(missing_ok=True)
        if before.exists():
            before.rename(policy)


def _leave(number: int, _frame: FrameType | None) -> None:
    raise SystemExit(128 + number)
