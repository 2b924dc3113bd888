"""
Problem details (RFC 9457): every answer that is not what was asked for, in one shape.

`type` and `title` say which kind of problem it is, `code` is stable for machines, `detail` is the
French sentence for the person. Nothing of what was sent comes back in it: a request may hold a
name, and answers are logged by those who receive them.
"""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

import msgspec
from litestar import Response

MEDIA_TYPE = "application/problem+json"


class FieldError(msgspec.Struct, frozen=True, omit_defaults=True):
    """
    Une chose qui ne va pas dans une demande.

    `field` est le chemin du champ, absent pour la demande entière ; `rule` est pour les machines.
    """

    rule: str
    message: str
    field: str | None = None


class Problem(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """Un problème (RFC 9457) ; `instance` identifie la demande dans les journaux."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    instance: str | None = None
    errors: Sequence[FieldError] = ()


class Kind(msgspec.Struct, frozen=True):
    """A kind of problem: its code, its HTTP status, its short French label, its usual sentence."""

    code: str
    status: int
    title: str
    detail: str

    def problem(
        self,
        *,
        detail: str | None = None,
        code: str | None = None,
        errors: Sequence[FieldError] = (),
    ) -> Problem:
        """The problem of this kind; `code` and `detail` when a rule says it more precisely."""
        return Problem(
            type=f"urn:jalon:problem:{self.code}",
            title=self.title,
            status=self.status,
            detail=detail or self.detail,
            code=code or self.code,
            errors=errors,
        )


MALFORMED = Kind("malformed", 400, "Demande mal formée", "La demande n'a pas la forme attendue.")
UNAUTHENTICATED = Kind(
    "unauthenticated", 401, "Authentification requise", "Présentez un jeton d'accès valide."
)
NOT_ALLOWED = Kind("not_allowed", 403, "Accès refusé", "Vous n'avez pas ce droit.")
NOT_FOUND = Kind("not_found", 404, "Introuvable", "Il n'y a rien à cette adresse.")
METHOD_NOT_ALLOWED = Kind(
    "method_not_allowed", 405, "Méthode non admise", "Cette adresse n'admet pas cette méthode."
)
VERSION_CONFLICT = Kind(
    "version_conflict",
    409,
    "Conflit de version",
    "L'élément a changé entre-temps : relisez-le, puis recommencez.",
)
STALE = Kind(
    "stale",
    412,
    "Version dépassée",
    "L'élément a changé depuis que vous l'avez lu (If-Match) : relisez-le, puis recommencez.",
)
TOO_LARGE = Kind("too_large", 413, "Demande trop volumineuse", "La demande est trop volumineuse.")
UNSUPPORTED = Kind(
    "unsupported_media_type", 415, "Format non admis", "Envoyez un corps JSON (application/json)."
)
TOO_MANY = Kind(
    "too_many_requests",
    429,
    "Trop de demandes",
    "Ce compte envoie trop de demandes : attendez le délai indiqué (Retry-After).",
)
REFUSED = Kind("refused", 422, "Refusé par une règle", "Une règle s'oppose à cette demande.")
UNEXPECTED = Kind(
    "unexpected",
    500,
    "Erreur inattendue",
    "Le serveur a rencontré une erreur. Signalez-la avec l'identifiant de la demande.",
)
BUSY = Kind(
    "busy", 503, "Serveur occupé", "Trop de demandes attendent : réessayez dans un instant."
)
UNAVAILABLE = Kind(
    "unavailable",
    503,
    "Service indisponible",
    "La base de données ne répond pas ; renvoyer la même demande est sans risque.",
)
BEHIND = Kind(
    "behind",
    503,
    "Lecture en retard",
    "Les lectures n'ont pas encore rejoint la position demandée : réessayez dans un instant.",
)
TOO_SLOW = Kind(
    "too_slow",
    503,
    "Calcul trop long",
    "Ce calcul sur le passé a été arrêté : réessayez quand le serveur est moins chargé, ou "
    "demandez-le à qui l'exploite (« jalon replay », « jalon why »).",
)

KINDS = (
    MALFORMED, UNAUTHENTICATED, NOT_ALLOWED, NOT_FOUND, METHOD_NOT_ALLOWED, VERSION_CONFLICT,
    STALE, TOO_LARGE, UNSUPPORTED, TOO_MANY, REFUSED, UNEXPECTED, BUSY, UNAVAILABLE, BEHIND,
    TOO_SLOW,
)  # fmt: skip


class Malformed(Exception):
    """The request has not the shape of its contract."""

    def __init__(self, errors: Sequence[FieldError]) -> None:
        super().__init__(", ".join(error.rule for error in errors))
        self.errors = errors


class Unauthenticated(Exception):
    """No token, or one that does not hold; `reason` is a code."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class NotFound(Exception):
    """There is nothing of that id here."""


class Unsupported(Exception):
    """The body is said to be of another media type than the route takes."""


class Behind(Exception):
    """Read models have not reached the position that was asked for."""


class TooSlow(Exception):
    """A read of the past took more time than it is given."""


def answer(problem: Problem, headers: dict[str, str] | None = None) -> Response[Any]:
    """The problem as an HTTP response. Never kept by a cache: it is about one moment."""
    return Response(
        problem,
        status_code=problem.status,
        media_type=MEDIA_TYPE,
        headers={"Cache-Control": "no-store", **(headers or {})},
    )


def phrase(status: int) -> str:
    """The name of a status we give no sentence of our own."""
    return HTTPStatus(status).phrase
