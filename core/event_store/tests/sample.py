"""What the store's tests append, and how they look at what is there."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import psycopg
from psycopg import sql

from core.event_store.stored import Append, NewFact
from core.ids import uuid7
from core.tenancy import Tenant
from tests.installation import Installation

NOON = datetime(2026, 1, 15, 12, tzinfo=UTC)


def a_fact(stream: str, version: int, **changes: Any) -> NewFact:
    values: dict[str, Any] = {
        "id": uuid7(),
        "stream": stream,
        "version": version,
        "name": "essai.noted.v1",
        "occurred_at": NOON,
        "person": None,
        "tags": b"",
        "body": b"{}",
    }
    return NewFact(**values | changes)


def an_append(
    stream: str,
    *,
    after: int = 0,
    facts: int = 1,
    rests_on: Mapping[str, int] | None = None,
    **changes: Any,
) -> Append:
    """One command that adds facts to a stream read at version `after`."""
    command = uuid7()
    values: dict[str, Any] = {
        "command": command,
        "fingerprint": b"request",
        "now": NOON,
        "actor": "animatrice",
        "correlation": command,
        "causation": None,
        "expected": {stream: after, **(rests_on or {})},
        "facts": [a_fact(stream, after + number) for number in range(1, facts + 1)],
    }
    return Append(**values | changes)


def look(installation: Installation, tenant: Tenant, columns: str) -> list[tuple[Any, ...]]:
    """Columns of every fact of a tenant, in order of position, whatever the roles."""
    query = sql.SQL("select {} from {} order by position").format(
        sql.SQL(columns),
        sql.Identifier(tenant.facts_schema, "facts"),
    )
    with psycopg.connect(installation.conninfo("admin")) as connection:
        return connection.execute(query).fetchall()
