"""Who acts, and what they were granted: deny is the default."""

from collections.abc import Mapping
from typing import Literal, Self

import msgspec

from core.domain.belonging import NOBODYS, Belonging

Grant = Literal["no", "some", "yes"]

RELATED = "@related"
STRUCTURE = "@structure"


def permission_of(grant: str) -> str:
    """The permission of a grant, whatever it is limited to."""
    return grant.removesuffix(RELATED).removesuffix(STRUCTURE)


class NotAllowed(Exception):
    """The actor was not granted what this asks for."""

    def __init__(self, permission: str) -> None:
        super().__init__(permission)
        self.permission = permission


class KnownAs(msgspec.Struct, frozen=True, kw_only=True):
    """What an account stands for in the registers of one tenant: ids."""

    professionals: frozenset[str] = frozenset()
    structures: frozenset[str] = frozenset()


class Actor(msgspec.Struct, frozen=True, kw_only=True):
    """
    An account, or a policy of the software itself.

    `grants` gives, by tenant code, permission codes; `code@related` opens only what the actor, or a
    professional they stand for, is related to, `code@structure` only what belongs to a structure
    they stand for. `known_as` says, by tenant code, for whom they stand.
    """

    id: str
    grants: Mapping[str, frozenset[str]] = {}
    known_as: Mapping[str, KnownAs] = {}
    everything: bool = False

    @classmethod
    def policy(cls, name: str) -> Self:
        """The software acting by a rule: it may what its commands ask for."""
        return cls(id=f"policy:{name}", everything=True)

    def granted(self, tenant: str, permission: str) -> Grant:
        """Whether the permission is granted in a tenant: on nothing, on some things, on all."""
        if self.everything:
            return "yes"
        grants = self.grants.get(tenant, frozenset())
        if permission in grants:
            return "yes"
        return "some" if {permission + RELATED, permission + STRUCTURE} & grants else "no"

    def ids(self, tenant: str) -> frozenset[str]:
        """Under which ids things are related to the actor in a tenant."""
        return frozenset({self.id}) | self.known_as.get(tenant, KnownAs()).professionals

    def stands_for(self, tenant: str) -> frozenset[str]:
        """The structures the actor stands for in a tenant, whatever they are granted there."""
        return self.known_as.get(tenant, KnownAs()).structures

    def structures(self, tenant: str, permission: str) -> frozenset[str] | None:
        """The structures whose things the permission opens in a tenant; None when it opens all."""
        if self.granted(tenant, permission) == "yes":
            return None
        if permission + STRUCTURE not in self.grants.get(tenant, frozenset()):
            return frozenset()
        return self.known_as.get(tenant, KnownAs()).structures

    def may(self, tenant: str, permission: str, belonging: Belonging = NOBODYS) -> bool:
        """Whether the permission is granted on a thing whose belonging this is."""
        structures = self.structures(tenant, permission)
        if structures is None or structures & belonging.structures:
            return True
        related = permission + RELATED in self.grants.get(tenant, frozenset())
        return related and bool(self.ids(tenant) & belonging.related)

    def require(self, tenant: str, permission: str, belonging: Belonging = NOBODYS) -> None:
        """Raises `NotAllowed` unless granted on a thing whose belonging this is."""
        if not self.may(tenant, permission, belonging):
            raise NotAllowed(permission)
