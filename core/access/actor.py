"""Who acts, and what they were granted: deny is the default."""

from collections.abc import Mapping
from typing import Literal, Self

import msgspec

Grant = Literal["no", "related", "yes"]


class NotAllowed(Exception):
    """The actor was not granted what this asks for."""

    def __init__(self, permission: str) -> None:
        super().__init__(permission)
        self.permission = permission


class Actor(msgspec.Struct, frozen=True, kw_only=True):
    """
    An account, or a policy of the software itself.

    `grants` gives, by tenant code, permission codes; `code@related` opens only what the actor is
    related to.
    """

    id: str
    grants: Mapping[str, frozenset[str]] = {}
    everything: bool = False

    @classmethod
    def policy(cls, name: str) -> Self:
        """The software acting by a rule: it may what its commands ask for."""
        return cls(id=f"policy:{name}", everything=True)

    def granted(self, tenant: str, permission: str) -> Grant:
        """Whether the permission is granted in a tenant, everywhere or on related things only."""
        if self.everything:
            return "yes"
        grants = self.grants.get(tenant, frozenset())
        if permission in grants:
            return "yes"
        return "related" if f"{permission}@related" in grants else "no"

    def require(self, tenant: str, permission: str, related: frozenset[str] | None = None) -> None:
        """Raises `NotAllowed` unless granted; `related` are the actors the thing is related to."""
        grant = self.granted(tenant, permission)
        if grant == "no" or (grant == "related" and self.id not in (related or frozenset())):
            raise NotAllowed(permission)
