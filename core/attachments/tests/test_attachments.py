"""Files on the real database: what is stored, what comes back, what a gone key leaves."""

import hashlib
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from core.access.journal import Reading, reads_of
from core.attachments.attachments import Attachments
from core.attachments.media import media_type_of
from core.database.pool import Database
from core.directory.keyring import Keyring
from core.domain.refusal import Refusal
from core.keys.local import LocalWrapper
from core.testing.scenario import an_id
from tests.installation import Installation

SESSION = an_id(1)
SCAN = b"%PDF-1.7\n" + "Émargé par Claire Martin".encode() * 400
READING = Reading(
    at=datetime(2026, 1, 1, tzinfo=UTC), actor="animatrice", permission="essai", route="essai"
)

pytestmark = pytest.mark.postgres


@pytest.fixture
def keyring(serve_database: Database, tmp_path: Path) -> Keyring:
    wrapper = LocalWrapper.create(tmp_path / "master.key")
    return Keyring(lambda _tenant: serve_database, wrapper)


@pytest.fixture
def attachments(keyring: Keyring) -> Attachments:
    return Attachments(keyring, limit=1_000_000)


async def rows(installation: Installation) -> list[tuple[bytes, ...]]:
    table = sql.Identifier(installation.tenant().facts_schema, "attachments")
    query = sql.SQL("select sealed, sha256 from {}").format(table)
    async with await psycopg.AsyncConnection.connect(installation.conninfo("admin")) as admin:
        return await (await admin.execute(query)).fetchall()


async def test_a_file_comes_back_as_it_was_and_the_journal_says_who_read_it(
    attachments: Attachments, installation: Installation, serve_database: Database
) -> None:
    tenant = installation.tenant()
    attached = await attachments.attach(tenant, SESSION, SCAN)
    assert attached.sha256 == hashlib.sha256(SCAN).hexdigest()
    assert (attached.media_type, attached.size) == ("application/pdf", len(SCAN))
    assert await attachments.open(tenant, SESSION, attached.sha256, READING) == (attached, SCAN)
    async with serve_database.serving(tenant) as connection:
        (read,) = await reads_of(connection, tenant, SESSION)
    assert read.reading.actor == "animatrice"


async def test_nothing_of_a_file_is_in_the_clear(
    attachments: Attachments, installation: Installation
) -> None:
    await attachments.attach(installation.tenant(), SESSION, SCAN)
    ((sealed, digest),) = await rows(installation)
    assert b"Claire" not in sealed
    assert digest == hashlib.sha256(SCAN).digest()


async def test_the_same_content_under_the_same_subject_is_one(
    attachments: Attachments, installation: Installation
) -> None:
    tenant = installation.tenant()
    first = await attachments.attach(tenant, SESSION, SCAN)
    assert await attachments.attach(tenant, SESSION, SCAN) == first
    assert len(await rows(installation)) == 1
    await attachments.attach(tenant, an_id(2), SCAN)
    assert len(await rows(installation)) == 2


async def test_a_file_is_found_under_what_it_belongs_to_only(
    attachments: Attachments, installation: Installation
) -> None:
    tenant = installation.tenant()
    attached = await attachments.attach(tenant, SESSION, SCAN)
    assert await attachments.open(tenant, an_id(2), attached.sha256, READING) is None
    assert await attachments.open(tenant, SESSION, "00" * 32, READING) is None
    other = installation.tenant("69D")
    assert await attachments.open(other, SESSION, attached.sha256, READING) is None


async def test_a_file_whose_key_is_destroyed_is_erased(
    attachments: Attachments, installation: Installation, tmp_path: Path, serve_database: Database
) -> None:
    tenant = installation.tenant()
    attached = await attachments.attach(tenant, SESSION, SCAN)
    async with serve_database.serving(tenant) as connection:
        table = sql.Identifier(tenant.facts_schema, "data_keys")
        await connection.execute(sql.SQL("update {} set wrapped = null").format(table))
    wrapper = LocalWrapper.load(tmp_path / "master.key")
    elsewhere = Attachments(Keyring(lambda _tenant: serve_database, wrapper), limit=1_000_000)
    assert await elsewhere.open(tenant, SESSION, attached.sha256, READING) is None
    with pytest.raises(Refusal) as refused:
        await elsewhere.attach(tenant, SESSION, SCAN)
    assert refused.value.refused.code == "key_is_destroyed"


async def test_a_file_about_a_person_asks_for_a_registered_person(
    attachments: Attachments, installation: Installation
) -> None:
    with pytest.raises(Refusal) as refused:
        await attachments.attach(installation.tenant(), SESSION, SCAN, person=True)
    assert refused.value.refused.code == "person_is_unknown"


@pytest.mark.parametrize("change", ["update {} set size = 1", "delete from {}", "truncate {}"])
async def test_the_serving_role_changes_no_file(
    attachments: Attachments, installation: Installation, serve_database: Database, change: str
) -> None:
    tenant = installation.tenant()
    await attachments.attach(tenant, SESSION, SCAN)
    table = sql.Identifier(tenant.facts_schema, "attachments")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        async with serve_database.serving(tenant) as connection:
            await connection.execute(sql.SQL(change).format(table))


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (SCAN, "application/pdf"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "image/png"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "image/jpeg"),
        (b"<html>%PDF-", None),
        (b"PK\x03\x04", None),
        (b"", None),
    ],
)
def test_a_type_is_known_by_how_a_file_begins(content: bytes, kind: str | None) -> None:
    assert media_type_of(content) == kind


async def test_what_is_neither_pdf_nor_image_is_not_stored(
    attachments: Attachments, installation: Installation
) -> None:
    with pytest.raises(Refusal) as refused:
        await attachments.attach(installation.tenant(), SESSION, b"<script>alert(1)</script>")
    assert refused.value.refused.code == "file_type_is_not_admitted"
    assert await rows(installation) == []


async def test_a_file_larger_than_the_limit_is_not_stored(
    attachments: Attachments, installation: Installation
) -> None:
    with pytest.raises(Refusal) as refused:
        await attachments.attach(installation.tenant(), SESSION, SCAN + bytes(1_000_000))
    assert refused.value.refused.code == "file_is_too_large"
    assert await rows(installation) == []
