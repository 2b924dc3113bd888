"""One demonstration for all journeys that only look at it, or put back what they change."""

from collections.abc import Iterator

import msgspec
import pytest

from server import embedded
from server.demo.summary import Summary
from tests.journeys.demonstrations import Played
from tests.journeys.processes import environment, run


@pytest.fixture(scope="session")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    """`jalon demo` of three tenants over a year; its PostgreSQL runs on while tests look."""
    folder = tmp_path_factory.mktemp("demonstration")
    home, summary = folder / "home", folder / "summary.json"
    command = ["jalon", "demo", "--no-serve", "--tenants", "3", "--years", "1"]
    run([*command, "--summary", str(summary)], environment(home))
    with embedded.start(home):
        yield Played(home=home, summary=msgspec.json.decode(summary.read_bytes(), type=Summary))
