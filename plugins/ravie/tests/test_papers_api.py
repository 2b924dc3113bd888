"""The papers of a session over HTTP: printed, attached, read again."""

import hashlib
import io
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from psycopg import sql
from pypdf import PdfReader

from core.access.journal import reads_of
from core.clock import SimulatedClock
from core.testing.scenario import an_id
from plugins.ravie.tests.test_api import Ravie
from server.opening import open_tenants
from server.tests.house import served
from tests.installation import Installation

pytestmark = pytest.mark.postgres

SCAN = b"%PDF-1.7\n" + bytes(range(256)) * 50
NAMES = ("Martin", "Durand", "Petit")


@pytest.fixture
async def ravie(installation: Installation, tmp_path: Path) -> AsyncIterator[Ravie]:
    clock = SimulatedClock(datetime(2026, 3, 1, tzinfo=UTC))
    async with served(installation, tmp_path, clock) as api:
        await open_tenants(api.parts, installation.tenants.values(), modules=["ravie"])
        yield Ravie(api)


async def a_session(ravie: Ravie, *, held: bool = True) -> tuple[str, list[str]]:
    """A session of a cycle, and those enrolled in it, who signed when it was held."""
    cycle = await ravie.cycle(sessions=1)
    people = [await ravie.person(name) for name in NAMES]
    for person in people:
        body = {"person": person, "role": "assistant_de_vie"}
        await ravie.done(f"cycles/{cycle}/participants", body)
    (session,) = await ravie.sessions(cycle)
    if held:
        times = {"started_at": "2026-01-08T14:00:00+01:00", "ended_at": "2026-01-08T17:00:00+01:00"}
        await ravie.done(f"sessions/{session}/holding", times)
        for person in people:
            signature = {"person": person, "minutes": 180}
            await ravie.done(f"sessions/{session}/signatures", signature)
    return session, people


async def attach(
    ravie: Ravie,
    session: str,
    content: Any = SCAN,
    media_type: str = "application/pdf",
    by: Mapping[str, str] | None = None,
) -> httpx.Response:
    path = f"/api/v1/tenants/05D/ravie/sessions/{session}/sheet/scan"
    headers = {**(by or ravie.coordination), "Content-Type": media_type}
    return await ravie.api.client.post(path, headers=headers, content=content)


async def stored_files(ravie: Ravie) -> int:
    tenant = ravie.api.parts.tenants.find("05D")
    query = sql.SQL("select count(*) from {}").format(
        sql.Identifier(tenant.facts_schema, "attachments")
    )
    async with ravie.api.parts.home.serving(tenant) as connection:
        line = await (await connection.execute(query)).fetchone()
    assert line is not None
    return int(line[0])


