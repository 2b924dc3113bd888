"""Demonstrations that were played, and what is found in them afterwards."""

import re
from pathlib import Path

import msgspec

from core.event_store import reader
from core.event_store.stored import StoredFact
from core.settings import Settings
from core.tenancy import Tenant
from server.assembly import Parts
from server.demo.summary import Summary
from server.site import Site, attached
from tests.journeys.processes import environment

_TOKEN = re.compile(r"jalon1\.[^\"']+")
_ID = re.compile("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class Played(msgspec.Struct, frozen=True, kw_only=True):
    """A demonstration in a home whose PostgreSQL runs."""

    home: Path
    summary: Summary

    @property
    def env(self) -> dict[str, str]:
        return environment(self.home)

    @property
    def site(self) -> Site:
        return attached(Settings.from_environment(self.env))


async def history(parts: Parts, tenant: Tenant) -> list[StoredFact]:
    """Everything a tenant has recorded, as it is stored."""
    async with parts.serving[tenant.placement].serving(tenant) as connection:
        return await reader.read_after(connection, tenant, 0, 1_000_000)


def told(facts: list[StoredFact]) -> list[str]:
    """A line for each fact, whole: ids numbered as they come, tokens without what they hold."""
    numbers: dict[str, str] = {}

    def number(found: re.Match[str]) -> str:
        return numbers.setdefault(found[0], f"#{len(numbers)}")

    lines = []
    for fact in facts:
        line = (
            f"{fact.position} {fact.name} {fact.stream}/{fact.version} {fact.occurred_at} "
            f"{fact.recorded_at} {fact.actor} {fact.person} {fact.id} {fact.command} "
            f"{fact.correlation} {fact.causation} {bytes(fact.body).decode()}"
        )
        lines.append(_ID.sub(number, _TOKEN.sub("sealed", line)))
    return lines
