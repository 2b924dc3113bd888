"""A tenant as it has set itself up."""

from typing import Any

import msgspec
from litestar import get

from core.catalogue import READ_TENANT
from core.http.guard import needs
from core.http.request import ApiRequest


class TenantView(msgspec.Struct, frozen=True, kw_only=True):
    """Une collectivité : ses modules et ses réglages, ceux par défaut compris."""

    code: str
    name: str
    suspended: bool
    modules: list[str]
    settings: dict[str, Any]


@get(
    "/",
    opt=needs(READ_TENANT.code),
    tags=["Collectivité"],
    summary="Les modules et les réglages de la collectivité",
)
async def read_tenant(request: ApiRequest) -> TenantView:
    application, tenant = request.house.application, request.tenant
    settings = await application.settings(tenant, application.clock.now(tenant.code), fresh=True)
    always_on = {module.name for module in request.house.catalogue.modules if module.always_on}
    return TenantView(
        code=tenant.code,
        name=tenant.name,
        suspended=settings.suspended,
        modules=sorted(settings.modules | always_on),
        settings={**request.house.catalogue.default_settings, **settings.values},
    )


ROUTES = (read_tenant,)
