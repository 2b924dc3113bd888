"""
Query parameters: those that a route does not know are refused.

A misspelt filter that is passed over gives an answer to another question.
"""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler
from litestar.routes import BaseRoute, HTTPRoute

from core.http.problem import FieldError, Malformed

_KNOWN = "query"
_LISTS = "query_lists"
_OPTIONAL = "query_optional"


def note_parameters(routes: Iterable[BaseRoute]) -> None:
    """Writes on each handler which query parameters it takes."""
    for route in routes:
        if isinstance(route, HTTPRoute):
            for handler, model in route.route_handler_map.values():
                names = (each.field_alias for each in model.expected_query_params)
                handler.opt[_KNOWN] = tuple(sorted(names))
                handler.opt[_LISTS] = frozenset(model.sequence_query_parameter_names)
                declared = handler.parsed_fn_signature.parameters
                handler.opt[_OPTIONAL] = frozenset(
                    each.field_alias
                    for each in model.expected_query_params
                    if each.field_name in declared and declared[each.field_name].is_optional
                )


def refuse_unknown(
    connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler
) -> None:
    """
    Raises `Malformed` for a parameter that the handler does not take, or takes once only.

    Its name comes back only when it is nearly one of them: else it is whatever the sender wrote.
    """
    admitted: tuple[str, ...] = handler.opt.get(_KNOWN, ())
    lists: frozenset[str] = handler.opt.get(_LISTS, frozenset())
    errors = [
        FieldError("repeated", "Une seule valeur attendue.", name)
        for name in dict.fromkeys(connection.query_params)
        if name in admitted and name not in lists and len(connection.query_params.getall(name)) > 1
    ]
    # Read leniently, the word null is nothing at all; who means nothing leaves the parameter out.
    errors += [
        FieldError("null", "Valeur non admise : laissez de côté un paramètre sans valeur.", name)
        for name, value in connection.query_params.items()
        if name in handler.opt.get(_OPTIONAL, ()) and value.lower() == "null"
    ]
    for name in connection.query_params.keys() - set(admitted):
        if near := get_close_matches(name, admitted, 1):
            sentence = f"Paramètre inconnu ; vouliez-vous dire « {near[0]} » ?"
            errors.append(FieldError("unknown_parameter", sentence, name))
        else:
            listed = ", ".join(admitted) or "aucun"
            sentence = f"Paramètre inconnu ; paramètres admis : {listed}."
            errors.append(FieldError("unknown_parameter", sentence))
    if errors:
        raise Malformed(errors)
