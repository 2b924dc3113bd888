"""
The API of an installation, as its users reach it: real tokens, real database, no network.

The installed modules are those found, and the template's (« carnet »), which shows each way in.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import msgspec
import pytest
from psycopg.conninfo import conninfo_to_dict

from core.access.actor import KnownAs
from core.access.tokens import issue_development_token
from core.catalogue import Catalogue
from core.clock import Clock
from core.keys.local import LocalWrapper
from core.module import Module, Role
from core.settings import Reach, Secret, Settings
from plugins._template.module import MODULE as TEMPLATE
from server.app import application
from server.assembly import Parts, assembled
from server.discovery import find_modules
from server.opening import open_tenants
from server.site import Site
from tests.installation import Installation

ROLES = Module(
    name="essais",
    title="Essais",
    version="1",
    roles=(
        Role(
            code="essais.tout",
            title="Tout, pour les essais",
            grants=(
                "carnet.read",
                "carnet.write",
                "core.correct_facts",
                "core.read_facts",
                "core.read_indicators",
                "core.read_tenant",
                "directory.read_people",
                "directory.register_people",
                "directory.search_people",
            ),
        ),
        Role(
            code="essais.les_siens",
            title="Ses carnets seulement",
            grants=("carnet.read@related", "carnet.write", "core.correct_facts@related"),
        ),
    ),
    always_on=True,
)
WITHOUT_MODULE = "69M"
"""The tenant that has not enabled the template's module."""

EVERYTHING = "essais.tout"
OWN_ONLY = "essais.les_siens"


class Api:
    """A client of the API that holds a development token, and the parts behind it."""

    def __init__(self, parts: Parts, client: httpx.AsyncClient) -> None:
        self.parts = parts
        self.client = client
        self._headers = self.as_actor("animatrice", {"05D": [EVERYTHING]})

    def as_actor(
        self,
        actor: str,
        roles: Mapping[str, Sequence[str]],
        known_as: Mapping[str, KnownAs] | None = None,
    ) -> dict[str, str]:
        """The headers of someone else."""
        home = self.parts.site.settings.home
        token = issue_development_token(home, actor, roles, known_as=known_as)
        return {"Authorization": f"Bearer {token}"}

    async def get(
        self, path: str, *, headers: Mapping[str, str] | None = None, **query: Any
    ) -> httpx.Response:
        """`path` is below the tenant's unless it begins with a slash."""
        sent = self._headers if headers is None else headers
        return await self.client.get(_address(path), headers=dict(sent), params=query)

    async def post(
        self,
        path: str,
        body: Any = None,
        *,
        headers: Mapping[str, str] | None = None,
        key: str | None = None,
    ) -> httpx.Response:
        """Sends a body as JSON (bytes as they are), under an idempotency key when one is given."""
        sent = dict(self._headers if headers is None else headers)
        sent["Content-Type"] = "application/json"
        if key is not None:
            sent["Idempotency-Key"] = key
        content = body if isinstance(body, bytes) else msgspec.json.encode(body)
        return await self.client.post(_address(path), headers=sent, content=content)

    async def put(
        self, path: str, body: Any, *, headers: Mapping[str, str] | None = None
    ) -> httpx.Response:
        """Puts a body as JSON."""
        sent = dict(self._headers if headers is None else headers)
        sent["Content-Type"] = "application/json"
        content = msgspec.json.encode(body)
        return await self.client.put(_address(path), headers=sent, content=content)

    async def follow(self, tenant: str = "05D") -> None:
        """What a worker does once woken."""
        await self.parts.engine.follow(self.parts.tenants.find(tenant))

    async def notebook(self, *topics: str) -> str:
        """A new notebook's id."""
        answer = await self.post("carnet/notebooks", {"topics": topics or ["jardin"]})
        assert answer.status_code == 201, answer.text
        opened: str = answer.json()["id"]
        return opened


def site(installation: Installation, home: Path, reach: Reach = "public") -> Site:
    """The installation as settings in development describe it, with a master key of its own."""
    key = home / "master.key"
    if not key.exists():
        LocalWrapper.create(key)
    place = conninfo_to_dict(installation.conninfo("serve"))
    database = installation.names.database
    passwords = {
        login: Secret(str(conninfo_to_dict(installation.conninfo(login))["password"]))
        for login in ("provision", "serve", "project")
    }
    settings = Settings(
        environment="development",
        home=home,
        host="127.0.0.1",
        port=0,
        log_format="json",
        database_url=f"postgresql:///{database}?host={quote(str(place['host']))}&port={place['port']}",
        database_passwords=passwords,
        master_key=key,
        webhook_reach=reach,
    )
    return Site(names=installation.names, settings=settings)


@asynccontextmanager
async def served(
    installation: Installation,
    home: Path,
    clock: Clock | None = None,
    *,
    reach: Reach = "public",
) -> AsyncIterator[Api]:
    """The API of the installation, its tenants open, all but one with the template's module."""
    catalogue = Catalogue([*find_modules(), TEMPLATE, ROLES])
    described = site(installation, home, reach)
    async with assembled(described, catalogue=catalogue, clock=clock) as parts:
        for code, tenant in installation.tenants.items():
            modules = [] if code == WITHOUT_MODULE else [TEMPLATE.name]
            await open_tenants(parts, [tenant], modules=modules)
        # On the loop of the parts: Litestar's own client would run the application on another.
        app: Any = application(parts)
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://jalon") as client:
            yield Api(parts, client)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One home for the tests of a file: what one sealed, the next can open."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture
async def api(shared_installation: Installation, home: Path) -> AsyncIterator[Api]:
    async with served(shared_installation, home) as api:
        yield api


def _address(path: str) -> str:
    return path if path.startswith("/") else f"/api/v1/tenants/05D/{path}"
