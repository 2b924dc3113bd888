"""A long file takes no more memory than a short one."""

import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest

from plugins.ravie.tests.office import Office, Row, office, signatures

pytestmark = pytest.mark.postgres

__all__ = ["office"]


def rows(cycles: int) -> Iterator[Row]:
    for cycle in range(cycles):
        for row in signatures(f"C-{cycle}", people=2, sessions=1):
            yield {**row, "participant": f"{row['participant']}-{cycle}"}


async def peak(office: Office, cycles: int) -> int:
    """Bytes at most while a file of so many cycles is taken, and nothing kept of it."""
    path: Path = office.file(rows(cycles))
    tracemalloc.reset_peak()
    before, _ = tracemalloc.get_traced_memory()
    assert (await office.take(path, dry_run=True)).lines == 2 * cycles
    return tracemalloc.get_traced_memory()[1] - before


async def test_a_long_file_takes_no_more_memory_than_a_short_one(office: Office) -> None:
    tracemalloc.start()
    try:
        await peak(office, 10)
        short, long = await peak(office, 150), await peak(office, 330)
    finally:
        tracemalloc.stop()
    # A line takes several times that while it is in hand; what stays is who is known by now.
    assert long - short < 3_000 * 2 * (330 - 150), f"{short} puis {long} octets"
