"""What participants answer before, after and later; what a cycle changed, told of the group."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated

import msgspec
from litestar import get, post
from litestar.params import JSONBody
from litestar.status_codes import HTTP_200_OK

from core.access import journal
from core.domain.command import Code, PersonRef, SubjectId
from core.domain.sealed import Sealed
from core.evaluation.instrument import Instrument
from core.evaluation.state import EVALUATION
from core.http.guard import needs
from core.http.paging import AtLeast
from core.http.problem import NotFound
from core.http.request import ApiRequest, PathId
from core.http.times import AsOf, KnownAt
from core.http.writing import Written, run
from plugins.ravie.api.answers import GivenAnswers, GivenTexts, opened_answers, sealed_answers
from plugins.ravie.api.body import Body, Text
from plugins.ravie.cycle.state import CYCLE
from plugins.ravie.effects import commands
from plugins.ravie.effects.commands import InstrumentVersion
from plugins.ravie.effects.instruments import INSTRUMENTS
from plugins.ravie.effects.vocabulary import EffectMoment
from plugins.ravie.permissions import EVALUATE, READ, READ_ANSWERS
from plugins.ravie.projections.cycle_effects import CYCLE_EFFECTS, EffectsOfCycle, effects_of
from plugins.ravie.projections.evaluations import EVALUATIONS, Answer, ScaleScore
from projections.records import record

_ONE_EVALUATION = needs(EVALUATE.code, related=EVALUATION, by="evaluation")


class EffectsToRecord(Body, frozen=True, kw_only=True):
    """Ce qu'un participant a répondu avant le cycle, après, ou plus tard."""

    person: PersonRef
    moment: EffectMoment
    answers: GivenAnswers
    texts: GivenTexts = msgspec.field(default_factory=dict)
    instrument_version: InstrumentVersion | None = None
    assessor: SubjectId | None = None


class EvaluationToCorrect(Body, frozen=True, kw_only=True):
    """Toutes les réponses telles qu'elles auraient dû être saisies, et le motif."""

    answers: GivenAnswers
    texts: GivenTexts = msgspec.field(default_factory=dict)
    reason: Annotated[Code, msgspec.Meta(examples=["typing_error"])]
    note: Text | None = None


class EvaluationToAnnul(Body, frozen=True, kw_only=True):
    """Le motif pour lequel l'évaluation ne compte plus."""

    reason: Annotated[Code, msgspec.Meta(examples=["wrong_person"])]
    note: Text | None = None


class EvaluationView(msgspec.Struct, frozen=True, kw_only=True):
    """Une évaluation et ses réponses ; `texts` est nul sans texte, ou si la clé n'existe plus."""

    evaluation: str
    person: str | None
    series: str | None
    moment: str
    instrument: str
    instrument_version: int
    assessor: str | None
    answered_on: date
    answers: tuple[Answer, ...]
    texts: dict[str, str] | None
    scores: tuple[ScaleScore, ...]


class ItemView(msgspec.Struct, frozen=True, kw_only=True):
    """Une question ; avec des choix, elle n'est pas notée ; scellée, elle se répond en mots."""

    code: str
    wording: str
    reversed: bool
    sealed: bool
    choices: Mapping[str, str]


class InstrumentView(msgspec.Struct, frozen=True, kw_only=True):
    """Un questionnaire dans une version : ses questions, son échelle, et de qui sont les mots."""

    id: str
    version: int
    title: str
    source: str
    lowest: int
    highest: int
    labels: Mapping[str, str]
    items: list[ItemView]


@get(
    "/instruments",
    opt=needs(READ.code, by_command=True),
    summary="Les questionnaires, dans toutes leurs versions",
)
async def list_instruments() -> list[InstrumentView]:
    return [_view(instrument) for instrument in INSTRUMENTS.all]


@post(
    "/cycles/{cycle:str}/evaluations",
    opt=needs(EVALUATE.code, by_command=True),
    summary="Enregistrer ce qu'un participant a répondu",
)
async def record_effects(
    request: ApiRequest, cycle: PathId, data: JSONBody[EffectsToRecord]
) -> Written:
    command = commands.RecordEffects(
        cycle=cycle,
        person=data.person,
        moment=data.moment,
        instrument_version=data.instrument_version,
        assessor=data.assessor,
        answers=data.answers,
        sealed_answers=await sealed_answers(request, data.person, data.texts),
        occurred_at=data.occurred_at,
    )
    return await run(request, command)


