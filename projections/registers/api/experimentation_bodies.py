"""What is sent to tell of an experimentation; texts come in plain words."""

from datetime import date
from typing import Annotated

import msgspec

from core.domain.command import Code, SubjectId
from core.registers.experimentations.commands import Members, Territories, Volunteers
from core.registers.experimentations.events import Sha256
from core.registers.experimentations.vocabulary import (
    Assessment,
    Communication,
    MemberKind,
    Outcome,
    Spreading,
    Stage,
    TerritoryCode,
)

_DAY = msgspec.Meta(description="Le jour, à Paris.", examples=["2020-10-15"])
_REASON = msgspec.Meta(description="Motif (code).", examples=["covid_19"])
_STRUCTURE = msgspec.Meta(description="Structure du registre (UUID).")
_Text = Annotated[
    str,
    msgspec.Meta(
        min_length=1,
        max_length=10_000,
        description="En toutes lettres ; scellé sous la clé de l'expérimentation.",
        examples=["Le lieu est ouvert à Gap, avec deux présences au nord et deux au sud."],
    ),
]


class _Body(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is told of a day has no other date."""


class CriterionToJudge(_Body, frozen=True, kw_only=True):
    """Un critère du cahier des charges : sa phrase, et le chiffre sur lequel on le juge."""

    code: Annotated[Code, msgspec.Meta(description="Son code.", examples=["frequentation"])]
    sentence: _Text
    figure: Annotated[
        Code,
        msgspec.Meta(
            description="Un indicateur, ou ce que l'on relève à la main.",
            examples=["ravie.new_participants"],
        ),
    ]
    target: Annotated[float, msgspec.Meta(description="La cible, s'il y en a une.")] | None = None


class ExperimentationToOpen(_Body, frozen=True, kw_only=True):
    """Ce que l'on expérimente, où, jusqu'à quand, et sur quoi on le jugera."""

    scheme: Annotated[
        Code, msgspec.Meta(description="Le dispositif (code).", examples=["lieu_ressources"])
    ]
    title: _Text
    structure: Annotated[SubjectId, _STRUCTURE] | None = None
    territories: Territories
    starts_on: Annotated[date, _DAY]
    ends_on: Annotated[date, msgspec.Meta(description="Dernier jour.", examples=["2021-12-31"])]
    review_due_on: (
        Annotated[date, msgspec.Meta(description="Échéance du bilan intermédiaire.")] | None
    ) = None
    criteria: Annotated[
        tuple[CriterionToJudge, ...],
        msgspec.Meta(min_length=1, max_length=100, description="Le cahier des charges."),
    ]


class Extension(_Body, frozen=True, kw_only=True):
    """Le nouveau dernier jour, et pourquoi ; le bilan intermédiaire peut être repoussé avec."""

    to_on: Annotated[date, msgspec.Meta(description="Dernier jour.", examples=["2021-12-31"])]
    review_due_on: (
        Annotated[date, msgspec.Meta(description="Échéance du bilan intermédiaire.")] | None
    ) = None
    reason: Annotated[Code, _REASON]
    note: _Text | None = None


class MemberToJoin(_Body, frozen=True, kw_only=True):
    """Un professionnel ou une structure qui entre au groupe projet."""

    member: Annotated[SubjectId, msgspec.Meta(description="Identifiant au registre (UUID).")]
    kind: Annotated[
        MemberKind, msgspec.Meta(description="De quel registre.", examples=["structure"])
    ]
    role: Annotated[Code, msgspec.Meta(description="À quel titre.", examples=["partenaire"])]
    since: Annotated[date, _DAY]


class MemberToLeave(_Body, frozen=True, kw_only=True):
    """Le dernier jour au groupe projet, et le motif."""

    on: Annotated[date, _DAY]
    reason: Annotated[Code, _REASON]


class MeetingToRecord(_Body, frozen=True, kw_only=True):
    """Une réunion du groupe projet ; les volontaires n'y sont qu'un nombre."""

    on: Annotated[date, _DAY]
    present: Annotated[Members, msgspec.Meta(description="Membres présents.")]
    excused: Annotated[Members, msgspec.Meta(description="Membres excusés.")] = ()
    volunteers: Volunteers = 0
    decisions: Annotated[
        tuple[_Text, ...], msgspec.Meta(max_length=100, description="Ce qui a été décidé.")
    ] = ()


class ReviewToRecord(_Body, frozen=True, kw_only=True):
    """Le jugement porté sur un critère ; un critère non évalué demande un motif."""

    stage: Annotated[
        Stage, msgspec.Meta(description="Bilan intermédiaire ou final.", examples=["interim"])
    ]
    criterion: Annotated[
        Code, msgspec.Meta(description="Le code du critère.", examples=["frequentation"])
    ]
    on: Annotated[date, _DAY]
    assessment: Annotated[
        Assessment,
        msgspec.Meta(description="Atteint, en partie, non, ou non évalué.", examples=["met"]),
    ]
    value: Annotated[float, msgspec.Meta(description="Le chiffre relevé.")] | None = None
    reason: Annotated[Code, _REASON] | None = None
    note: _Text | None = None


class CommunicationToRecord(_Body, frozen=True, kw_only=True):
    """Une action de communication, une inauguration, un article de presse."""

    kind: Annotated[
        Communication, msgspec.Meta(description="De quelle sorte.", examples=["inauguration"])
    ]
    on: Annotated[date, _DAY]
    title: _Text | None = None
    sha256: Annotated[Sha256, msgspec.Meta(description="Empreinte du document.")] | None = None


class KitToPublish(_Body, frozen=True, kw_only=True):
    """Une version de la mallette de développement, et pour qui elle est faite."""

    version: Annotated[Code, msgspec.Meta(description="La version.", examples=["v1"])]
    audience: Annotated[Code, msgspec.Meta(description="Le public.", examples=["animateurs"])]
    on: Annotated[date, _DAY]


class KitToHandOver(_Body, frozen=True, kw_only=True):
    """À quelle structure la mallette est remise, et quand."""

    structure: Annotated[SubjectId, _STRUCTURE]
    on: Annotated[date, _DAY]


class Conclusion(_Body, frozen=True, kw_only=True):
    """Ce que devient l'expérimentation, et si elle essaime ; ses conditions s'il y en a."""

    on: Annotated[date, _DAY]
    outcome: Annotated[
        Outcome, msgspec.Meta(description="Poursuivie, adaptée, arrêtée.", examples=["continued"])
    ]
    spreading: Annotated[
        Spreading, msgspec.Meta(description="Oui, non, sous conditions.", examples=["yes"])
    ]
    conditions: _Text | None = None


class SpreadToRecord(_Body, frozen=True, kw_only=True):
    """Un autre territoire qui reprend l'expérimentation."""

    territory: TerritoryCode
    structure: Annotated[SubjectId, _STRUCTURE] | None = None
    on: Annotated[date, _DAY]
