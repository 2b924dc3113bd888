"""No file of the database holds a name, a birth date, a phone, an e-mail or a text in the clear."""

import base64
import unicodedata
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import psycopg

from core.database.pool import Database
from core.directory.blind_index import normalised
from core.directory.commands import RegisterPerson
from core.directory.identity import Identity
from core.directory.people import People
from core.directory.tests.sample import READING
from core.directory.tests.test_recorded import ACTOR, TellNeed, application
from core.directory.vault import Vault
from core.domain.event import Subject
from core.ids import uuid7
from core.tenancy import Tenant
from tests.installation import Installation

WHO = Identity(
    family_name="Quévreux-d'Ytrebizh",
    given_name="Wénceslaüs",
    birth_date=date(1937, 2, 28),
    phone="07 83 91 64 52",
    email="wq.ytrebizh@exemple.invalid",
)
NEED = "Souhaite apprendre le zarb après son opération de la hanche"
CONTROL = "Témoin-Xylophône déclaré en clair"


def written_ways(text: str) -> set[bytes]:
    """The ways in which a text could lie in a file: as it is, simplified, or merely encoded."""
    ways = {text, text.casefold(), text.upper(), normalised(text)}
    ways |= {unicodedata.normalize(form, way) for way in ways for form in ("NFC", "NFD")}
    found = {
        way.encode(encoding)
        for way in ways
        for encoding in ("utf-8", "utf-16-le", "latin-1")
        if _fits(way, encoding)
    }
    for way in list(found):
        found.add(way.hex().encode())
        # A text in base64 begins at one of three places; its ends depend on what is around.
        found |= {base64.b64encode(bytes(pad) + way)[4:-4] for pad in (0, 1, 2)}
    return found


def files_with(folder: Path, needles: Iterable[bytes]) -> dict[str, set[bytes]]:
    """Which files hold which needles, by the first part of their path."""
    needles = set(needles)
    hits: dict[str, set[bytes]] = {}
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink():
            content = path.read_bytes()
            if found := {needle for needle in needles if needle in content}:
                hits.setdefault(path.relative_to(folder).parts[0], set()).update(found)
    return hits


def checkpointed(installation: Installation) -> Path:
    """The server's folder, everything written down, and a control row in a table of its own."""
    with psycopg.connect(installation.conninfo("admin"), autocommit=True) as connection:
        connection.execute("create table control (text text primary key)")
        connection.execute("insert into control values (%s)", (CONTROL,))
        connection.execute("checkpoint")
        told = connection.execute("select pg_backend_pid(), current_setting('data_directory')")
        process, directory = told.fetchone() or (0, "")
        # The embedded server calls its folder by the place where it, and so this backend, runs.
        return Path(directory.replace("/proc/self/", f"/proc/{process}/")).resolve(strict=True)


async def test_no_file_of_the_database_holds_who_a_person_is(
    installation: Installation,
    tenant: Tenant,
    serve_database: Database,
    people: People,
    vault: Vault,
) -> None:
    person = (await people.register(tenant, WHO, READING)).person
    await people.register(tenant, WHO, READING)
    assert await people.search(tenant, WHO.family_name, WHO.birth_date, READING)
    app = application(serve_database, tenant, vault)
    async with app.store:
        await app.execute("05D", RegisterPerson(person=person), actor=ACTOR)
        need = await vault.seal(tenant, person, "need", NEED, person=True)
        await app.execute(
            "05D", TellNeed(file=Subject(uuid7()), person=person, need=need), actor=ACTOR
        )

    folder = checkpointed(installation)
    control = files_with(folder, written_ways(CONTROL))
    assert {"base", "pg_wal"} <= control.keys()
    texts = (
        WHO.family_name,
        *WHO.family_name.split("-"),
        WHO.given_name,
        WHO.birth_date.isoformat(),
        WHO.birth_date.strftime("%d/%m/%Y"),
        str(WHO.phone),
        str(WHO.phone).replace(" ", ""),
        str(WHO.email),
        NEED,
        "opération de la hanche",
    )
    needles = {needle for text in texts for needle in written_ways(text) if len(needle) >= 8}
    assert files_with(folder, needles) == {}


def _fits(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True
