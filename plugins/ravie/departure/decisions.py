"""The rules of a departure to training: it counts when enrolled, not when advised."""

from core.domain.decider import Context, Decided, Reads
from core.domain.event import PersonId, Subject
from core.domain.refusal import Refused
from core.domain.sealed import Sealed
from plugins.ravie.cycle.state import CYCLE
from plugins.ravie.departure.commands import (
    AbandonTraining,
    AdviseTraining,
    CompleteTraining,
    EnrolInTraining,
    RecordDeparture,
    StartTraining,
)
from plugins.ravie.departure.events import (
    TrainingAbandoned,
    TrainingAdvised,
    TrainingCompleted,
    TrainingEnrolled,
    TrainingStarted,
)
from plugins.ravie.departure.state import Departure

OVER = Refused("departure_is_over")


def reads_its_cycle(command: AdviseTraining | RecordDeparture, _state: None) -> tuple[Reads, ...]:
    """Someone leaves for training from a cycle they took part in, or from outside of any."""
    return () if command.cycle is None else (Reads(CYCLE, (command.cycle,)),)


def advise_training(command: AdviseTraining, _state: None, context: Context) -> Decided:
    """Tells someone of a training. Nothing counts yet."""
    if refused := _unless_of_the_cycle(command, context):
        return refused
    return [
        TrainingAdvised(
            person=command.person,
            training=command.training,
            structure=command.structure,
            cycle=command.cycle,
        )
    ]


def record_departure(command: RecordDeparture, _state: None, context: Context) -> Decided:
    """Someone is enrolled in a training that nobody had advised them here."""
    if refused := _unless_of_the_cycle(command, context):
        return refused
    return [
        TrainingEnrolled(
            person=command.person,
            training=command.training,
            structure=command.structure,
            cycle=command.cycle,
        )
    ]


def enrol_in_training(command: EnrolInTraining, departure: Departure, _context: Context) -> Decided:
    """The departure counts from now on."""
    if departure.state in ("completed", "abandoned"):
        return OVER
    if departure.state != "advised":
        return Refused("already_enrolled_in_training", "departure")
    structure = command.structure or departure.structure
    return [
        TrainingEnrolled(
            person=PersonId(departure.person),
            training=command.training or departure.training,
            structure=None if structure is None else Subject(structure),
            cycle=None if departure.cycle is None else Subject(departure.cycle),
        )
    ]


def start_training(_command: StartTraining, departure: Departure, _context: Context) -> Decided:
    """The person's training begins; they were enrolled in it."""
    match departure.state:
        case "completed" | "abandoned":
            return OVER
        case "advised":
            return Refused("not_enrolled_in_training", "departure")
        case "started":
            return Refused("training_already_started", "departure")
    return [TrainingStarted(person=PersonId(departure.person), training=departure.training)]


def complete_training(
    _command: CompleteTraining, departure: Departure, _context: Context
) -> Decided:
    """The person followed the training to its end; it had begun."""
    match departure.state:
        case "completed" | "abandoned":
            return OVER
        case "advised" | "enrolled":
            return Refused("training_not_started", "departure")
    return [TrainingCompleted(person=PersonId(departure.person), training=departure.training)]


def abandon_training(command: AbandonTraining, departure: Departure, _context: Context) -> Decided:
    """The person gives the training up, begun or not; the enrolment still counts."""
    match departure.state:
        case "completed" | "abandoned":
            return OVER
        case "advised":
            return Refused("not_enrolled_in_training", "departure")
    return [
        TrainingAbandoned(
            person=PersonId(departure.person),
            training=departure.training,
            reason=command.reason,
            note=None if command.note is None else Sealed(command.note),
        )
    ]


def _unless_of_the_cycle(
    command: AdviseTraining | RecordDeparture, context: Context
) -> Refused | None:
    if command.cycle is None:
        return None
    cycle = context.read(CYCLE).get(command.cycle)
    if cycle is None:
        return Refused("cycle_is_unknown", "cycle")
    if cycle.role_of(command.person) is None:
        return Refused("person_not_in_cycle", "person")
    return None
