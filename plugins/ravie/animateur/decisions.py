"""
The rules of who conducts a cycle.

Whether they followed the training that the référentiel asks is no reason to refuse: what really
happens is recorded, and `projections/animateurs.py` flags it.
"""

from collections.abc import Iterator

from core.domain.decider import At, Context, Decided
from core.domain.event import Subject
from core.domain.refusal import Refused
from core.session.events import SessionReassigned
from core.session.state import SESSION
from plugins.ravie.animateur.commands import DesignateAnimateur, EndAnimateur
from plugins.ravie.cycle.decisions import CLOSED
from plugins.ravie.cycle.events import AnimateurDesignated, AnimateurEnded
from plugins.ravie.cycle.state import Cycle


def designate_animateur(command: DesignateAnimateur, cycle: Cycle, context: Context) -> Decided:
    """A professional conducts the cycle and its coming sessions, in place of whoever did."""
    if cycle.status != "open":
        return CLOSED
    if cycle.animateur == command.animateur:
        return Refused("already_animates", "animateur")
    animateur = Subject(command.animateur)
    ended = [] if cycle.animateur is None else [_ended(cycle.animateur, command.reason)]
    coming = _coming(command, animateur, context)
    return [*ended, AnimateurDesignated(animateur=animateur), *coming]


def end_animateur(command: EndAnimateur, cycle: Cycle, context: Context) -> Decided:
    """Nobody conducts the cycle nor its coming sessions any more."""
    if cycle.status != "open":
        return CLOSED
    if cycle.animateur is None:
        return Refused("cycle_has_no_animateur", "cycle")
    return [_ended(cycle.animateur, command.reason), *_coming(command, None, context)]


def _ended(animateur: str, reason: str) -> AnimateurEnded:
    return AnimateurEnded(animateur=Subject(animateur), reason=reason)


def _coming(
    command: DesignateAnimateur | EndAnimateur, animateur: Subject | None, context: Context
) -> Iterator[At]:
    """The sessions still planned, from that day on: those before it were another's to record."""
    moment = command.occurred_at or context.now
    fact = SessionReassigned(series=Subject(command.cycle), animateur=animateur)
    for stream, session in context.read(SESSION).items():
        if session.status == "planned" and session.starts_at >= moment:
            yield At(fact=fact, stream=stream)
