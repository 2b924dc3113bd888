"""
Deny is the default.

Every route names the permission it asks for, or says that it is public; an application with a
route that does neither is not built. The guard runs before anything of the body is read.
"""

from collections.abc import Iterable
from typing import Any

from litestar.connection import ASGIConnection
from litestar.exceptions import MethodNotAllowedException
from litestar.handlers import BaseRouteHandler, HTTPRouteHandler
from litestar.routes import BaseRoute, HTTPRoute

from core.access.actor import Actor, NotAllowed, permission_of
from core.access.tokens import InvalidToken
from core.belonging import belonging
from core.catalogue import Catalogue
from core.domain.belonging import NOBODYS, Belonging
from core.domain.decider import Aggregate
from core.http.exchange import Exchange
from core.http.house import House
from core.http.problem import Unauthenticated
from core.http.query import refuse_unknown
from core.ids import is_id

PUBLIC: dict[str, Any] = {"permission": None, "public": True}
"""`opt` of a route that anyone may read without a token."""


def needs(
    permission: str,
    *,
    by_command: bool = False,
    related: Aggregate[Any] | None = None,
    by: str | None = None,
    listed: bool = False,
) -> dict[str, Any]:
    """
    The `opt` of a route that asks for a permission.

    Those to whom it is granted on some things only come in when
    - `by_command`: the handler runs a command, which checks by itself whose the thing is;
    - `related`: the stream of that kind, named by the path parameter `by`, is theirs;
    - `listed`: it is granted on what is of their structures, and the handler reads through
      `projections.reading`, which then shows them nothing else.
    Without any they stay outside.
    """
    return {
        "permission": permission,
        "by_command": by_command,
        "related": related,
        "by": by,
        "listed": listed,
    }


async def guard(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """
    Who asks, and may they, and for something that there is.

    Raises `Unauthenticated`, `TooMany`, `NotAllowed`, `UnknownTenant` or `Malformed`, in this
    order: nothing is told of a place to who may not be there.
    """
    if connection.scope.get("method") == "OPTIONS":
        raise MethodNotAllowedException(headers={"Allow": _methods_at(connection)})
    if handler.opt.get("public") is True:
        refuse_unknown(connection, handler)
        return
    actor = _actor(connection)
    exchange = Exchange.of(connection.scope)
    exchange.actor = actor.id
    House.of(connection.app).allowance.spend(actor.id)
    permission: str | None = handler.opt.get("permission")
    tenant = connection.path_params.get("code")
    if permission is None or tenant is None:
        raise NotAllowed(str(permission))
    grant = actor.granted(tenant, permission)
    if grant == "no":
        raise NotAllowed(permission)
    # Named in the log only once granted: until then it is whatever the sender wrote.
    exchange.tenant = tenant
    connection.scope["user"] = actor
    if grant != "yes" and not handler.opt.get("by_command"):
        await _belongs(connection, handler, actor)
    refuse_unknown(connection, handler)


async def _belongs(
    connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler, actor: Actor
) -> None:
    """Raises `NotAllowed` unless what is asked for is the actor's own or their structures'."""
    tenant: str = connection.path_params["code"]
    permission: str = handler.opt["permission"]
    if handler.opt.get("listed") and actor.structures(tenant, permission):
        return
    aggregate, by = handler.opt.get("related"), handler.opt.get("by")
    whose = NOBODYS
    if aggregate is not None and by is not None:
        whose = await _belonging(connection, aggregate, connection.path_params[by])
    actor.require(tenant, permission, whose)


def _methods_at(connection: ASGIConnection[Any, Any, Any, Any]) -> str:
    """What may be asked at the address; Litestar's own answer lists one method only."""
    here = connection.scope["path_template"]
    routes = [each for each in connection.app.routes if isinstance(each, HTTPRoute)]
    methods = {method for each in routes if each.path_format == here for method in each.methods}
    return ", ".join(sorted(methods - {"OPTIONS"}))


def _actor(connection: ASGIConnection[Any, Any, Any, Any]) -> Actor:
    scheme, _, token = connection.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Unauthenticated("no_token")
    house = House.of(connection.app)
    try:
        return house.tokens.actor(token.strip())
    except InvalidToken as error:
        raise Unauthenticated(error.reason) from error


async def _belonging(
    connection: ASGIConnection[Any, Any, Any, Any], aggregate: Aggregate[Any], stream: str
) -> Belonging:
    """
    Whose a stream is; nobody's when it does not exist or is of another kind.

    So who may not read a thing does not learn whether it exists.
    """
    house = House.of(connection.app)
    if not is_id(stream):
        return NOBODYS
    tenant = house.application.tenants.find(connection.path_params["code"])
    async with house.store.reading(tenant) as load:
        history = (await load([stream]))[stream]
        return await belonging(load, house.catalogue, aggregate, history)


def check_routes(routes: Iterable[BaseRoute], catalogue: Catalogue) -> None:
    """Raises `ValueError` naming every route that asks for nothing, or for an unknown right."""
    known = catalogue.permissions
    faults = []
    for path, handler in handlers_of(routes):
        permission, public = handler.opt.get("permission"), handler.opt.get("public") is True
        where = f"{'/'.join(sorted(handler.http_methods))} {path}"
        if permission is None and not public:
            faults.append(f"{where}: names no permission and is not public")
        elif permission is not None and permission not in known:
            faults.append(f"{where}: {permission} is declared by no module")
        elif permission is not None and "{code" not in path:
            faults.append(f"{where}: asks for {permission} outside of a tenant")
        by = handler.opt.get("by")
        if by is not None and f"{{{by}:" not in path:
            faults.append(f"{where}: no path parameter {by} to be related to")
    for role, grants in catalogue.roles.items():
        unknown = sorted({permission_of(grant) for grant in grants} - known.keys())
        faults.extend(f"role {role}: {grant} is declared by no module" for grant in unknown)
    if faults:
        raise ValueError("\n".join(faults))


def handlers_of(routes: Iterable[BaseRoute]) -> Iterable[tuple[str, HTTPRouteHandler]]:
    """Every handler with its path, but the OPTIONS that Litestar adds and the guard refuses."""
    for route in routes:
        if isinstance(route, HTTPRoute):
            for handler in route.route_handlers:
                if handler.http_methods != {"OPTIONS"}:
                    yield route.path, handler
        else:
            message = f"{route.path}: only HTTP routes are guarded"
            raise ValueError(message)
