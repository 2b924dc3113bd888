"""What the routes about figures share: which indicator, over which days, and from which moment."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any

from litestar.params import PathParameter, QueryParameter

from core.domain.refusal import Refusal
from core.event_store import reader
from core.http.problem import FieldError, Malformed, NotFound
from core.http.request import ApiRequest
from core.indicator import Indicator, Period
from core.projection import Projection
from projections import figures
from projections.replay import last_known

IndicatorName = Annotated[str, PathParameter(description="Nom de l'indicateur.", max_length=100)]
FirstDay = Annotated[date, QueryParameter(name="from", description="Premier jour compté.")]
EndDay = Annotated[date, QueryParameter(name="to", description="Premier jour qui ne l'est plus.")]
By = Annotated[
    list[str] | None, QueryParameter(description="Ventilations, parmi celles de l'indicateur.")
]

BATCH = 1_000
"""Facts that a replay reads at once here: between two batches the process answers others."""

ROWS = 50_000
"""Rows that a replay keeps in memory here."""

LAST_POSITION = 2**53


def find(request: ApiRequest, name: str, version: int | None, field: str = "version") -> Indicator:
    """An indicator of an installed module; raises `NotFound`, or `Malformed` for its version."""
    catalogue = request.house.catalogue
    versions = catalogue.indicator_versions(name)
    if not versions:
        raise NotFound
    if version is not None and version not in versions:
        known = ", ".join(map(str, versions))
        raise Malformed([FieldError("choice", f"Versions connues : {known}.", field)])
    return catalogue.indicator(name, version)


def period_of(start: date, end: date) -> Period:
    """Raises `Malformed` for a period without a day."""
    if start >= end:
        raise Malformed([FieldError("period", "La période finit avant de commencer.", "to")])
    return Period(start, end)


def check_by(by: Sequence[str], *indicators: Indicator) -> None:
    """Raises `Malformed` for a dimension that one of the definitions does not distinguish."""
    for indicator in indicators:
        try:
            figures.check_dimensions(indicator, by)
        except figures.UnknownDimension:
            known = ", ".join(indicator.dimensions) or "aucune"
            error = FieldError("choice", f"Ventilations possibles : {known}.", "by")
            raise Malformed([error]) from None


def read_models(request: ApiRequest, *indicators: Indicator) -> list[Projection[Any]]:
    """The read models that these definitions rest on."""
    used = {name for indicator in indicators for name in figures.read_models_of(indicator)}
    return [each for each in request.house.catalogue.projections if each.name in used]


def one_of(known: datetime | None, position: int | None, field: str) -> None:
    """Raises `Malformed` when a moment is told twice."""
    if known is not None and position is not None:
        sentence = "Une date ou une position, pas les deux."
        raise Malformed([FieldError("either", sentence, field)])


async def position_known(
    request: ApiRequest, *, known_at: datetime | None, position: int | None
) -> int | None:
    """The last position that was recorded by then; None when neither is told."""
    if known_at is None and position is None:
        return None
    tenant = request.tenant
    async with request.house.store.database(tenant).serving(tenant) as connection:
        return await last_known(connection, tenant, position=position, known_at=known_at)


async def recorded_at(request: ApiRequest, position: int) -> datetime | None:
    """When a position was recorded; None before the first."""
    tenant = request.tenant
    async with request.house.store.database(tenant).serving(tenant) as connection:
        facts = await reader.read_positions(connection, tenant, [position])
    return facts[0].recorded_at if facts else None


def refuse_too_long(request: ApiRequest, facts: int) -> None:
    """Refuses to replay a history of more facts than a request may."""
    house = request.house
    if refused := house.long_reads.refusal(facts):
        raise Refusal(refused, house.catalogue.sentence(refused))
