"""Which command meets which rule, under which permission: who conducts a cycle."""

from core.domain.decider import Decision
from plugins.ravie.animateur import commands, decisions
from plugins.ravie.cycle.decisions import reads_its_sessions
from plugins.ravie.cycle.state import CYCLE
from plugins.ravie.permissions import PLAN

DECISIONS = (
    Decision(
        command=commands.DesignateAnimateur,
        aggregate=CYCLE,
        stream="cycle",
        decide=decisions.designate_animateur,
        permission=PLAN.code,
        also=reads_its_sessions,
    ),
    Decision(
        command=commands.EndAnimateur,
        aggregate=CYCLE,
        stream="cycle",
        decide=decisions.end_animateur,
        permission=PLAN.code,
        also=reads_its_sessions,
    ),
)
