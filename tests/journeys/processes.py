"""`jalon` as a user runs it: a process of its own, in a home of its own."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.services.debian import PROJECT

LISTENS = re.compile(r"Jalon écoute sur (http://\S+)")


def environment(home: Path, **more: str) -> dict[str, str]:
    """What a shell has, without what this one may have been told of Jalon."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("JALON_")}
    tools = str(Path(sys.executable).parent)
    return kept | {"JALON_HOME": str(home), "PATH": f"{tools}:{kept['PATH']}"} | more


@contextmanager
def serving(command: Sequence[str], env: Mapping[str, str]) -> Iterator[str]:
    """Runs a command that serves; gives its address; ends it as Ctrl-C does."""
    process = subprocess.Popen(
        command,
        cwd=PROJECT,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stderr is not None
    told = []
    try:
        for line in process.stderr:
            told.append(line)
            if found := LISTENS.search(line):
                yield found[1]
                break
        else:
            raise AssertionError("".join(told))
    finally:
        os.killpg(process.pid, signal.SIGINT)
        process.stderr.close()
        process.wait(timeout=60)


def run(command: Sequence[str], env: Mapping[str, str]) -> str:
    """Runs a command to its end; gives what it says, and fails with what it complains of."""
    done = subprocess.run(
        command, cwd=PROJECT, env=env, capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
