"""Departures to training: advised, then enrolled, which is when they count."""

from typing import Annotated

import msgspec
from litestar import get, post
from litestar.params import JSONBody, QueryParameter
from litestar.status_codes import HTTP_200_OK

from core.domain.command import Code, PersonRef, SubjectId
from core.domain.event import Subject
from core.domain.sealed import Sealed
from core.http.guard import needs
from core.http.paging import AtLeast, Page, PageAfter, PageLimit
from core.http.problem import NotFound
from core.http.request import ApiRequest, PathId
from core.http.times import AsOf, KnownAt
from core.http.writing import Written, new_id, run
from core.ids import ID_PATTERN
from plugins.ravie.api.body import Body, Text
from plugins.ravie.departure import commands
from plugins.ravie.departure.state import DEPARTURE
from plugins.ravie.departure.vocabulary import AbandonReason
from plugins.ravie.permissions import ADVISE_TRAINING, FOLLOW, READ
from plugins.ravie.projections.departures import DEPARTURES, DepartureRow
from projections.reading import asked, reading
from projections.records import record

_ONE_DEPARTURE = needs(FOLLOW.code, related=DEPARTURE, by="departure")

TrainingCode = Annotated[Code, msgspec.Meta(examples=["adcf"], description="Code de la formation.")]
OfCycle = Annotated[
    str | None, QueryParameter(pattern=ID_PATTERN, description="Cycle d'où l'on part.")
]


class TrainingOfSomeone(Body, frozen=True, kw_only=True):
    """
    Une personne et une formation, avec l'organisme qui la donne s'il est connu.

    `cycle` est celui d'où la personne part ; absent, elle part d'ailleurs.
    """

    person: PersonRef
    training: TrainingCode
    structure: SubjectId | None = None
    cycle: SubjectId | None = None


class EnrolmentInTraining(Body, frozen=True, kw_only=True):
    """La formation et l'organisme, s'ils ne sont pas ceux qui ont été conseillés."""

    training: TrainingCode | None = None
    structure: SubjectId | None = None


class TrainingStep(Body, frozen=True, kw_only=True):
    """Quand cela s'est passé."""


class TrainingGivenUp(Body, frozen=True, kw_only=True):
    """Le motif, et une note scellée sous la clé de la personne."""

    reason: AbandonReason
    note: Text | None = None


@post(
    "/training-advice",
    opt=needs(ADVISE_TRAINING.code, by_command=True),
    summary="Conseiller une formation à une personne ; cela ne compte pas encore",
)
async def advise_training(request: ApiRequest, data: JSONBody[TrainingOfSomeone]) -> Written:
    departure = Subject(await new_id(request))
    fields = msgspec.structs.asdict(data)
    return await run(request, commands.AdviseTraining(departure=departure, **fields))


@post(
    "/departures",
    opt=needs(ADVISE_TRAINING.code, by_command=True),
    summary="Enregistrer une inscription en formation que l'on n'avait pas conseillée",
)
async def record_departure(request: ApiRequest, data: JSONBody[TrainingOfSomeone]) -> Written:
    departure = Subject(await new_id(request))
    fields = msgspec.structs.asdict(data)
    return await run(request, commands.RecordDeparture(departure=departure, **fields))


@post(
    "/departures/{departure:str}/enrolment",
    opt=_ONE_DEPARTURE,
    summary="Enregistrer l'inscription : le départ compte à cette date",
    status_code=HTTP_200_OK,
)
async def enrol_in_training(
    request: ApiRequest, departure: PathId, data: JSONBody[EnrolmentInTraining]
) -> Written:
    fields = msgspec.structs.asdict(data)
    return await run(request, commands.EnrolInTraining(departure=departure, **fields))


@post(
    "/departures/{departure:str}/start",
    opt=_ONE_DEPARTURE,
    summary="Enregistrer l'entrée en formation",
    status_code=HTTP_200_OK,
)
async def start_training(
    request: ApiRequest, departure: PathId, data: JSONBody[TrainingStep]
) -> Written:
    command = commands.StartTraining(departure=departure, occurred_at=data.occurred_at)
    return await run(request, command)


@post(
    "/departures/{departure:str}/completion",
    opt=_ONE_DEPARTURE,
    summary="Enregistrer qu'une formation est allée à son terme",
    status_code=HTTP_200_OK,
)
async def complete_training(
    request: ApiRequest, departure: PathId, data: JSONBody[TrainingStep]
) -> Written:
    command = commands.CompleteTraining(departure=departure, occurred_at=data.occurred_at)
    return await run(request, command)


@post(
    "/departures/{departure:str}/abandonment",
    opt=_ONE_DEPARTURE,
    summary="Enregistrer qu'une formation est abandonnée",
    status_code=HTTP_200_OK,
)
async def abandon_training(
    request: ApiRequest, departure: PathId, data: JSONBody[TrainingGivenUp]
) -> Written:
    command = commands.AbandonTraining(
        departure=departure,
        reason=data.reason,
        note=await _note(request, departure, data.note),
        occurred_at=data.occurred_at,
    )
    return await run(request, command)


@get("/departures", opt=needs(READ.code), summary="Les départs en formation")
async def list_departures(
    request: ApiRequest,
    cycle: OfCycle = None,
    at_least: AtLeast = None,
    after: PageAfter = None,
    limit: PageLimit = 50,
) -> Page[DepartureRow]:
    async with reading(request, DEPARTURES, at_least=at_least) as models:
        return await models.page(DEPARTURES, where=asked(cycle=cycle), after=after, limit=limit)


@get(
    "/departures/{departure:str}",
    opt=needs(READ.code, related=DEPARTURE, by="departure"),
    summary="Un départ en formation",
)
async def read_departure(
    request: ApiRequest,
    departure: PathId,
    at_least: AtLeast = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
) -> DepartureRow:
    return await record(
        request, DEPARTURES, departure, at_least=at_least, as_of=as_of, known_at=known_at
    )


async def _note(request: ApiRequest, departure: str, note: str | None) -> Sealed | None:
    """The note under the key of who leaves; raises `NotFound`."""
    if note is None:
        return None
    history = (await request.house.store.load(request.tenant, [departure]))[departure]
    if not history or not isinstance(history[0].fact, DEPARTURE.facts) or not history[0].person:
        raise NotFound
    vault = request.house.vault
    return await vault.seal(request.tenant, history[0].person, "note", note, person=True)


ROUTES = (
    advise_training,
    record_departure,
    enrol_in_training,
    start_training,
    complete_training,
    abandon_training,
    list_departures,
    read_departure,
)
