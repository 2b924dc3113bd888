"""The command that links what another software knows, made at the edge."""

from core.directory.external import id_of_external
from core.directory.vault import Vault
from core.domain.command import PersonRef, SubjectId
from core.external_ids.commands import LinkExternalId
from core.tenancy import Tenant

PERSON_KIND = "person"


async def link_to(
    vault: Vault, tenant: Tenant, kind: str, source: str, external_id: str, thing: str
) -> LinkExternalId:
    """Says that `source` knows a thing of this kind, or a person, as `external_id`."""
    person = kind == PERSON_KIND
    link = await id_of_external(vault, tenant, f"link/{kind}", source, external_id)
    token = await vault.seal(tenant, thing, "external_id", external_id, person=person)
    return LinkExternalId(
        link=SubjectId(link),
        kind=kind,
        source=source,
        external_id=token,
        person=PersonRef(thing) if person else None,
        thing=None if person else SubjectId(thing),
    )
