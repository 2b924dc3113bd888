"""Progress bars, on standard error, so that standard output stays for what was asked."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

CONSOLE = Console(stderr=True, highlight=False)


@contextmanager
def bars() -> Iterator[Progress]:
    """Bars for long work; in a pipe or a log they leave one line each, at the end."""
    columns = (
        TextColumn("{task.description:<28}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[note]}"),
    )
    with Progress(*columns, console=CONSOLE) as progress:
        yield progress
