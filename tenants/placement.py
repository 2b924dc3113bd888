"""Where a tenant lives: its own stream, its schemas, its roles, and the server that holds them."""

from uuid import UUID, uuid5

from core.database.names import Names
from core.domain.event import Subject
from core.tenancy import Tenant
from tenants.territory.territory import Collectivite

MAIN = "principal"
"""The placement of an installation that has one server."""

_STREAMS = UUID("5c0f9a52-6f0b-5e0e-9f5d-0d0a6c1f7a05")


def stream_of(code: str) -> Subject:
    """The stream of a tenant's own facts: the same for a code everywhere, for ever."""
    return Subject(str(uuid5(_STREAMS, code)))


def placed(collectivite: Collectivite, names: Names, placement: str = MAIN) -> Tenant:
    """The tenant that a collectivité is in one installation."""
    code = collectivite.code
    return Tenant(
        code=code,
        name=collectivite.name,
        stream=stream_of(code),
        placement=placement,
        facts_schema=names.facts_schema(code),
        read_schema=names.read_schema(code),
        serving_role=names.serving(code),
        projector_role=names.projector(code),
    )
