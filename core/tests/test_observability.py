import io
import logging
from collections.abc import Iterator

import msgspec
import pytest
import structlog

from core.observability import configure_logging

NAME = "Marie Dupont"


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What a process configured for JSON would have written to its standard error."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    stream = io.StringIO()
    configure_logging("json", stream=stream)
    yield stream
    root.handlers[:] = before
    root.setLevel(level)
    structlog.reset_defaults()


def last(lines: io.StringIO) -> dict[str, object]:
    line: dict[str, object] = msgspec.json.decode(lines.getvalue().splitlines()[-1])
    return line


def test_known_keys_are_kept(lines: io.StringIO) -> None:
    structlog.get_logger().info("append.refused", tenant="05D", sqlstate="23505")
    assert last(lines).items() >= {"event": "append.refused", "tenant": "05D"}.items()


def test_an_unknown_key_is_dropped_and_named(lines: io.StringIO) -> None:
    structlog.get_logger().info("people.found", family_name=NAME)
    assert last(lines)["dropped"] == ["family_name"]
    assert NAME not in lines.getvalue()


def test_an_event_is_a_name_not_a_sentence(lines: io.StringIO) -> None:
    structlog.get_logger().info(f"found {NAME}")
    assert last(lines)["event"] == "unnamed"
    assert NAME not in lines.getvalue()


def test_an_error_is_told_by_its_types_and_places(lines: io.StringIO) -> None:
    try:
        try:
            raise KeyError(NAME)
        except KeyError as error:
            raise ValueError(NAME) from error
    except ValueError:
        structlog.get_logger().exception("fold.failed")
        logging.getLogger("bibliothèque").exception("échec pour %s", NAME)
    ours, theirs = (msgspec.json.decode(line) for line in lines.getvalue().splitlines())
    assert ours["error"] == theirs["error"] == "ValueError < KeyError"
    assert "test_observability.py" in ours["where"][-1]
    assert NAME not in lines.getvalue()


def test_a_librarys_message_keeps_its_template_only(lines: io.StringIO) -> None:
    logging.getLogger("psycopg.pool").warning("attente de %r", NAME)
    assert last(lines)["template"] == "attente de %r"
    logging.getLogger("bibliothèque").warning(f"attente de {NAME}")
    assert "template" not in last(lines)
    assert NAME not in lines.getvalue()


def test_a_console_drops_the_same(lines: io.StringIO) -> None:
    stream = io.StringIO()
    configure_logging("console", stream=stream)
    structlog.get_logger().info("people.found", family_name=NAME, tenant="05D")
    assert "05D" in stream.getvalue()
    assert NAME not in stream.getvalue()
    assert not lines.getvalue()
