"""Themes, référentiels and models: what is published, and what a territory makes of it."""

from typing import Annotated

import msgspec
from litestar import get, post
from litestar.params import JSONBody, PathParameter
from litestar.status_codes import HTTP_200_OK

from core.domain.command import Code
from core.http.guard import needs
from core.http.paging import AtLeast
from core.http.request import ApiRequest
from core.http.writing import Written, run
from plugins.ravie.api.body import Body
from plugins.ravie.models import MODELS, Model
from plugins.ravie.permissions import READ, RUN_PROGRAMME
from plugins.ravie.programme import commands
from plugins.ravie.programme.commands import PROGRAMME_ID, Deviations
from plugins.ravie.programme.events import Competences, ThemeTitle, Version
from plugins.ravie.projections.programme import PROGRAMME_VIEW, DeviationLine, ProgrammeRow
from plugins.ravie.referentiels import OFFERED, REFERENTIELS, Referentiel
from projections.reading import reading

_PUBLISHED = needs(READ.code, by_command=True)
"""What is about nobody is read by whoever reads any cycle."""

PathTheme = Annotated[
    str,
    PathParameter(
        pattern="^[a-z0-9][a-z0-9_.:-]{0,63}$", description="Code du thème.", max_length=64
    ),
]


class ThemeToDeclare(Body, frozen=True, kw_only=True):
    """Un thème de la collectivité, et les compétences qu'il travaille dans un référentiel."""

    theme: Annotated[Code, msgspec.Meta(examples=["hiver_en_montagne"])]
    title: Annotated[ThemeTitle, msgspec.Meta(examples=["Travailler l'hiver en montagne"])]
    referentiel: Annotated[Code, msgspec.Meta(examples=["assistants-de-vie"])]
    referentiel_version: Annotated[Version, msgspec.Meta(examples=[1])]
    competences: Annotated[Competences, msgspec.Meta(examples=[["c1.3", "c4.1"]])]


class Retirement(Body, frozen=True, kw_only=True):
    """Pourquoi plus aucun cycle n'est ouvert sur ce thème."""

    reason: Annotated[Code, msgspec.Meta(description="Motif (code).", examples=["no_demand"])]


class ModelToAdopt(Body, frozen=True, kw_only=True):
    """Un modèle publié, sa version, et les écarts que le modèle laisse ouverts."""

    model: Annotated[Code, msgspec.Meta(examples=["national-5x3"])]
    version: Annotated[Version, msgspec.Meta(examples=[1])]
    deviations: Deviations = ()


class Leaving(Body, frozen=True, kw_only=True):
    """Pourquoi la collectivité ne suit plus le modèle."""

    reason: Annotated[Code, msgspec.Meta(description="Motif (code).", examples=["own_model"])]


class ThemeView(msgspec.Struct, frozen=True, kw_only=True):
    """Un thème ; `declared` : par la collectivité, sinon proposé ; `usable` : non retiré."""

    theme: str
    title: str
    referentiel: str
    referentiel_version: int
    competences: tuple[str, ...]
    declared: bool
    usable: bool


class ModelView(msgspec.Struct, frozen=True, kw_only=True):
    """Un modèle publié ; `adopted` : la collectivité le suit, avec ces écarts."""

    published: Model
    adopted: bool
    deviations: tuple[DeviationLine, ...]


@post("/themes", opt=needs(RUN_PROGRAMME.code), summary="Déclarer un thème")
async def declare_theme(request: ApiRequest, data: JSONBody[ThemeToDeclare]) -> Written:
    return await run(request, commands.DeclareTheme(**msgspec.structs.asdict(data)))


@post(
    "/themes/{theme:str}/retirement",
    opt=needs(RUN_PROGRAMME.code),
    summary="Retirer un thème",
    status_code=HTTP_200_OK,
)
async def retire_theme(
    request: ApiRequest, theme: PathTheme, data: JSONBody[Retirement]
) -> Written:
    command = commands.RetireTheme(theme=theme, reason=data.reason, occurred_at=data.occurred_at)
    return await run(request, command)


@get("/themes", opt=_PUBLISHED, summary="Les thèmes, proposés ou déclarés")
async def list_themes(request: ApiRequest, at_least: AtLeast = None) -> list[ThemeView]:
    row = await _programme(request, at_least)
    offered = {
        code: ThemeView(
            theme=code,
            title=theme.title,
            referentiel=referentiel.id,
            referentiel_version=referentiel.version,
            competences=theme.competences,
            declared=False,
            usable=code not in row.retired,
        )
        for code, (referentiel, theme) in OFFERED.items()
    }
    declared = {
        line.theme: ThemeView(
            theme=line.theme,
            title=line.title,
            referentiel=line.referentiel,
            referentiel_version=line.referentiel_version,
            competences=line.competences,
            declared=True,
            usable=line.theme not in row.retired,
        )
        for line in row.themes
    }
    return [view for _, view in sorted({**offered, **declared}.items())]


@get("/referentiels", opt=_PUBLISHED, summary="Les référentiels de compétences, par version")
async def list_referentiels(request: ApiRequest) -> list[Referentiel]:
    del request
    return list(REFERENTIELS)


@get("/models", opt=_PUBLISHED, summary="Les modèles publiés, et celui que l'on suit")
async def list_models(request: ApiRequest, at_least: AtLeast = None) -> list[ModelView]:
    row = await _programme(request, at_least)
    followed = (row.model, row.model_version)
    return [
        ModelView(
            published=model,
            adopted=(adopted := (model.id, model.version) == followed),
            deviations=row.deviations if adopted else (),
        )
        for model in MODELS
    ]


@post("/models/adoption", opt=needs(RUN_PROGRAMME.code), summary="Adopter un modèle")
async def adopt_model(request: ApiRequest, data: JSONBody[ModelToAdopt]) -> Written:
    command = commands.AdoptModel(
        model=data.model,
        version=data.version,
        deviations=data.deviations,
        occurred_at=data.occurred_at,
    )
    return await run(request, command)


@post(
    "/models/leaving",
    opt=needs(RUN_PROGRAMME.code),
    summary="Ne plus suivre le modèle adopté",
    status_code=HTTP_200_OK,
)
async def leave_model(request: ApiRequest, data: JSONBody[Leaving]) -> Written:
    return await run(request, commands.LeaveModel(reason=data.reason, occurred_at=data.occurred_at))


async def _programme(request: ApiRequest, at_least: int | None) -> ProgrammeRow:
    """What the territory has decided; nothing yet where nothing was."""
    async with reading(request, PROGRAMME_VIEW, at_least=at_least) as models:
        row = await models.one(PROGRAMME_VIEW, PROGRAMME_ID)
    return row or ProgrammeRow(programme=PROGRAMME_ID)


ROUTES = (
    declare_theme,
    retire_theme,
    list_themes,
    list_referentiels,
    list_models,
    adopt_model,
    leave_model,
)
