"""
The two times of a read: what had happened by a moment, and what was known at one.

    async def read_cycle(
        request: ApiRequest, cycle: PathId, at_least: AtLeast = None,
        as_of: AsOf = None, known_at: KnownAt = None,
    )

A day stands for its end in Paris; an instant has its zone.
"""

from datetime import UTC, date, datetime
from typing import Annotated, Any

from litestar.openapi.spec import OpenAPIFormat, OpenAPIType, Schema
from litestar.params import QueryParameter

from core.domain.days import end_of
from core.http.problem import FieldError, Malformed

_EITHER: dict[str, Any] = {
    "type": None,
    "one_of": [
        Schema(type=OpenAPIType.STRING, format=OpenAPIFormat.DATE, examples=["2025-12-31"]),
        Schema(
            type=OpenAPIType.STRING,
            format=OpenAPIFormat.DATE_TIME,
            examples=["2025-12-31T18:00:00+01:00"],
        ),
    ],
}
_SENTENCE = (
    "Un jour (2025-12-31, jusqu'à sa fin à Paris) ou un instant avec son fuseau "
    "(2025-12-31T18:00:00Z ; dans une adresse, « + » s'écrit %2B)."
)

AsOf = Annotated[
    str | None,
    QueryParameter(
        description="Ce qui avait eu lieu alors, enregistré depuis ou non : un jour, ou un instant "
        "avec son fuseau.",
        schema_extra=_EITHER,
    ),
]
KnownAt = Annotated[
    str | None,
    QueryParameter(
        description="Ce qui était enregistré alors, corrections et annulations comprises : un "
        "jour, ou un instant avec son fuseau.",
        schema_extra=_EITHER,
    ),
]


def known_parameter(name: str, description: str) -> Any:
    """A query parameter of the same kind as `KnownAt`, under a name of its own."""
    return QueryParameter(name=name, description=description, schema_extra=_EITHER)


def moment(text: str | None, field: str) -> datetime | None:
    """The instant a parameter says, in UTC; raises `Malformed`."""
    if text is None:
        return None
    try:
        if len(text) == len("2025-12-31"):
            return end_of(date.fromisoformat(text))
        told = datetime.fromisoformat(text)
        if told.tzinfo is None:
            raise ValueError
        return told.astimezone(UTC)
    except OverflowError:
        # Some hours before the first year, or after the last one.
        return told.replace(tzinfo=UTC)
    except ValueError:
        raise Malformed([FieldError("moment", _SENTENCE, field)]) from None
