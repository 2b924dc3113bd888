"""
The rules of an experimentation: its frame, its reviews, its conclusion and what follows it.

Those of the groupe projet are in `project.py`. Nothing comes after the conclusion but what spreads
it: its kit handed over, other territories that take it up.
"""

from collections.abc import Iterable

from core.domain.decider import Context, Decided, Reads
from core.domain.event import Subject
from core.domain.refusal import Refused
from core.registers.experimentations.commands import (
    ConcludeExperimentation,
    ExtendExperimentation,
    HandOverKit,
    MakeCommunication,
    OpenExperimentation,
    PublishKit,
    ReviewCriterion,
    SpreadExperimentation,
)
from core.registers.experimentations.events import (
    CommunicationMade,
    CriterionReviewed,
    ExperimentationConcluded,
    ExperimentationExtended,
    ExperimentationOpened,
    ExperimentationSpread,
    KitHandedOver,
    KitPublished,
)
from core.registers.experimentations.state import Experimentation
from core.registers.people.decisions import in_the_future, on_its_day
from core.registers.structures.state import STRUCTURE

CONCLUDED = Refused("experimentation_is_concluded", "experimentation")


def reads_its_structure(
    command: OpenExperimentation | HandOverKit | SpreadExperimentation,
    _state: Experimentation | None,
) -> Iterable[Reads]:
    """A structure that is named is one of the register."""
    if command.structure is not None:
        yield Reads(STRUCTURE, (command.structure,))


def of_its_structure(command: OpenExperimentation, _state: None) -> frozenset[str]:
    """A structure opens its own, not another one's."""
    return frozenset(() if command.structure is None else (command.structure,))


def open_experimentation(command: OpenExperimentation, _state: None, context: Context) -> Decided:
    """With what it will be judged on, in words and in figures."""
    if command.ends_on < command.starts_on:
        return Refused("period_is_upside_down", "ends_on")
    if command.review_due_on is not None and not (
        command.starts_on <= command.review_due_on <= command.ends_on
    ):
        return Refused("review_outside_of_the_experimentation", "review_due_on")
    codes = [criterion.code for criterion in command.criteria]
    if len(set(codes)) < len(codes):
        return Refused("criterion_named_twice", "criteria")
    if len(command.sentences) != len(codes):
        return Refused("criterion_without_its_sentence", "sentences")
    if refused := _unknown_structure(command.structure, context):
        return refused
    return [
        ExperimentationOpened(
            scheme=command.scheme,
            title=command.title,
            structure=None if command.structure is None else Subject(command.structure),
            territories=tuple(sorted(set(command.territories))),
            starts_on=command.starts_on,
            ends_on=command.ends_on,
            review_due_on=command.review_due_on,
            criteria=command.criteria,
            sentences=command.sentences,
        )
    ]


def extend_experimentation(
    command: ExtendExperimentation, state: Experimentation, _context: Context
) -> Decided:
    """
    An extension only lengthens, as the one of the lieux ressources from December 2020 to December
    2021; the interim review may be put off with it, never brought forward.
    """
    if state.concluded_on is not None:
        return CONCLUDED
    if command.to_on <= state.ends_on:
        return Refused("extension_does_not_lengthen", "to_on", {"ends_on": str(state.ends_on)})
    due = command.review_due_on
    if due is not None and not (state.review_due_on or state.starts_on) <= due <= command.to_on:
        return Refused("review_outside_of_the_experimentation", "review_due_on")
    return [
        ExperimentationExtended(
            from_on=state.ends_on,
            to_on=command.to_on,
            review_due_on=due,
            reason=command.reason,
            note=command.note,
        )
    ]


