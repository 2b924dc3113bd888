"""
What the processes say of themselves, with nothing personal in it.

A log line is an event's constant name and values under known keys: ids, codes, counts, durations.
Anything under another key is dropped and the key is named, so that a value about someone cannot
slip in with a new line of code. Messages of libraries are kept as templates, without their
arguments; errors as their types and the places they went through, without their messages, which
may quote the data.
"""

import logging
import re
import sys
import traceback
from typing import Any, TextIO

import structlog
from structlog.types import EventDict, Processor

from core.settings import LogFormat

KNOWN_KEYS = frozenset(
    """
    event level timestamp logger template error where dropped
    actor attempt attempts batch cause cells checkpoint code command count database delivered
    duration_ms environment fact facts followed forced from_version host indicator kind lag limit
    method migration migrations module path permission pid placement policy port position
    projection queue reason request role route rows schema seconds setting signal since sqlstate
    state status stored_name stream tenant tenants tries version waiting worker
    """.split()  # noqa: SIM905 - one list, read as words
)
"""Keys under which only ids, codes, counts and durations are ever put."""

_EVENT = re.compile(r"^[a-z][a-z0-9_]*(\.[a-z0-9_]+)*$")
_FOREIGN = "library.message"


def only_known_keys(_logger: Any, _method: str, line: EventDict) -> EventDict:
    """Drops what is under an unknown key, and an event that is a sentence instead of a name."""
    dropped = sorted(key for key in line if key not in KNOWN_KEYS and not key.startswith("_"))
    for key in dropped:
        del line[key]
    if not _EVENT.match(str(line.get("event"))):
        line["event"] = "unnamed"
        dropped.append("event")
    if dropped:
        line["dropped"] = dropped
    return line


def errors_without_messages(_logger: Any, _method: str, line: EventDict) -> EventDict:
    """Says of an exception its chain of types and where it went; its message may quote data."""
    given = line.pop("exc_info", None)
    error = given[1] if isinstance(given, tuple) else given
    if error is True:
        error = sys.exc_info()[1]
    if isinstance(error, BaseException):
        line["error"] = " < ".join(type(link).__qualname__ for link in _chain(error))
        line["where"] = [
            f"{frame.filename}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(error.__traceback__)[-8:]
        ]
    return line


def _chain(error: BaseException | None) -> list[BaseException]:
    links: list[BaseException] = []
    while error is not None and error not in links:
        links.append(error)
        error = error.__cause__ or error.__context__
    return links


def templates_only(_logger: Any, _method: str, line: EventDict) -> EventDict:
    """A library's message keeps its template; its arguments may be anything."""
    if line.get("_from_structlog"):
        return line
    record: logging.LogRecord = line["_record"]
    # A message without arguments may have been put together before it came here: only those of
    # the servers we run, which speak of themselves, are kept (dramatiq_postgres quotes errors).
    kept = line.pop("positional_args", None) or record.name.startswith(("uvicorn", "dramatiq."))
    line["event"], line["logger"] = _FOREIGN, record.name
    if kept:
        line["template"] = str(record.msg)
    return line


def configure_logging(
    log_format: LogFormat, *, level: str = "INFO", stream: TextIO | None = None
) -> None:
    """Sends our lines and the libraries' through the same processors, to standard error."""
    before: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        errors_without_messages,
    ]
    render: Processor = (
        structlog.processors.JSONRenderer(sort_keys=True)
        if log_format == "json"
        else structlog.dev.ConsoleRenderer()
    )
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=before,
            processors=[
                templates_only,
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                only_known_keys,
                render,
            ],
            use_get_message=False,
            pass_foreign_args=True,
        )
    )
    structlog.configure(
        processors=[*before, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for noisy in ("httpx", "httpcore", "pika"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    # uvicorn's own access lines carry addresses and query strings; ours say route and status.
    logging.getLogger("uvicorn.access").handlers[:] = []
    logging.getLogger("uvicorn.access").propagate = False
