"""Every exception as a problem: those that mean something, and the unexpected, which is logged."""

import re
from math import ceil
from typing import Any

import msgspec
import psycopg
import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException
from litestar.exceptions.http_exceptions import RequestEntityTooLarge

from core.access.actor import NotAllowed
from core.application import StaleVersion, VersionConflict
from core.catalogue import Catalogue
from core.domain.refusal import Refusal
from core.event_store.stored import StoreBusy, StoreUnavailable
from core.http import problem
from core.http.exchange import Exchange
from core.http.house import House
from core.http.problem import (
    Behind,
    FieldError,
    Kind,
    Malformed,
    NotFound,
    Problem,
    TooSlow,
    Unauthenticated,
    Unsupported,
    answer,
)
from core.http.rate import TooMany
from core.http.validation import explain
from core.tenancy import UnknownTenant

log = structlog.get_logger()

_BY_STATUS = {kind.status: kind for kind in problem.KINDS if kind.status < 500}

_REFUSALS_APART = {
    "not_found": problem.NOT_FOUND,
    "person_is_unknown": problem.NOT_FOUND,
    "body_is_too_large": problem.TOO_LARGE,
    "file_is_too_large": problem.TOO_LARGE,
    "file_type_is_not_admitted": problem.UNSUPPORTED,
}
"""Refusals that HTTP has a status of its own for; the others are 422."""

_MISSING = re.compile(r"Missing required \w+ parameter '(?P<name>[\w-]+)'")
"""Litestar's sentence; the name in it is the route's own."""

_WAIT = {
    problem.BUSY.code: "1",
    problem.BEHIND.code: "1",
    problem.UNAVAILABLE.code: "5",
    problem.TOO_SLOW.code: "30",
}
"""Seconds after which trying again makes sense (Retry-After)."""


def answer_error(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """The problem an error is for the one who asked; nothing of the error itself goes out."""
    exchange = Exchange.of(request.scope)
    house = House.of(request.app)
    found, headers = _known(request, error, house.catalogue)
    if found is None:
        log.error("http.unexpected", exc_info=error)
        found = problem.UNEXPECTED.problem()
    if found.status == 401:
        headers["WWW-Authenticate"] = 'Bearer realm="jalon"'
    if wait := _WAIT.get(found.code):
        headers["Retry-After"] = wait
    return answer(
        msgspec.structs.replace(found, instance=f"urn:uuid:{exchange.request_id}"), headers
    )


def _known(
    request: Request[Any, Any, Any], error: Exception, catalogue: Catalogue
) -> tuple[Problem | None, dict[str, str]]:
    match error:
        case Refusal():
            return _refusal(error), {}
        case Malformed():
            return problem.MALFORMED.problem(errors=error.errors), {}
        case Unauthenticated():
            return problem.UNAUTHENTICATED.problem(code=error.reason), {}
        case TooMany():
            return problem.TOO_MANY.problem(), {"Retry-After": str(ceil(error.wait))}
        case NotAllowed():
            return _not_allowed(error, catalogue), {}
        case UnknownTenant():
            detail = "Cette collectivité n'existe pas ici."
            return problem.NOT_FOUND.problem(code="unknown_tenant", detail=detail), {}
        case NotFound():
            return problem.NOT_FOUND.problem(), {}
        case StaleVersion():
            return problem.STALE.problem(), {}
        case VersionConflict():
            return problem.VERSION_CONFLICT.problem(), {}
        case StoreBusy():
            return problem.BUSY.problem(), {}
        case StoreUnavailable() | psycopg.OperationalError():
            return problem.UNAVAILABLE.problem(), {}
        case Behind():
            return problem.BEHIND.problem(), {}
        case TooSlow():
            return problem.TOO_SLOW.problem(), {}
        case ValidationException():
            return problem.MALFORMED.problem(errors=_parameters(request, error)), {}
        case Unsupported():
            return problem.UNSUPPORTED.problem(), {}
        case RequestEntityTooLarge():
            limit = request.route_handler.resolve_request_max_body_size()
            detail = f"La demande dépasse la limite de {limit} octets."
            return problem.TOO_LARGE.problem(detail=detail), {}
        case HTTPException() if error.status_code < 500:
            return _by_status(error.status_code), _allowed(error)
    return None, {}


def _refusal(error: Refusal) -> Problem:
    refused = error.refused
    kind = _REFUSALS_APART.get(refused.code, problem.REFUSED)
    errors: tuple[FieldError, ...] = ()
    if refused.field is not None:
        errors = (FieldError(refused.code, error.sentence, refused.field),)
    return kind.problem(code=refused.code, detail=error.sentence, errors=errors)


def _not_allowed(error: NotAllowed, catalogue: Catalogue) -> Problem:
    permission = catalogue.permissions.get(error.permission)
    if permission is None:
        return problem.NOT_ALLOWED.problem()
    detail = f"Ce droit ne vous est pas donné ici : « {permission.sentence} » ({permission.code})."
    return problem.NOT_ALLOWED.problem(detail=detail)


def _parameters(request: Request[Any, Any, Any], error: ValidationException) -> list[FieldError]:
    """What Litestar says of path, query and header parameters; bodies never come this way."""
    if missing := _MISSING.match(error.detail):
        return [FieldError("required", "Paramètre obligatoire.", missing["name"])]
    extra: Any = error.extra
    if not isinstance(extra, list) or not extra:
        return [FieldError("parameters", "Un paramètre manque ou n'est pas admis.")]
    return [
        FieldError("required", "Le corps de la demande manque.")
        if line.get("key") == "data"
        else explain(str(line["message"]), within=_sent_name(request, line.get("key")))
        for line in extra
    ]


def _sent_name(request: Request[Any, Any, Any], parameter: str | None) -> str | None:
    """A parameter as whoever asks names it, which is not always as the handler does."""
    declared = request.route_handler.parsed_fn_signature.parameters.get(parameter or "")
    kwarg = None if declared is None else declared.kwarg_definition
    return getattr(kwarg, "query", None) or getattr(kwarg, "name", None) or parameter


def _allowed(error: HTTPException) -> dict[str, str]:
    """The methods that the address takes; OPTIONS, which Litestar adds, is not one of ours."""
    headers = {name.lower(): value for name, value in (error.headers or {}).items()}
    methods = [each.strip() for each in headers.get("allow", "").split(",")]
    listed = ", ".join(sorted(each for each in methods if each not in ("", "OPTIONS")))
    return {"Allow": listed} if listed else {}


def _by_status(status: int) -> Problem:
    kind = _BY_STATUS.get(status)
    if kind is None:
        phrase = problem.phrase(status)
        kind = Kind(phrase.lower().replace(" ", "_"), status, phrase, "La demande est refusée.")
    return kind.problem()
