"""
A whole file, or nothing of it.

The file is read twice, a line at a time: once for how it is written, once to take its lines. Every
fault is told at once; then nothing is written, as after a dry run.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from core.access.actor import Actor
from core.application import Application
from core.catalogue import Catalogue
from core.clock import Clock
from core.database.pool import Database
from core.directory.keyring import Keyring
from core.directory.people import People
from core.directory.vault import Vault
from core.domain.event import Recorded
from core.domain.refusal import Refusal
from core.ids import uuid7
from core.importable import BadCell, Column, Import, Line
from core.importing import cells
from core.importing.desk import Counting
from core.importing.faults import Fault, Faults, FileRefused, shown
from core.importing.reading import rows_of, shape_of
from core.importing.staging import OneTransaction, Staging
from core.keys.wrapper import KeyWrapper
from core.tenancy import Tenant, TenantDirectory, TenantSettings

Progress = Callable[[int, int], None]
"""Told of (lines taken, lines of the file)."""


class Imported(msgspec.Struct, frozen=True, kw_only=True):
    """
    What an import did, or would have done: `written` is False for a dry run.

    `position` is the last one it wrote; `correlation` finds all its facts again.
    """

    written: bool
    lines: int
    facts: int
    commands: int
    corrections: int
    people: int
    likenesses: int
    position: int
    correlation: str


class Importer(msgspec.Struct, frozen=True, kw_only=True):
    """Everything it takes to import into one tenant."""

    database: Database
    """Of the serving login, on the tenant's server."""
    catalogue: Catalogue
    tenants: TenantDirectory
    settings_of: Callable[[Sequence[Recorded[Any]], datetime], TenantSettings]
    wrapper: KeyWrapper
    clock: Clock


class _DryRun(Exception):
    """Ends the transaction of what was only tried."""

    def __init__(self, result: Imported) -> None:
        super().__init__()
        self.result = result


async def import_file(
    importer: Importer,
    tenant: Tenant,
    wanted: Import,
    path: Path,
    *,
    actor: Actor,
    source: str,
    dry_run: bool = False,
    progress: Progress = lambda _done, _all: None,
) -> Imported:
    """
    Imports a file; raises `FileRefused` with all its faults, `Moved`, and `OSError`.

    `source` is whose external ids these are: the same file of another source is other things.
    """
    shape = shape_of(path)
    correlation = uuid7()
    try:
        async with importer.database.serving(tenant) as connection:
            staging = Staging(connection, tenant, importer.catalogue.registry)
            await staging.begin()
            own = OneTransaction(connection)
            # Keys of its own: what is undone at the end must not be at hand for anyone else.
            keyring = Keyring(lambda _tenant: own, importer.wrapper)
            vault = Vault(keyring)
            application = Application(
                staging,
                importer.catalogue,
                importer.tenants,
                importer.settings_of,
                vault,
                clock=importer.clock,
            )
            desk = Counting(
                application,
                tenant,
                People(keyring),
                vault,
                actor=actor,
                source=source,
                correlation=correlation,
            )
            faults, lines = Faults(), 0
            for number, texts in rows_of(path, shape, wanted.columns):
                lines += 1
                await _take(desk, wanted, number, texts, faults)
                progress(number, shape.lines)
            if faults:
                raise FileRefused(faults.told, faults.others)
            result = Imported(
                written=not dry_run and staging.facts > 0,
                lines=lines,
                facts=staging.facts,
                commands=desk.counted.commands,
                corrections=desk.counted.corrections,
                people=desk.counted.people,
                likenesses=desk.counted.likenesses,
                position=staging.head,
                correlation=correlation,
            )
            if dry_run:
                raise _DryRun(result)
            now = importer.clock.now(tenant.code)
            position = await staging.write(correlation, actor.id, now)
            return msgspec.structs.replace(result, position=position)
    except _DryRun as tried:
        return tried.result


async def _take(
    desk: Counting, wanted: Import, number: int, texts: Mapping[str, str], faults: Faults
) -> None:
    values, wrong = cells.read(texts, wanted.columns)
    if not wrong:
        try:
            await wanted.take(desk, Line(number=number, cells=values))
        except BadCell as bad:
            wrong = [bad]
        except Refusal as refusal:
            field = refusal.refused.field or ""
            wrong = [BadCell(_column(wanted, field), refusal.refused.code, refusal.sentence)]
    columns = {column.name: column for column in wanted.columns}
    for error in wrong:
        faults.add(_fault(number, error, texts, columns.get(error.column)))


def _column(wanted: Import, field: str) -> str:
    return wanted.fields.get(field, field)


def _fault(number: int, error: BadCell, texts: Mapping[str, str], column: Column | None) -> Fault:
    return Fault(
        line=number,
        column=None if column is None else column.name,
        value=None if column is None else shown(texts.get(column.name), personal=column.personal),
        rule=error.rule,
        message=error.message,
    )
