"""The rules of a follow-up wave. Where each comes from is in the README."""

from core.domain.days import day_of
from core.domain.decider import Context, Decided, Reads
from core.domain.event import PersonId, Subject
from core.domain.refusal import Refused
from core.evaluation.instrument import Instruments
from core.evaluation.state import EVALUATION
from plugins.ravie.cycle.state import CYCLE, Cycle
from plugins.ravie.effects.answering import answered
from plugins.ravie.effects.vocabulary import EFFECTS
from plugins.ravie.follow_up.commands import (
    AskPeople,
    CloseWave,
    OpenWave,
    RecordNoAnswer,
    RecordWaveAnswer,
    SendReminder,
)
from plugins.ravie.follow_up.events import (
    PersonAsked,
    ReminderSent,
    WaveAnswered,
    WaveClosed,
    WaveLeftUnanswered,
    WaveOpened,
)
from plugins.ravie.follow_up.state import Wave

CLOSED = Refused("wave_is_closed")
OCCASION = "follow_up"
"""The occasion of every evaluation of a wave."""


def reads_the_cycles_named(command: OpenWave, _state: None) -> tuple[Reads, ...]:
    """A wave follows cycles that are there and over."""
    return (Reads(CYCLE, tuple(command.cycles)),)


def follows_for(command: OpenWave, _state: None) -> frozenset[str]:
    """A wave is opened for the structure that is to carry it out, if it names one."""
    return frozenset() if command.structure is None else frozenset({command.structure})


def reads_its_cycles(_command: AskPeople, wave: Wave) -> tuple[Reads, ...]:
    """Who may be asked rests on who took part."""
    return (Reads(CYCLE, wave.cycles),)


def reads_their_answer(
    command: SendReminder | RecordWaveAnswer | RecordNoAnswer, wave: Wave
) -> tuple[Reads, ...]:
    """Whether someone has answered rests on whether their answer still stands."""
    evaluation = wave.answers.get(command.person)
    return () if evaluation is None else (Reads(EVALUATION, (evaluation,)),)


def open_wave(
    command: OpenWave, _state: None, context: Context, *, instruments: Instruments
) -> Decided:
    """Plans to ask the participants of cycles that are over what has become of them."""
    if command.due_on < day_of(command.occurred_at or context.now):
        return Refused("wave_due_before_it_opens", "due_on")
    setting = "effects_version" if command.instrument == EFFECTS else "follow_up_version"
    version: int = command.instrument_version or context.settings[f"ravie.{setting}"]
    if instruments.find(command.instrument, version) is None:
        values: dict[str, str | int] = {"instrument": command.instrument, "version": version}
        return Refused("instrument_is_unknown", "instrument", values)
    found = context.read(CYCLE)
    for cycle in command.cycles:
        if cycle not in found:
            return Refused("cycle_is_unknown", "cycles")
        if found[cycle].kind == "project":
            return Refused("project_cycle_is_not_followed", "cycles")
        if found[cycle].status == "open":
            return Refused("followed_cycle_is_still_open", "cycles")
    return [
        WaveOpened(
            cycles=tuple(dict.fromkeys(Subject(cycle) for cycle in command.cycles)),
            months=command.months,
            instrument=command.instrument,
            instrument_version=version,
            due_on=command.due_on,
            assigned=None if command.assigned is None else Subject(command.assigned),
            structure=None if command.structure is None else Subject(command.structure),
        )
    ]


def ask_people(command: AskPeople, wave: Wave, context: Context) -> Decided:
    """
    Asks participants of the wave's cycles, each once.

    Someone who left a cycle may be asked by name; nobody who never had a part in one.
    """
    if wave.status == "closed":
        return CLOSED
    cycles = {cycle: context.read(CYCLE)[cycle] for cycle in wave.cycles}
    if not command.people:
        everyone = [
            PersonAsked(person=PersonId(person), cycle=Subject(cycle), channel=command.channel)
            for person, cycle in _enrolled(cycles).items()
            if person not in wave.asked
        ]
        return everyone or Refused("nobody_left_to_ask", "people")
    asked = []
    for person in dict.fromkeys(command.people):
        if person in wave.asked:
            return Refused("person_already_asked", "people")
        own = next((cycle for cycle, state in cycles.items() if state.role_of(person)), None)
        if own is None:
            return Refused("person_not_in_followed_cycles", "people")
        fact = PersonAsked(person=PersonId(person), cycle=Subject(own), channel=command.channel)
        asked.append(fact)
    return asked


def send_reminder(command: SendReminder, wave: Wave, context: Context) -> Decided:
    """Reminds someone who was asked and has not answered."""
    if refused := _unless_awaited(command.person, wave, context):
        return refused
    return [ReminderSent(person=PersonId(command.person), channel=command.channel)]


def record_wave_answer(
    command: RecordWaveAnswer, wave: Wave, context: Context, *, instruments: Instruments
) -> Decided:
    """What someone answered to the wave's instrument; once, unless that answer was annulled."""
    if refused := _unless_awaited(command.person, wave, context):
        return refused
    taken = answered(
        command,
        context,
        instruments,
        instrument=wave.instrument,
        version=wave.instrument_version,
        series=command.wave,
        occasion=OCCASION,
    )
    if isinstance(taken, Refused):
        return taken
    evaluation, facts = taken
    return [*facts, WaveAnswered(person=PersonId(command.person), evaluation=evaluation)]


def record_no_answer(command: RecordNoAnswer, wave: Wave, context: Context) -> Decided:
    """Says why no answer is expected from someone who was asked."""
    if refused := _unless_awaited(command.person, wave, context):
        return refused
    return [WaveLeftUnanswered(person=PersonId(command.person), reason=command.reason)]


def close_wave(_command: CloseWave, wave: Wave, _context: Context) -> Decided:
    """Ends the wave: who has not answered by now has not answered."""
    return CLOSED if wave.status == "closed" else [WaveClosed()]


def _enrolled(cycles: dict[str, Cycle]) -> dict[str, str]:
    """Whoever has a place, with the first of the cycles they have one in."""
    found: dict[str, str] = {}
    for cycle, state in cycles.items():
        for person in state.enrolled:
            found.setdefault(person, cycle)
    return found


def _unless_awaited(person: str, wave: Wave, context: Context) -> Refused | None:
    if wave.status == "closed":
        return CLOSED
    if person not in wave.asked:
        return Refused("person_was_not_asked", "person")
    evaluation = wave.answers.get(person)
    if evaluation is not None and context.read(EVALUATION).get(evaluation):
        return Refused("wave_already_answered", "person")
    return None
