"""Deny is the default: every way in names what it asks for, and somebody can be granted it."""

from collections.abc import Iterable, Iterator, Sequence
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from litestar import Litestar, Router
from litestar.routes import BaseRoute

import core.http.routes
from core.access.actor import permission_of
from core.http.guard import check_routes, handlers_of
from core.http.request import ApiRequest
from tests.module_contract.installed import Installed, catalogue_with

PUBLIC_ROUTES = {
    "/attestations/check/{number:str}/{check_code:str}": (
        "who is shown a paper checks it without an account; the code on it is the key"
    ),
}
"""Routes of modules that ask for no account, each with the reason."""


def mounted(handlers: Iterable[Any]) -> Sequence[BaseRoute]:
    """Routes as the application mounts them, under a tenant."""
    router = Router("/tenants/{code:str}", route_handlers=[*handlers])
    return Litestar([router], request_class=ApiRequest, openapi_config=None).routes


def routes_of_the_core() -> Iterator[Any]:
    for info in iter_modules(core.http.routes.__path__):
        yield from import_module(f"core.http.routes.{info.name}").ROUTES


def asked_by(handlers: Iterable[Any]) -> set[str | None]:
    return {handler.opt.get("permission") for _, handler in handlers_of(mounted(handlers))}


def test_every_decision_asks_for_a_declared_permission(one: Installed) -> None:
    declared = {permission.code for permission in one.module.permissions}
    for decision in one.module.decisions:
        assert decision.permission in declared, decision.command.name


def test_every_route_names_a_declared_permission(one: Installed) -> None:
    routes = mounted(one.module.routes())
    check_routes(routes, catalogue_with(one.module))
    for path, handler in handlers_of(routes):
        public = handler.opt.get("public") is True
        known = path.removeprefix("/tenants/{code:str}") in PUBLIC_ROUTES
        assert public == known, f"{path} : une route de module est gardée"


def test_a_list_kept_to_a_structure_has_a_read_model_that_tells_it(one: Installed) -> None:
    listed = [
        path
        for path, handler in handlers_of(mounted(one.module.routes()))
        if handler.opt.get("listed")
    ]
    assert not listed or any(each.structure for each in one.module.projections), listed


def test_every_permission_is_asked_for_somewhere(one: Installed) -> None:
    routes = one.module.routes()
    if not routes and not one.module.always_on:
        return  # nothing can be read yet of a module that has no address
    asked: set[str | None] = {decision.permission for decision in one.module.decisions}
    asked |= asked_by(routes) | asked_by(routes_of_the_core())
    assert {permission.code for permission in one.module.permissions} - asked == set()


def test_every_permission_says_in_french_what_it_opens(one: Installed) -> None:
    for permission in one.module.permissions:
        assert permission.sentence[0].isupper(), permission.code
        assert permission.sentence.endswith("."), permission.code


def test_roles_grant_what_exists(one: Installed) -> None:
    known = catalogue_with(one.module).permissions
    for role in one.module.roles:
        assert role.title
        assert {permission_of(grant) for grant in role.grants} <= set(known), role.code