def text_of(document: bytes) -> str:
    pages = PdfReader(io.BytesIO(document)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


async def test_the_blank_sheet_has_a_line_for_each_person_enrolled(ravie: Ravie) -> None:
    session, people = await a_session(ravie, held=False)
    answer = await ravie.read(f"sessions/{session}/sheet.pdf")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["cache-control"] == "no-store"
    text = text_of(answer.content)
    for said in (
        "Feuille d’émargement",
        "Thème du cycle : Fin de vie",
        "Séance : 1 sur 1",
        "jeudi 8 janvier 2026",
        "de 14 h 00 à 17 h 00",
        "1 DURAND Claire assistant de vie 2 MARTIN Claire assistant de vie 3 PETIT Claire",
    ):
        assert said in text
    tenant = ravie.api.parts.tenants.find("05D")
    async with ravie.api.parts.home.serving(tenant) as connection:
        (read,) = await reads_of(connection, tenant, people[0])
    assert read.reading.route.endswith("/sessions/{session}/sheet.pdf")


async def test_the_signed_sheet_comes_back_as_it_was_sent(ravie: Ravie) -> None:
    session, _ = await a_session(ravie)
    (missing,) = (await ravie.read("sheets-to-scan")).json()["items"]
    assert missing["session"] == session
    answer = await attach(ravie, session)
    assert answer.status_code == 201, answer.text
    sheet = (await ravie.read(f"sessions/{session}")).json()
    digest = hashlib.sha256(SCAN).hexdigest()
    assert sheet["scan"] == {
        "sha256": digest,
        "media_type": "application/pdf",
        "size": len(SCAN),
        "by": "coordination",
    }
    assert (await ravie.read("sheets-to-scan")).json()["items"] == []
    read = await ravie.read(f"sessions/{session}/sheet/scan")
    assert read.content == SCAN
    assert read.headers["content-type"] == "application/pdf"
    assert read.headers["content-disposition"] == f'attachment; filename="emargement-{session}.pdf"'
    assert read.headers["x-content-type-options"] == "nosniff"
    assert read.headers["etag"] == f'"{digest}"'
    again = await ravie.read(
        f"sessions/{session}/sheet/scan",
        by={**ravie.coordination, "If-None-Match": read.headers["etag"]},
    )
    assert (again.status_code, again.content) == (304, b"")


async def test_a_later_scan_takes_the_place_of_the_first(ravie: Ravie) -> None:
    session, _ = await a_session(ravie)
    await attach(ravie, session)
    png = b"\x89PNG\r\n\x1a\n" + bytes(400)
    assert (await attach(ravie, session, png, "application/pdf")).status_code == 201
    read = await ravie.read(f"sessions/{session}/sheet/scan")
    assert (read.headers["content-type"], read.content) == ("image/png", png)


async def test_the_same_scan_sent_twice_is_one(ravie: Ravie) -> None:
    session, _ = await a_session(ravie)
    await attach(ravie, session)
    again = await attach(ravie, session)
    assert (again.status_code, again.json()["facts"]) == (201, [])
    assert await stored_files(ravie) == 1


async def test_reading_the_signed_sheet_is_written_in_the_journal(ravie: Ravie) -> None:
    session, _ = await a_session(ravie)
    await attach(ravie, session)
    await ravie.read(f"sessions/{session}/sheet/scan", by=ravie.animatrice)
    tenant = ravie.api.parts.tenants.find("05D")
    async with ravie.api.parts.home.serving(tenant) as connection:
        (read,) = await reads_of(connection, tenant, session)
    assert read.reading.permission == "ravie.read"


@pytest.mark.parametrize("content", [b"<html>", b"", b"PK\x03\x04" + bytes(90)])
async def test_what_is_neither_pdf_nor_image_is_refused_whatever_it_says(
    ravie: Ravie, content: bytes
) -> None:
    session, _ = await a_session(ravie)
    answer = await attach(ravie, session, content, "application/pdf")
    assert answer.status_code == 415
    assert answer.json()["code"] == "file_type_is_not_admitted"
    assert answer.json()["detail"] == "Le fichier n'est ni un PDF, ni un PNG, ni un JPEG."
    assert await stored_files(ravie) == 0


async def test_a_file_too_large_is_refused_before_it_is_all_there(ravie: Ravie) -> None:
    session, _ = await a_session(ravie)
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while sent < 100_000_000:
            sent += 1_000_000
            yield bytes(1_000_000)

    answer = await attach(ravie, session, endless())
    assert answer.status_code == 413
    assert answer.json()["code"] == "file_is_too_large"
    assert "10485760 octets" in answer.json()["detail"]
    assert sent < 15_000_000
    announced = await attach(ravie, session, SCAN + bytes(11_000_000))
    assert announced.status_code == 413
    assert await stored_files(ravie) == 0


async def test_who_may_not_record_stores_nothing(ravie: Ravie) -> None:
    session, _ = await a_session(ravie)
    assert (await attach(ravie, session, by=ravie.colleague)).status_code == 403
    assert (await attach(ravie, an_id(77))).status_code == 404
    assert await stored_files(ravie) == 0
    assert (await attach(ravie, session, by=ravie.animatrice)).status_code == 201
    for path in (f"sessions/{session}/sheet/scan", f"sessions/{session}/sheet.pdf"):
        assert (await ravie.read(path, by=ravie.colleague)).status_code == 403
        assert (await ravie.read(path, by=ravie.animatrice)).status_code == 200


async def test_a_sheet_that_is_not_there_is_not_found(ravie: Ravie) -> None:
    session, _ = await a_session(ravie)
    assert (await ravie.read(f"sessions/{session}/sheet/scan")).status_code == 404
    assert (await ravie.read(f"sessions/{an_id(77)}/sheet.pdf")).status_code == 404


async def test_the_scan_of_a_session_that_was_not_held_is_refused(ravie: Ravie) -> None:
    session, _ = await a_session(ravie, held=False)
    answer = await attach(ravie, session)
    assert (answer.status_code, answer.json()["code"]) == (422, "session_is_not_held")
