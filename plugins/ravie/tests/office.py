"""A secretary with a spreadsheet, and what becomes of it."""

import csv
from collections.abc import AsyncIterator, Iterable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from core.access.actor import Actor
from core.clock import SimulatedClock
from core.domain.event import Recorded
from core.event_store import reader
from core.event_store.mapper import to_recorded
from core.importing.faults import FileRefused
from core.importing.importing import Imported, import_file
from core.indicator import Period
from plugins.ravie.imports import IMPORTS
from plugins.ravie.imports.columns import COLUMNS
from plugins.ravie.module import MODULE
from server.assembly import Parts, assembled
from server.commands.import_csv import importer_of
from server.opening import open_tenants
from server.tests.house import site
from tests.installation import Installation

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
(IMPORT,) = IMPORTS
ADMINISTRATION = Actor.policy("administration")
Row = Mapping[str, str]


class Office:
    """A secretary with a spreadsheet, and the history of Hautes-Alpes."""

    def __init__(self, parts: Parts, folder: Path) -> None:
        self.parts = parts
        self.tenant = parts.tenants.find("05D")
        self._folder = folder

    def file(self, rows: Iterable[Row], *, separator: str = ";", encoding: str = "utf-8") -> Path:
        path = self._folder / "cycles.csv"
        with path.open("w", encoding=encoding, newline="") as file:
            writer = csv.DictWriter(file, [each.name for each in COLUMNS], delimiter=separator)
            writer.writeheader()
            writer.writerows(rows)
        return path

    async def take(self, file: Path | Iterable[Row], **how: Any) -> Imported:
        path = file if isinstance(file, Path) else self.file(file)
        return await import_file(
            importer_of(self.parts, self.tenant.placement),
            self.tenant,
            IMPORT,
            path,
            actor=ADMINISTRATION,
            source=how.pop("source", "tableur"),
            **how,
        )

    async def refused(self, file: Path | Iterable[Row]) -> FileRefused:
        """What is wrong with a file, of which nothing is left."""
        before = await self.head()
        with pytest.raises(FileRefused) as caught:
            await self.take(file)
        assert await self.head() == before
        return caught.value

    async def head(self) -> int:
        async with self.parts.serving[self.tenant.placement].serving(self.tenant) as connection:
            return await reader.head(connection, self.tenant)

    async def history(self, after: int = 0) -> list[Recorded[Any]]:
        async with self.parts.serving[self.tenant.placement].serving(self.tenant) as connection:
            stored = await reader.read_after(connection, self.tenant, after, 100_000)
        return [to_recorded("05D", each, self.parts.catalogue.registry) for each in stored]

    async def count(self, table: str) -> int:
        """How many lines a table of the tenant's own schema has."""
        async with self.parts.serving[self.tenant.placement].serving(self.tenant) as connection:
            query = f'select count(*) from "{self.tenant.facts_schema}".{table}'
            row = await (await connection.execute(query.encode())).fetchone()
        assert row is not None
        return int(row[0])

    async def figure(self, name: str) -> Any:
        await self.parts.engine.follow(self.tenant)
        (indicator,) = [each for each in MODULE.indicators if each.name == name][-1:]
        period = Period(date(2026, 1, 1), date(2027, 1, 1))
        (figure,) = await self.parts.engine.figure(self.tenant, indicator, period)
        return figure.value


@pytest.fixture
async def office(installation: Installation, tmp_path: Path) -> AsyncIterator[Office]:
    async with assembled(site(installation, tmp_path), clock=SimulatedClock(NOW)) as parts:
        await open_tenants(parts, [installation.tenant()], modules=["ravie"])
        yield Office(parts, tmp_path)


def signatures(cycle: str, people: int, sessions: int, minutes: str = "180") -> Iterable[Row]:
    """A whole cycle, one line per signature; each line says everything."""
    for session in range(sessions):
        for person in range(people):
            yield {
                "cycle": cycle,
                "theme": "sommeil",
                "date": f"2026-01-{5 + session:02}",
                "debut": "14:00",
                "fin": "17:00",
                "participant": f"P-{person}",
                "nom": f"Nom{chr(65 + person)}",
                "prenom": "Prénom",
                "naissance": "1970-01-02",
                "role": "assistant de vie",
                "minutes": minutes,
            }
