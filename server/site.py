"""Where an installation is: which PostgreSQL, as which login, with which master key."""

from collections.abc import Iterator
from contextlib import contextmanager

import msgspec
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from core.database.names import Names
from core.keys.local import LocalWrapper
from core.keys.wrapper import KeyWrapper
from core.settings import Settings
from server.embedded import Cluster, attach, start
from tenants.installation import install

DATABASE = "jalon"
"""The embedded installation's database."""


class SiteRefused(Exception):
    """The installation cannot be used as the environment describes it; a French sentence."""


class Site(msgspec.Struct, frozen=True, kw_only=True):
    """An installation that can be connected to. `cluster` is its embedded server, if it is one."""

    names: Names
    settings: Settings
    cluster: Cluster | None = None

    def conninfo(self, login: str) -> str:
        """How to connect as `provision`, `serve` or `project`."""
        role: str = getattr(self.names, login)
        if self.cluster is not None:
            return self.cluster.conninfo(role, self.names.database)
        secret = self.settings.database_passwords.get(login)
        password = None if secret is None else secret.value
        return make_conninfo(self.settings.database_url or "", user=role, password=password)

    @property
    def provision(self) -> str:
        return self.conninfo("provision")

    def wrapper(self) -> KeyWrapper:
        """What wraps the tenants' keys; the key file is made with a new embedded installation."""
        return LocalWrapper.load(self.settings.master_key)


@contextmanager
def running(settings: Settings) -> Iterator[Site]:
    """The installation, started here when it is the embedded one; stops with its last user."""
    if settings.database_url is not None:
        yield _remote(settings)
        return
    with start(settings.home) as cluster:
        # In production a key that is missing is missing: another one would open nothing.
        if not settings.production and not settings.master_key.exists():
            LocalWrapper.create(settings.master_key)
        yield Site(names=Names(DATABASE), settings=settings, cluster=cluster)


def attached(settings: Settings) -> Site:
    """The installation that runs; raises `NotRunning` for an embedded one that does not."""
    if settings.database_url is not None:
        return _remote(settings)
    return Site(names=Names(DATABASE), settings=settings, cluster=attach(settings.home))


async def ensure_installed(site: Site) -> None:
    """Makes or completes the embedded installation; a real server is prepared by its operator."""
    if site.cluster is not None:
        await install(site.cluster.conninfo(), site.names.database, site.cluster.password)


def _remote(settings: Settings) -> Site:
    database = conninfo_to_dict(settings.database_url or "").get("dbname")
    try:
        return Site(names=Names(str(database)), settings=settings)
    except ValueError as error:
        raise SiteRefused(f"JALON_DATABASE_URL : {error}") from error
