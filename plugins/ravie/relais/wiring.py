"""Which command meets which rule, under which permission: relais."""

from collections.abc import Callable
from typing import TypeVar

from core.domain.command import Command
from core.domain.decider import Context, Decided, Decision
from plugins.ravie.permissions import RUN_RELAIS
from plugins.ravie.relais import commands, decisions
from plugins.ravie.relais.state import RELAIS, Relais

C = TypeVar("C", bound=Command)


def _on_relais(
    command: type[C], decide: Callable[[C, Relais, Context], Decided]
) -> Decision[C, Relais]:
    return Decision(
        command=command,
        aggregate=RELAIS,
        stream="relais",
        decide=decide,
        permission=RUN_RELAIS.code,
    )


DECISIONS = (
    Decision(
        command=commands.OpenRelais,
        aggregate=RELAIS,
        stream="relais",
        decide=decisions.open_relais,
        permission=RUN_RELAIS.code,
        opens=True,
    ),
    _on_relais(commands.AttachPartner, decisions.attach_partner),
    _on_relais(commands.DetachPartner, decisions.detach_partner),
    _on_relais(commands.SuspendRelais, decisions.suspend_relais),
    _on_relais(commands.ResumeRelais, decisions.resume_relais),
    _on_relais(commands.CloseRelais, decisions.close_relais),
)
