"""
Papers: a template and data give a PDF, the same bytes for the same input.

    await render(PAPERS / "sheet.typ", {"theme": "fin_de_vie", …}, made_at=now)

Templates are typst files beside the module they belong to. Data reach them as JSON
(`json(bytes(sys.inputs.data))`) and are only ever content: a name that reads like an instruction is
printed as it is.
"""

import asyncio
import sys
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

TIME_LIMIT = 20.0
"""Seconds one document may take; a usual one takes a tenth of a second."""

TOGETHER = 2
"""Documents typeset at once in a process: others wait their turn."""

_turns: asyncio.Semaphore | None = None
_turns_of: asyncio.AbstractEventLoop | None = None


class NotRendered(RuntimeError):
    """The template failed, or took too long; says where in the template, never with what data."""


async def render(
    template: Path, data: Mapping[str, Any], *, made_at: datetime, limit: float = TIME_LIMIT
) -> bytes:
    """
    The PDF of a template and its data, dated `made_at`, in a process of its own.

    Dates and times in `data` are ISO texts, as JSON has them. Raises `NotRendered`.
    """
    async with _turn():
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-I",
            "-m",
            "core.documents.typesetting",
            str(template),
            str(int(made_at.timestamp())),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            async with asyncio.timeout(limit):
                document, complaint = await process.communicate(msgspec.json.encode(data))
        except TimeoutError as error:
            message = f"{template.name}: not done after {limit} s"
            raise NotRendered(message) from error
        finally:
            if process.returncode is None:
                # Out of time, or whoever asked is gone.
                with suppress(ProcessLookupError):
                    process.kill()
                await process.wait()
    if process.returncode != 0:
        raise NotRendered(complaint.decode(errors="replace").strip().rpartition("\n")[2])
    return document


def _turn() -> asyncio.Semaphore:
    """The semaphore of the loop that runs: each process has one loop, tests have several."""
    global _turns, _turns_of
    loop = asyncio.get_running_loop()
    if _turns is None or _turns_of is not loop:
        _turns, _turns_of = asyncio.Semaphore(TOGETHER), loop
    return _turns
