"""Where an installation's database is: the embedded PostgreSQL of its home, or a real server."""

from collections.abc import Callable
from typing import Literal, TypeAlias

import msgspec
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from core.database.names import Names
from core.settings import Settings
from server.embedded import attach

EMBEDDED_DATABASE = "jalon"

Login: TypeAlias = Literal["provision", "serve", "project"]


class Place(msgspec.Struct, frozen=True):
    """The installation's names, and how each of its logins gets there."""

    names: Names
    _conninfo: Callable[[Login], str]

    def conninfo(self, login: Login) -> str:
        """A libpq connection string, password included: never printed."""
        return self._conninfo(login)


def place_of(settings: Settings) -> Place:
    """
    The place the settings name.

    Raises `server.embedded.NotRunning` (its message says what to do) when it is the embedded
    server and that does not run.
    """
    if settings.database_url is None:
        cluster, names = attach(settings.home), Names(EMBEDDED_DATABASE)
        return Place(names, lambda login: cluster.conninfo(getattr(names, login), names.database))
    url = settings.database_url
    names = Names(str(conninfo_to_dict(url)["dbname"]))
    passwords = settings.database_passwords

    def conninfo(login: Login) -> str:
        secret = passwords.get(login)
        # Without one, libpq looks where it always does: a password file, a certificate.
        given = {} if secret is None else {"password": secret.value}
        return make_conninfo(url, user=getattr(names, login), **given)

    return Place(names, conninfo)