@post(
    "/evaluations/{evaluation:str}/correction",
    opt=_ONE_EVALUATION,
    summary="Corriger une évaluation",
    status_code=HTTP_200_OK,
)
async def correct_evaluation(
    request: ApiRequest, evaluation: PathId, data: JSONBody[EvaluationToCorrect]
) -> Written:
    person = await _person_of(request, evaluation)
    command = commands.CorrectEvaluation(
        evaluation=evaluation,
        answers=data.answers,
        sealed_answers=await sealed_answers(request, person, data.texts),
        reason=data.reason,
        note=await _note(request, person, data.note),
        occurred_at=data.occurred_at,
    )
    return await run(request, command)


@post(
    "/evaluations/{evaluation:str}/annulment",
    opt=_ONE_EVALUATION,
    summary="Annuler une évaluation",
    status_code=HTTP_200_OK,
)
async def annul_evaluation(
    request: ApiRequest, evaluation: PathId, data: JSONBody[EvaluationToAnnul]
) -> Written:
    person = await _person_of(request, evaluation)
    command = commands.AnnulEvaluation(
        evaluation=evaluation,
        reason=data.reason,
        note=await _note(request, person, data.note),
        occurred_at=data.occurred_at,
    )
    return await run(request, command)


@get(
    "/cycles/{cycle:str}/effects",
    opt=needs(READ.code, related=CYCLE, by="cycle"),
    summary="Ce qu'un cycle a changé, dit du groupe et de personne",
)
async def read_effects(
    request: ApiRequest,
    cycle: PathId,
    at_least: AtLeast = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
) -> EffectsOfCycle:
    return effects_of(
        await record(
            request, CYCLE_EFFECTS, cycle, at_least=at_least, as_of=as_of, known_at=known_at
        )
    )


@get(
    "/evaluations/{evaluation:str}",
    opt=needs(READ_ANSWERS.code, related=EVALUATION, by="evaluation"),
    summary="Ce qu'une personne a répondu",
)
async def read_evaluation(
    request: ApiRequest,
    evaluation: PathId,
    at_least: AtLeast = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
) -> EvaluationView:
    row = await record(
        request, EVALUATIONS, evaluation, at_least=at_least, as_of=as_of, known_at=known_at
    )
    house, tenant = request.house, request.tenant
    async with house.store.database(tenant).serving(tenant) as connection:
        await journal.record(connection, tenant, request.reading, [row.person or row.evaluation])
    return EvaluationView(
        evaluation=row.evaluation,
        person=row.person,
        series=row.series,
        moment=row.occasion,
        instrument=row.instrument,
        instrument_version=row.instrument_version,
        assessor=row.assessor,
        answered_on=row.answered_on,
        answers=row.answers,
        texts=await opened_answers(request, row.sealed_answers),
        scores=row.scores,
    )


async def _person_of(request: ApiRequest, evaluation: str) -> str:
    """Who answered, under whose key the texts go; raises `NotFound`."""
    history = (await request.house.store.load(request.tenant, [evaluation]))[evaluation]
    if not history or not isinstance(history[0].fact, EVALUATION.facts) or not history[0].person:
        raise NotFound
    return history[0].person


async def _note(request: ApiRequest, person: str, note: str | None) -> Sealed | None:
    if note is None:
        return None
    return await request.house.vault.seal(request.tenant, person, "note", note, person=True)


def _view(instrument: Instrument) -> InstrumentView:
    return InstrumentView(
        id=instrument.id,
        version=instrument.version,
        title=instrument.title,
        source=instrument.source,
        lowest=instrument.scale.lowest,
        highest=instrument.scale.highest,
        labels=instrument.scale.labels,
        items=[
            ItemView(
                code=item.code,
                wording=item.wording,
                reversed=item.reversed,
                sealed=item.sealed,
                choices=item.choices,
            )
            for item in instrument.items
        ],
    )


ROUTES = (
    list_instruments,
    record_effects,
    correct_evaluation,
    annul_evaluation,
    read_effects,
    read_evaluation,
)