def review_criterion(command: ReviewCriterion, state: Experimentation, context: Context) -> Decided:
    """Each criterion once at each stage; one that is not assessed says why."""
    if state.concluded_on is not None:
        return CONCLUDED
    if command.criterion not in state.reviews:
        return Refused("criterion_is_unknown", "criterion")
    if command.stage in state.reviews[command.criterion]:
        return Refused("criterion_already_reviewed", "criterion")
    if command.assessment == "not_assessed" and command.reason is None:
        return Refused("not_assessed_without_reason", "reason")
    if refused := in_the_future(command.on, context):
        return refused
    if command.on < state.starts_on:
        return Refused("period_is_upside_down", "on")
    fact = CriterionReviewed(
        stage=command.stage,
        criterion=command.criterion,
        on=command.on,
        assessment=command.assessment,
        value=command.value,
        reason=command.reason,
        note=command.note,
    )
    return [on_its_day(fact, command.on, context)]


def make_communication(
    command: MakeCommunication, state: Experimentation, context: Context
) -> Decided:
    """Some of it may come before the first day."""
    if state.concluded_on is not None:
        return CONCLUDED
    if command.action in state.told:
        return Refused("already_exists", "action")
    if refused := in_the_future(command.on, context):
        return refused
    fact = CommunicationMade(
        action=Subject(command.action),
        kind=command.kind,
        on=command.on,
        title=command.title,
        sha256=command.sha256,
    )
    return [on_its_day(fact, command.on, context)]


def publish_kit(command: PublishKit, state: Experimentation, context: Context) -> Decided:
    """Another audience is another version. It may come after the conclusion: it spreads it."""
    if command.version in state.kits:
        return Refused("kit_already_published", "version")
    if refused := in_the_future(command.on, context):
        return refused
    fact = KitPublished(version=command.version, audience=command.audience, on=command.on)
    return [on_its_day(fact, command.on, context)]


def hand_over_kit(command: HandOverKit, state: Experimentation, context: Context) -> Decided:
    """Once to each structure, once it is published."""
    published_on = state.kits.get(command.version)
    if published_on is None:
        return Refused("kit_is_unknown", "version")
    if (command.version, command.structure) in state.handed:
        return Refused("kit_already_handed_over", "structure")
    refused = in_the_future(command.on, context) or _unknown_structure(command.structure, context)
    if refused:
        return refused
    if command.on < published_on:
        return Refused("period_is_upside_down", "on")
    fact = KitHandedOver(
        version=command.version, structure=Subject(command.structure), on=command.on
    )
    return [on_its_day(fact, command.on, context)]


def conclude_experimentation(
    command: ConcludeExperimentation, state: Experimentation, context: Context
) -> Decided:
    """Not while a criterion was neither reviewed nor said, with a reason, not to be assessed."""
    if state.concluded_on is not None:
        return CONCLUDED
    if left := state.unreviewed:
        return Refused("criteria_are_not_reviewed", "experimentation", {"count": len(left)})
    if command.spreading == "with_conditions" and command.conditions is None:
        return Refused("spreading_without_its_conditions", "conditions")
    if refused := in_the_future(command.on, context):
        return refused
    if command.on < state.latest:
        return Refused("concluded_before_what_is_told", "on", {"latest": str(state.latest)})
    fact = ExperimentationConcluded(
        on=command.on,
        outcome=command.outcome,
        spreading=command.spreading,
        conditions=command.conditions,
    )
    return [on_its_day(fact, command.on, context)]


def spread_experimentation(
    command: SpreadExperimentation, state: Experimentation, context: Context
) -> Decided:
    """What happened is recorded, even where the conclusion said no: the register flags it."""
    if state.concluded_on is None:
        return Refused("experimentation_is_not_concluded", "experimentation")
    if command.territory in state.spread:
        return Refused("already_spread_there", "territory")
    refused = in_the_future(command.on, context) or _unknown_structure(command.structure, context)
    if refused:
        return refused
    if command.on < state.concluded_on:
        return Refused("period_is_upside_down", "on")
    fact = ExperimentationSpread(
        territory=command.territory,
        structure=None if command.structure is None else Subject(command.structure),
        on=command.on,
    )
    return [on_its_day(fact, command.on, context)]


def _unknown_structure(structure: str | None, context: Context) -> Refused | None:
    if structure is None or structure in context.read(STRUCTURE):
        return None
    return Refused("structure_not_found", "structure")
