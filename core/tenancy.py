"""
What the core needs to know of a tenant; the registry in `tenants/` provides it.

No tenant in scope, no query: every way to the database takes a `Tenant`.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import msgspec


class Tenant(msgspec.Struct, frozen=True, kw_only=True):
    """
    A collectivité, and where its history lives. `code` is a string like `05D`, never a number.

    `placement` names the server that holds it; the roles and schemas are database identifiers.
    """

    code: str
    name: str
    stream: str
    placement: str
    facts_schema: str
    read_schema: str
    serving_role: str
    projector_role: str


class TenantSettings(msgspec.Struct, frozen=True, kw_only=True):
    """What a tenant has decided, as its own facts say up to a version of its stream."""

    version: int
    suspended: bool
    modules: frozenset[str]
    values: Mapping[str, Any]


class UnknownTenant(LookupError):
    """No tenant has this code here, or it is not provisioned yet."""


class TenantDirectory(Protocol):
    """Which tenants there are."""

    def find(self, code: str) -> Tenant:
        """The tenant of a code; raises `UnknownTenant`."""

    def all(self) -> Sequence[Tenant]:
        """Every provisioned tenant, by code."""
