"""What may be asked of a territory's themes and of the model it follows."""

from typing import Annotated, ClassVar

import msgspec

from core.domain.command import Code, Command, SubjectId
from core.domain.event import Subject
from plugins.ravie.programme.events import Competences, Deviation, ThemeTitle, Version

PROGRAMME_ID = Subject("f286a0d6-be54-5b76-b3d4-d0700a982711")
"""The one stream of its kind in each tenant."""

Deviations = Annotated[tuple[Deviation, ...], msgspec.Meta(max_length=5)]


class DeclareTheme(Command, frozen=True, kw_only=True):
    """`competences` are codes of that version of the référentiel."""

    name: ClassVar[str] = "ravie.declare_theme"

    theme: Code
    title: ThemeTitle
    referentiel: Code
    referentiel_version: Version
    competences: Competences
    programme: SubjectId = PROGRAMME_ID


class RetireTheme(Command, frozen=True, kw_only=True):
    name: ClassVar[str] = "ravie.retire_theme"

    theme: Code
    reason: Code
    programme: SubjectId = PROGRAMME_ID


class AdoptModel(Command, frozen=True, kw_only=True):
    """Takes the place of the model followed until then, if there was one."""

    name: ClassVar[str] = "ravie.adopt_model"

    model: Code
    version: Version
    deviations: Deviations = ()
    programme: SubjectId = PROGRAMME_ID


class LeaveModel(Command, frozen=True, kw_only=True):
    name: ClassVar[str] = "ravie.leave_model"

    reason: Code
    programme: SubjectId = PROGRAMME_ID
