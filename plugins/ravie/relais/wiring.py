"""Which command meets which rule, under which permission: relais."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from core.domain.command import Command
from core.domain.decider import Context, Decided, Decision, Reads, nothing_more
from plugins.ravie.permissions import RUN_RELAIS
from plugins.ravie.relais import commands, decisions
from plugins.ravie.relais.state import RELAIS, Relais

C = TypeVar("C", bound=Command)


def _on_relais(
    command: type[C],
    decide: Callable[[C, Relais, Context], Decided],
    also: Callable[[C, Relais], Iterable[Reads]] = nothing_more,
) -> Decision[C, Relais]:
    return Decision(
        command=command,
        aggregate=RELAIS,
        stream="relais",
        decide=decide,
        permission=RUN_RELAIS.code,
        also=also,
    )


DECISIONS = (
    Decision(
        command=commands.OpenRelais,
        aggregate=RELAIS,
        stream="relais",
        decide=decisions.open_relais,
        permission=RUN_RELAIS.code,
        opens=True,
        also=decisions.reads_the_structure,
    ),
    _on_relais(commands.AttachPartner, decisions.attach_partner, decisions.reads_the_structure),
    _on_relais(commands.DetachPartner, decisions.detach_partner),
    _on_relais(commands.SuspendRelais, decisions.suspend_relais),
    _on_relais(commands.ResumeRelais, decisions.resume_relais),
    _on_relais(commands.CloseRelais, decisions.close_relais),
)
