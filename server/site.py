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
    # Beside data that are there, a key that is missing is missing: another one would open nothing.
    new = not (settings.home / "postgres").exists()
    with start(settings.home) as cluster:
        if new and not settings.master_key.exists():
            LocalWrapper.create(settings.master_key)
        yield Site(names=Names(DATABASE), settings=settings, cluster=cluster)


def attached(settings: Settings) -> Site:
    """The installation that runs; raises `NotRunning` for an embedded one that does not."""
    if settings.database_url is not None:
        return _remote(settings)
    return Site(names=Names(DATABASE), settings=settings, cluster=attach(settings.home))


async def ensure_installed(site: Site) -> None:
    """Makes or completes the embedded installation; `jalon install` does for a real server."""
    if site.cluster is not None:
        await install(site.cluster.conninfo(), site.names.database, site.cluster.password)


async def install_on_server(site: Site) -> None:
    """Makes or completes an installation on a real server, as its administrator.

    Raises `SiteRefused`, naming the variable that is missing, and what `install` raises.
    """
    settings, names = site.settings, site.names
    if settings.admin_url is None:
        raise SiteRefused("JALON_ADMIN_URL : obligatoire pour installer sur un serveur.")
    logins = {names.provision: "provision", names.serve: "serve", names.project: "project"}
    for login in logins.values():
        if login not in settings.database_passwords:
            raise SiteRefused(f"JALON_{login.upper()}_PASSWORD : obligatoire pour installer.")
    await install(
        settings.admin_url.value,
        names.database,
        lambda role: settings.database_passwords[logins[role]].value,
    )
    if not settings.master_key.exists():
        settings.master_key.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        LocalWrapper.create(settings.master_key)


def _remote(settings: Settings) -> Site:
    database = conninfo_to_dict(settings.database_url or "").get("dbname")
    try:
        return Site(names=Names(str(database)), settings=settings)
    except ValueError as error:
        raise SiteRefused(f"JALON_DATABASE_URL : {error}") from error
