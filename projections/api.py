"""Figures over HTTP: one indicator of a module, over a period, with its stamp."""

from datetime import date
from typing import Annotated

import msgspec
from litestar import get
from litestar.params import PathParameter, QueryParameter

from core.catalogue import READ_INDICATORS
from core.http.guard import needs
from core.http.paging import AtLeast
from core.http.problem import FieldError, Malformed, NotFound
from core.http.request import ApiRequest
from core.indicator import Figure, Indicator, Period
from projections import figures
from projections.reading import reading
from projections.tables import Table
from tenants.territory.territory import territory

IndicatorName = Annotated[str, PathParameter(description="Nom de l'indicateur.", max_length=100)]
FirstDay = Annotated[date, QueryParameter(name="from", description="Premier jour compté.")]
EndDay = Annotated[date, QueryParameter(name="to", description="Premier jour qui ne l'est plus.")]
By = Annotated[
    list[str] | None, QueryParameter(description="Ventilations, parmi celles de l'indicateur.")
]


class IndicatorView(msgspec.Struct, frozen=True, kw_only=True):
    """Ce que disent les chiffres, et les chiffres : un par combinaison de `by`."""

    indicator: str
    sentence: str
    unit: str
    scale: str
    figures: list[Figure]


@get(
    "/indicators/{name:str}",
    opt=needs(READ_INDICATORS.code),
    tags=["Indicateurs"],
    summary="Un indicateur sur une période",
)
async def read_indicator(
    request: ApiRequest,
    name: IndicatorName,
    start: FirstDay,
    end: EndDay,
    by: By = None,
    at_least: AtLeast = None,
) -> IndicatorView:
    indicator = _find(request, name)
    if start >= end:
        raise Malformed([FieldError("period", "La période finit avant de commencer.", "to")])
    catalogue = request.house.catalogue
    used = set(figures.read_models_of(indicator))
    projections = [each for each in catalogue.projections if each.name in used]
    tenant = request.tenant
    async with reading(request, *projections, at_least=at_least) as models:
        try:
            computed = await figures.compute(
                models.connection,
                tenant,
                indicator,
                Period(start, end),
                {p.name: Table.live(p, tenant.read_schema).identifier for p in projections},
                dimensions=by or [],
                territory_vintage=territory().vintage,
            )
        except figures.UnknownDimension:
            known = ", ".join(indicator.dimensions) or "aucune"
            error = FieldError("choice", f"Ventilations possibles : {known}.", "by")
            raise Malformed([error]) from None
    return IndicatorView(
        indicator=indicator.name,
        sentence=indicator.sentence,
        unit=indicator.unit,
        scale=indicator.scale,
        figures=computed,
    )


def _find(request: ApiRequest, name: str) -> Indicator:
    for indicator in request.house.catalogue.indicators:
        if indicator.name == name:
            return indicator
    raise NotFound


ROUTES = (read_indicator,)
