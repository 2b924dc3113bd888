"""The HTTP interface of an installation: every module's routes, guarded, in one application."""

from collections.abc import Sequence
from typing import Any

from litestar import Litestar, Router
from litestar.datastructures import State
from litestar.openapi import OpenAPIConfig

from core.http.documentation import Document, Page, with_policy
from core.http.errors import answer_error
from core.http.exchange import Exchanges
from core.http.guard import PUBLIC, check_routes, guard
from core.http.house import House
from core.http.operations import operation_id
from core.http.query import note_parameters
from core.http.request import ApiRequest
from core.http.routes import corrections, facts, health, people, tenant
from core.module import Module

TENANT = "/api/v1/tenants/{code:str}"

BODY_LIMIT = 2_097_152
"""Bytes of a request; a fact's body is at most half of it."""


def api(house: House, routes: Sequence[Any] = ()) -> Litestar:
    """
    The application; raises `ValueError` when a route names no permission.

    A module's routes are mounted under `/api/v1/tenants/{code}/<module>`, or where it says;
    `routes` are further ones under `/api/v1/tenants/{code}`.
    """
    document = Document()
    app = Litestar(
        route_handlers=[
            *health.ROUTES,
            Router(
                TENANT,
                route_handlers=[
                    *tenant.ROUTES,
                    *people.ROUTES,
                    *facts.ROUTES,
                    *corrections.ROUTES,
                    *routes,
                ],
            ),
            *(_mounted(module) for module in house.catalogue.modules if module.routes()),
        ],
        guards=[guard],
        request_class=ApiRequest,
        exception_handlers={Exception: answer_error},
        openapi_config=OpenAPIConfig(
            title="Jalon",
            version="1",
            operation_id_creator=operation_id,
            description="Le registre de l'accompagnement social : une histoire par collectivité.",
            render_plugins=[document, Page(document)],
            openapi_router=Router(
                "/api",
                route_handlers=[],
                opt=PUBLIC,
                include_in_schema=False,
                after_request=with_policy,
            ),
        ),
        state=State({"house": house}),
        request_max_body_size=BODY_LIMIT,
        logging_config=None,
    )
    check_routes(app.routes, house.catalogue)
    note_parameters(app.routes)
    # Around everything: an address that no route answers has its id and its line too.
    app.asgi_handler = Exchanges(app.asgi_handler)
    return app


def _mounted(module: Module) -> Router:
    path = module.name if module.path is None else module.path
    return Router(f"{TENANT}/{path}", route_handlers=[*module.routes()], tags=[module.title])
