"""The indicators there are; one of them over a period, with its stamp: today, or as it was."""

from datetime import datetime
from typing import Annotated

import msgspec
from litestar import get
from litestar.params import QueryParameter

from core.catalogue import READ_INDICATORS
from core.http.guard import needs
from core.http.paging import AtLeast
from core.http.request import ApiRequest
from core.http.times import AsOf, KnownAt, moment
from core.indicator import Figure, Indicator, Kind, Period, Unit
from projections import figures
from projections.api.asking import (
    BATCH,
    LAST_POSITION,
    ROWS,
    By,
    EndDay,
    FirstDay,
    IndicatorName,
    check_by,
    find,
    one_of,
    period_of,
    position_known,
    read_models,
    refuse_too_long,
)
from projections.reading import reading
from projections.replay import replayed
from projections.tables import Table
from tenants.territory.territory import territory

Version = Annotated[
    int | None,
    QueryParameter(ge=1, description="Version de la définition ; par défaut la plus récente."),
]
KnownAtPosition = Annotated[
    int | None,
    QueryParameter(
        ge=0, le=LAST_POSITION, description="Ce qui était enregistré jusqu'à cette position."
    ),
]


class IndicatorView(msgspec.Struct, frozen=True, kw_only=True):
    """Ce que disent les chiffres, et les chiffres : un par combinaison de `by`."""

    indicator: str
    version: int
    sentence: str
    unit: Unit
    scale: str
    figures: list[Figure]


class Definition(msgspec.Struct, frozen=True, kw_only=True):
    """Un indicateur dans sa dernière version ; `versions` sont toutes celles qui se calculent."""

    indicator: str
    version: int
    versions: list[int]
    sentence: str
    unit: Unit
    kind: Kind
    scale: str
    dimensions: list[str]


@get(
    "/indicators",
    opt=needs(READ_INDICATORS.code),
    tags=["Indicateurs"],
    summary="Les indicateurs des modules de la collectivité",
)
async def list_indicators(request: ApiRequest) -> list[Definition]:
    application, tenant = request.house.application, request.tenant
    settings = await application.settings(tenant, application.clock.now(tenant.code), fresh=True)
    catalogue = request.house.catalogue
    enabled = {
        indicator.name
        for module in catalogue.modules
        if module.always_on or module.name in settings.modules
        for indicator in module.indicators
    }
    return [
        Definition(
            indicator=each.name,
            version=each.version,
            versions=catalogue.indicator_versions(each.name),
            sentence=each.sentence,
            unit=each.unit,
            kind=each.kind,
            scale=each.scale,
            dimensions=list(each.dimensions),
        )
        for each in catalogue.indicators
        if each.name in enabled
    ]


@get(
    "/indicators/{name:str}",
    opt=needs(READ_INDICATORS.code),
    tags=["Indicateurs"],
    summary="Un indicateur sur une période, aujourd'hui ou tel qu'il était",
)
async def read_indicator(
    request: ApiRequest,
    name: IndicatorName,
    start: FirstDay,
    end: EndDay,
    version: Version = None,
    by: By = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    known_at_position: KnownAtPosition = None,
    at_least: AtLeast = None,
) -> IndicatorView:
    indicator = find(request, name, version)
    period = period_of(start, end)
    check_by(by or [], indicator)
    happened, known = moment(as_of, "as_of"), moment(known_at, "known_at")
    one_of(known, known_at_position, "known_at_position")
    until = await position_known(request, known_at=known, position=known_at_position)
    if until is None and happened is None:
        computed = await _followed(request, indicator, period, by or [], at_least)
    else:
        computed = await _as_it_was(request, indicator, period, by or [], at_least, until, happened)
    return IndicatorView(
        indicator=indicator.name,
        version=indicator.version,
        sentence=indicator.sentence,
        unit=indicator.unit,
        scale=indicator.scale,
        figures=computed,
    )


async def _followed(
    request: ApiRequest, indicator: Indicator, period: Period, by: list[str], at_least: int | None
) -> list[Figure]:
    tenant, projections = request.tenant, read_models(request, indicator)
    async with reading(request, *projections, at_least=at_least) as models:
        return await figures.compute(
            models.connection,
            tenant,
            indicator,
            period,
            {p.name: Table.live(p, tenant.read_schema).identifier for p in projections},
            dimensions=by,
            territory_vintage=territory().vintage,
        )


async def _as_it_was(
    request: ApiRequest,
    indicator: Indicator,
    period: Period,
    by: list[str],
    at_least: int | None,
    until: int | None,
    as_of: datetime | None,
) -> list[Figure]:
    """The same folds over the facts of then, in tables that leave nothing behind."""
    projections = read_models(request, indicator)
    async with (
        request.house.long_reads.place(),
        reading(request, *projections, at_least=at_least) as models,
    ):
        position = request.exchange.position or 0 if until is None else until
        refuse_too_long(request, position)
        request.exchange.position = position
        async with replayed(
            models.connection,
            request.tenant,
            request.house.store.registry,
            projections,
            position,
            as_of=as_of,
            strict=False,
            batch=BATCH,
            rows_in_memory=ROWS,
        ) as replay:
            return await replay.figure(
                indicator, period, dimensions=by, territory_vintage=territory().vintage
            )


ROUTES = (list_indicators, read_indicator)
