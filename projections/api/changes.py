"""Why an indicator changed, between two dates of record or two versions of its definition."""

from typing import Annotated

from litestar import get
from litestar.params import QueryParameter

from core.catalogue import READ_INDICATORS
from core.http.guard import needs
from core.http.paging import AtLeast
from core.http.problem import FieldError, Malformed
from core.http.request import ApiRequest
from core.http.times import known_parameter, moment
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
    recorded_at,
    refuse_too_long,
)
from projections.causes import Explanation
from projections.explaining import explained
from projections.reading import reading
from projections.why import Question, why
from tenants.territory.territory import territory

KnownFrom = Annotated[
    str | None,
    known_parameter("known_from", "Ce qui était enregistré d'abord ; défaut : `known_to`."),
]
KnownTo = Annotated[
    str | None,
    known_parameter("known_to", "Ce qui était enregistré ensuite ; par défaut, maintenant."),
]
Position = Annotated[
    int | None,
    QueryParameter(ge=0, le=LAST_POSITION, description="Une position en place de la date."),
]
Version = Annotated[
    int | None,
    QueryParameter(ge=1, description="Version de la définition ; par défaut la plus récente."),
]


@get(
    "/indicators/{name:str}/changes",
    opt=needs(READ_INDICATORS.code),
    tags=["Indicateurs"],
    summary="Pourquoi un indicateur a changé, entre deux dates d'enregistrement ou deux versions",
)
async def explain_changes(
    request: ApiRequest,
    name: IndicatorName,
    start: FirstDay,
    end: EndDay,
    known_from: KnownFrom = None,
    known_to: KnownTo = None,
    known_from_position: Position = None,
    known_to_position: Position = None,
    version_from: Version = None,
    version_to: Version = None,
    by: By = None,
    at_least: AtLeast = None,
) -> Explanation:
    before = find(request, name, version_from, "version_from")
    after = find(request, name, version_to, "version_to")
    period = period_of(start, end)
    check_by(by or [], before, after)
    since, to = moment(known_from, "known_from"), moment(known_to, "known_to")
    one_of(since, known_from_position, "known_from_position")
    one_of(to, known_to_position, "known_to_position")
    first = await position_known(request, known_at=since, position=known_from_position)
    last = await position_known(request, known_at=to, position=known_to_position)
    if first is not None and last is not None and first > last:
        sentence = "La seconde date d'enregistrement vient avant la première."
        raise Malformed([FieldError("order", sentence, "known_to")])
    boundary = since
    if known_from_position is not None and first is not None:
        boundary = await recorded_at(request, first)
    projections = read_models(request, before, after)
    # The subject index is never behind the read models: rows are folded again through it.
    floor = max(at_least or 0, first or 0, last or 0)
    async with (
        request.house.long_reads.place(),
        reading(request, *projections, at_least=floor) as models,
    ):
        position = last if last is not None else request.exchange.position or 0
        refuse_too_long(request, position)
        question = Question(
            before=before,
            after=after,
            period=period,
            start=position if first is None else first,
            end=position,
            boundary=boundary,
            dimensions=tuple(by or ()),
            transfers=request.house.catalogue.transfers,
        )
        answer = await why(
            models.connection,
            request.tenant,
            request.house.store.registry,
            projections,
            question,
            batch=BATCH,
            rows_in_memory=ROWS,
        )
    request.exchange.position = position
    return explained(request.tenant, question, answer, territory().vintage)


ROUTES = (explain_changes,)
