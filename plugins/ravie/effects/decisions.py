"""
The rules of measuring what a cycle changes for those who take part.

A module's instruments are bound in `wiring.py`: `partial(record_effects, instruments=…)`.
"""

from core.domain.decider import Context, Decided, Reads
from core.domain.event import PersonId
from core.domain.refusal import Refused
from core.evaluation.instrument import Instruments
from core.evaluation.state import EVALUATION
from plugins.ravie.cycle.state import Cycle
from plugins.ravie.effects.answering import answered
from plugins.ravie.effects.commands import RecordEffects
from plugins.ravie.effects.events import EffectsMeasured
from plugins.ravie.effects.vocabulary import EFFECTS


def reads_their_evaluations(command: RecordEffects, cycle: Cycle) -> tuple[Reads, ...]:
    """What a person may still answer rests on which of their evaluations stand."""
    own = (each.evaluation for each in cycle.measured if each.person == command.person)
    return (Reads(EVALUATION, tuple(own)),)


def record_effects(
    command: RecordEffects, cycle: Cycle, context: Context, *, instruments: Instruments
) -> Decided:
    """
    What someone of the cycle answered before, after or later; once a moment and instrument version.

    A cycle that is over still takes answers: most effects are asked for once it is.
    """
    if cycle.role_of(command.person) is None:
        return Refused("person_not_in_cycle", "person")
    standing = [
        each
        for each in cycle.measured
        if each.person == command.person and context.read(EVALUATION).get(each.evaluation)
    ]
    in_force: int = context.settings["ravie.effects_version"]
    known = {each.instrument_version for each in standing}
    version = command.instrument_version or (max(known) if known else in_force)
    if version != in_force and version not in known:
        numbers: dict[str, str | int] = {"given": version, "in_force": in_force}
        return Refused("instrument_not_in_force", "instrument_version", numbers)
    if any(
        (each.moment, each.instrument_version) == (command.moment, version) for each in standing
    ):
        return Refused("effects_already_measured", "moment")
    taken = answered(
        command,
        context,
        instruments,
        instrument=EFFECTS,
        version=version,
        series=command.cycle,
        occasion=command.moment,
    )
    if isinstance(taken, Refused):
        return taken
    evaluation, facts = taken
    measured = EffectsMeasured(
        person=PersonId(command.person),
        moment=command.moment,
        instrument=EFFECTS,
        instrument_version=version,
        evaluation=evaluation,
    )
    return [*facts, measured]
