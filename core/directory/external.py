"""The ids of what another software knows under ids of its own."""

from core.directory.vault import Vault
from core.domain.event import Subject
from core.tenancy import Tenant


async def id_of_external(
    vault: Vault, tenant: Tenant, kind: str, source: str, external_id: str
) -> Subject:
    """
    The id of a thing of this kind that `source` knows as `external_id`: always the same.

    Keyed, so that no table is needed to find it again, and so that who holds our id cannot try
    which external ids give it: a file number is short, and may be somebody's.
    """
    return Subject(await vault.id_for(tenant, "external", kind, source, external_id))
