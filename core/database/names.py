"""
Every database identifier of an installation, in one place.

Roles belong to a whole PostgreSQL server: they start with the name of the installation's database,
so that two installations on one server never meet.
"""

import re

import msgspec

_DATABASE = re.compile("^[a-z][a-z0-9_]{0,39}$")
_TENANT = re.compile("^[0-9A-Z]{2,8}$")


class Names(msgspec.Struct, frozen=True):
    """
    The roles of one installation.

    `owner` cannot log in and owns every history; `provision` may take it; `serve` and `project`
    are the logins of the server and of the worker, NOINHERIT: they can do nothing before they
    take a role.
    """

    database: str

    def __post_init__(self) -> None:
        if not _DATABASE.match(self.database):
            message = f"nom de base invalide : {self.database!r} (minuscules, chiffres, soulignés)"
            raise ValueError(message)

    @property
    def owner(self) -> str:
        return f"{self.database}_owner"

    @property
    def provision(self) -> str:
        return f"{self.database}_provision"

    @property
    def serve(self) -> str:
        return f"{self.database}_serve"

    @property
    def project(self) -> str:
        return f"{self.database}_project"

    @property
    def registry(self) -> str:
        """Role of the named scope that reads the registry of tenants."""
        return f"{self.database}_registry"

    @property
    def queue(self) -> str:
        """Role of the named scope of wake-ups and messages."""
        return f"{self.database}_queue"

    @property
    def replayers(self) -> str:
        """What every tenant's roles are members of: they may make temporary tables, for replays."""
        return f"{self.database}_replayers"

    def serving(self, tenant: str) -> str:
        return f"{self.database}_serve_{_identifier(tenant)}"

    def projector(self, tenant: str) -> str:
        return f"{self.database}_project_{_identifier(tenant)}"

    @staticmethod
    def facts_schema(tenant: str) -> str:
        return f"facts_{_identifier(tenant)}"

    @staticmethod
    def read_schema(tenant: str) -> str:
        return f"read_{_identifier(tenant)}"


def _identifier(tenant: str) -> str:
    if not _TENANT.match(tenant):
        message = f"code de collectivité invalide : {tenant!r}"
        raise ValueError(message)
    return tenant.lower()
