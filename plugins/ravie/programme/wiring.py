"""Which command meets which rule, under which permission: themes and models."""

from collections.abc import Callable
from typing import TypeVar

from core.domain.command import Command
from core.domain.decider import Context, Decided, Decision
from plugins.ravie.permissions import RUN_PROGRAMME
from plugins.ravie.programme import commands, decisions
from plugins.ravie.programme.state import PROGRAMME, Programme

C = TypeVar("C", bound=Command)


def _on_programme(
    command: type[C], decide: Callable[[C, Programme | None, Context], Decided]
) -> Decision[C, Programme]:
    return Decision(
        command=command,
        aggregate=PROGRAMME,
        stream="programme",
        decide=decide,
        permission=RUN_PROGRAMME.code,
        opens=None,
    )


DECISIONS = (
    _on_programme(commands.DeclareTheme, decisions.declare_theme),
    _on_programme(commands.RetireTheme, decisions.retire_theme),
    _on_programme(commands.AdoptModel, decisions.adopt_model),
    _on_programme(commands.LeaveModel, decisions.leave_model),
)
