"""The request as a route sees it: who asks, in which tenant, under which id."""

from typing import Annotated, Any

from litestar import Request
from litestar.datastructures import State
from litestar.params import PathParameter

from core.access.actor import Actor
from core.access.journal import Reading
from core.domain.event import PersonId, Subject
from core.http.exchange import Exchange
from core.http.house import House
from core.http.problem import Unsupported
from core.http.validation import decode_body
from core.ids import ID_PATTERN
from core.tenancy import Tenant

PathId = Annotated[Subject, PathParameter(pattern=ID_PATTERN, description="Identifiant (UUID).")]
"""An id in the address: `@get("/cycles/{cycle:str}")`, `cycle: PathId`."""

PathPerson = Annotated[PersonId, PathParameter(pattern=ID_PATTERN, description="Personne (UUID).")]


class ApiRequest(Request[Actor, None, State]):
    """What every handler takes as `request`."""

    async def json(self) -> Any:
        """
        The body as the very type the route declares, decoded strictly.

        Raises `Malformed`, or `Unsupported` when it is said to be something else than JSON.
        """
        if self.headers.get("content-type") and self.content_type[0] != "application/json":
            raise Unsupported
        field = self.route_handler.parsed_data_field
        if field is None:
            return await super().json()
        return decode_body(await self.body(), field.annotation)

    @property
    def house(self) -> House:
        return House.of(self.app)

    @property
    def exchange(self) -> Exchange:
        return Exchange.of(self.scope)

    @property
    def tenant(self) -> Tenant:
        """The tenant of the address; raises `UnknownTenant`."""
        return self.house.application.tenants.find(self.path_params["code"])

    @property
    def reading(self) -> Reading:
        """What the access journal says of this request, for reads of what is about people."""
        application = self.house.application
        return Reading(
            at=application.clock.now(self.tenant.code),
            actor=self.user.id,
            permission=str(self.route_handler.opt["permission"]),
            route=f"{self.method} {self.scope['path_template']}",
        )
