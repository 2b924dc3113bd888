"""Nobody who was played, and nothing that was said of them, lies in the clear in any file."""

import asyncio
import re
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path

import psycopg
import pytest

from core.access.journal import Reading
from core.directory.blind_index import normalised
from core.directory.identity import Identity
from core.domain.event import Fact
from core.domain.sealed import Sealed, sealed_fields
from core.event_store.mapper import to_recorded
from core.settings import Settings
from core.tenancy import Tenant
from plugins.ravie.demo import gap, words
from server.assembly import Parts, assembled
from server.demo.calendar import END
from server.demo.identities import NAMES
from server.site import Site, ensure_installed, running
from tenants.provisioning import provision
from tenants.territory.territory import territory
from tests.journeys.demonstrations import Played, history
from tests.journeys.processes import environment

pytestmark = pytest.mark.postgres

PLANTED = "Thérèse Grandjean"
_WRITTEN = re.compile(rb"[\x20-\x7e\x80-\xff]{3,}")
_LETTER = rb"[A-Za-z0-9_\x80-\xff-]"
_LONG = 6
"""Bytes from which chance does not write a name in an encrypted text."""
_AMONG = rb"[\x20-\x7e]{4}"
"""What stands on both sides of a shorter one: compressed pages break other words into it, as chance
may. So a short name alone in a binary row is not seen here; longer ones are, anywhere."""


class Files:
    """Everything that reads as text in the files of a folder, each piece once."""

    def __init__(self, folder: Path) -> None:
        pieces: set[bytes] = set()
        self.count = 0
        for path in folder.rglob("*"):
            if path.is_file():
                pieces.update(_WRITTEN.findall(path.read_bytes()))
                self.count += 1
        self._text = b"\n".join(pieces)

    def holding(self, texts: Iterable[str]) -> set[str]:
        """Those of the texts that a file holds, written one way or another."""
        return {text for text in texts if any(map(self._holds, _ways(text)))}

    def _holds(self, way: bytes) -> bool:
        if len(way) >= _LONG:
            return way in self._text
        alone = rb"%s(?<!%s)%s(?!%s)%s" % (_AMONG, _LETTER, re.escape(way), _LETTER, _AMONG)
        return re.search(alone, self._text) is not None


def _ways(text: str) -> set[bytes]:
    written = {text, text.upper(), text.casefold(), normalised(text), normalised(text).title()}
    forms = {unicodedata.normalize(form, way) for way in written for form in ("NFC", "NFD")}
    escaped = {way.encode("ascii", "backslashreplace") for way in forms}
    return {way.encode() for way in forms} | escaped


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """An installation where nothing was played: what stands in its files is nobody's name."""
    home = tmp_path_factory.mktemp("empty") / "home"
    with running(Settings.from_environment(environment(home))) as site:
        asyncio.run(ensure_installed(site))
        asyncio.run(provision(site.provision, [territory().collectivite("05D")]))
        yield site


async def test_no_file_holds_who_was_registered_nor_what_was_sealed(
    played: Played, empty: Site
) -> None:
    async with assembled(played.site, connections=2) as parts:
        people, texts = [], set[str]()
        for tenant in parts.tenants.all():
            people += await _people(parts, tenant)
            texts |= await _sealed_texts(parts, tenant)
    assert len(people) == played.summary.facts_by_name["directory.person_registered.v1"]
    assert {person.family_name for person in people} <= set(NAMES.family_names)
    assert texts >= set(gap.QUESTIONS)
    assert texts & set(words.QUESTIONS)
    assert texts & set(words.TOPICS)
    assert texts & {title for _, title in words.PRODUCTIONS}
    secrets = texts | {secret for person in people for secret in _secrets(person)}
    usual = _files(empty).holding(secrets)
    # A few names are also words: a given name in a list of locales, a column of a catalogue.
    assert len(usual) < len(secrets) / 20
    files = _files(played.site)
    assert files.holding(secrets - usual) == set()
    assert files.count > 1_000
    assert files.holding(["lieu_ressources", "ravie.cycle_opened.v1", "jalon1."])


def test_what_is_written_in_the_clear_is_found(empty: Site) -> None:
    assert empty.cluster is not None
    assert not _files(empty).holding(PLANTED.split())
    with psycopg.connect(empty.cluster.conninfo("postgres", "jalon"), autocommit=True) as opened:
        opened.execute("create table planted as select %s::text as name", (PLANTED,))
    assert _files(empty).holding(PLANTED.split()) == set(PLANTED.split())


def _files(site: Site) -> Files:
    """The files of a home, as a checkpoint leaves them."""
    assert site.cluster is not None
    with psycopg.connect(site.cluster.conninfo(), autocommit=True) as connection:
        connection.execute("checkpoint")
    return Files(site.settings.home)


def _secrets(person: Identity) -> Iterator[str]:
    yield from (person.family_name, person.given_name, person.birth_date.isoformat())
    if person.phone is not None:
        yield from (person.phone, person.phone.replace(" ", ""))


async def _people(parts: Parts, tenant: Tenant) -> list[Identity]:
    persons = {fact.person for fact in await history(parts, tenant) if fact.person}
    reading = Reading(at=END, actor="essai", permission="directory.read", route="essai")
    return [*(await parts.people.identities(tenant, persons, reading)).values()]


async def _sealed_texts(parts: Parts, tenant: Tenant) -> set[str]:
    """Every text under a key in a tenant's facts, opened."""
    tokens: list[tuple[str, Sealed]] = []
    for stored in await history(parts, tenant):
        fact: Fact = to_recorded(tenant.code, stored, parts.catalogue.registry).fact
        for field in sealed_fields(type(fact)):
            held = getattr(fact, field) or ()
            found = (held,) if isinstance(held, str) else held
            tokens += [(field, Sealed(token)) for token in found]
    return {text for text in await parts.vault.open_many(tenant, tokens) if text is not None}
