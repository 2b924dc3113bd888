"""
What is known of a tenant: for each of its facts, the ids in it by the name of a parameter.

A fact of a session that is about a person knows a `session` and a `person` that go together: this
is how a request with both is about something that happened, whatever module it is of.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import httpx

_ID = re.compile(r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")
_EACH = 12
"""Facts of one kind that are kept: first and last ones, in all their states."""


class Known:
    """The records of a tenant's facts, a few of each kind."""

    def __init__(self, facts: Iterable[Mapping[str, Any]], names: Iterable[str]) -> None:
        wanted = frozenset(names)
        by_kind: dict[str, list[dict[str, str]]] = {}
        for fact in facts:
            by_kind.setdefault(fact["name"], []).append(dict(_ids(fact, wanted)))
        self._records = [
            record
            for kind in sorted(by_kind)
            for record in (*by_kind[kind][:_EACH], *by_kind[kind][-_EACH:])
        ]

    def records(self, names: Sequence[str]) -> list[dict[str, str]]:
        """Those that know all these names, else as many of them as any record knows."""
        wanted = frozenset(names)
        most = max((len(wanted & record.keys()) for record in self._records), default=0)
        if not most:
            return []
        found = [
            {name: record[name] for name in sorted(wanted & record.keys())}
            for record in self._records
            if len(wanted & record.keys()) == most
        ]
        return [dict(each) for each in dict.fromkeys(tuple(one.items()) for one in found)]


def facts_of(client: httpx.Client, code: str) -> Iterator[dict[str, Any]]:
    """Every fact of a tenant."""
    after: int | None = 0
    while after is not None:
        page = client.get(f"/api/v1/tenants/{code}/facts", params={"after": after, "limit": 500})
        yield from page.json()["items"]
        after = page.json()["next"]


def _ids(fact: Mapping[str, Any], names: frozenset[str]) -> Iterator[tuple[str, str]]:
    yield "fact", fact["id"]
    yield "stream", fact["stream"]
    # `ravie.cycle_opened.v1` is of a cycle, `session.planned.v1` of a session.
    for word in re.split(r"[._]", fact["name"]):
        if word in names:
            yield word, fact["stream"]
    for name, value in fact["body"].items():
        if isinstance(value, str) and _ID.match(value):
            yield name, value
