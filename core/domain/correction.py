"""
Nothing is overwritten: a mistake is corrected or annulled by a later fact with a reason.

The history is not what was recorded but what stands: facts that were annulled are left out, facts
that were corrected count as their latest standing correction, in their own place and at their own
date. Every state and every read model is a fold of that *effective* history, so that no module has
to think of corrections.

Two rules keep this simple enough for one SQL view to say the same (`effective_facts`): a
correction always names the first fact, never another correction; an annulment is final, and may
target a fact or one of its corrections.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Any, ClassVar

import msgspec

from core.domain.command import Code, Command, SubjectId, Token
from core.domain.decider import Aggregate, At, Context, Decided, fold
from core.domain.event import (
    Fact,
    FactRegistry,
    PersonId,
    Recorded,
    Subject,
    encode_fact,
    person_of,
    subjects_of,
)
from core.domain.refusal import Refused
from core.domain.sealed import Sealed


class FactAnnulled(Fact, frozen=True, kw_only=True):
    """A fact, or a correction of one, never happened as recorded."""

    stored_name: ClassVar[str] = "core.fact_annulled.v1"

    fact: str
    reason: str
    note: Sealed | None = None
    person: PersonId | None = None
    subjects: tuple[Subject, ...] = ()
    """Of the target, so that the subject index finds the annulment where it finds the target."""


class FactCorrected(Fact, frozen=True, kw_only=True):
    """A fact happened otherwise than recorded; `replacement` is the body that stands instead."""

    stored_name: ClassVar[str] = "core.fact_corrected.v1"

    fact: str
    corrected_name: str
    replacement: msgspec.Raw
    reason: str
    note: Sealed | None = None
    person: PersonId | None = None
    subjects: tuple[Subject, ...] = ()
    """Of the target and of the replacement."""


CORRECTIONS = (FactAnnulled, FactCorrected)
CORRECTION_NAMES = tuple(fact.stored_name for fact in CORRECTIONS)


class Overlay:
    """
    What stands in place of each fact, after a set of annulments and corrections.

    Holds one entry per corrected or annulled fact, never the history itself.
    """

    def __init__(self, registry: FactRegistry, corrections: Iterable[Recorded[Any]] = ()) -> None:
        self._registry = registry
        self._annulled: set[str] = set()
        self._corrected: dict[str, list[Recorded[FactCorrected]]] = {}
        for recorded in corrections:
            self.add(recorded)

    def add(self, recorded: Recorded[Any]) -> None:
        """Takes in one more recorded fact; those that correct nothing are passed over."""
        match recorded.fact:
            case FactAnnulled(fact=target):
                self._annulled.add(target)
            case FactCorrected(fact=target):
                self._corrected.setdefault(target, []).append(recorded)

    def annulled(self, recorded: Recorded[Any]) -> bool:
        """Whether a fact, or a correction of one, was annulled."""
        return recorded.id in self._annulled

    def corrections_of(self, recorded: Recorded[Any]) -> Sequence[Recorded[FactCorrected]]:
        """Every correction of a fact, in order, those that were annulled included."""
        return self._corrected.get(recorded.id, ())

    def correction_of(self, recorded: Recorded[Any]) -> Recorded[FactCorrected] | None:
        """The correction that stands in place of a fact, or None; annulment of the fact apart."""
        for correction in reversed(self.corrections_of(recorded)):
            if not self.annulled(correction):
                return correction
        return None

    def corrected(
        self, recorded: Recorded[Any], correction: Recorded[FactCorrected]
    ) -> Recorded[Any]:
        """The fact as one of its corrections tells it; raises what decoding it raises."""
        fact = self._registry.decode(correction.fact.corrected_name, correction.fact.replacement)
        return msgspec.structs.replace(recorded, fact=fact, person=correction.person)

    def standing(self, recorded: Recorded[Any]) -> Recorded[Any] | None:
        """The fact as it stands, or None: annulled, or itself a correction or an annulment."""
        if isinstance(recorded.fact, CORRECTIONS) or self.annulled(recorded):
            return None
        correction = self.correction_of(recorded)
        return recorded if correction is None else self.corrected(recorded, correction)


def effective(history: Collection[Recorded[Any]], registry: FactRegistry) -> list[Recorded[Any]]:
    """What stands of a history that holds the corrections of its own facts, in order."""
    if not any(isinstance(recorded.fact, CORRECTIONS) for recorded in history):
        return list(history)
    overlay = Overlay(registry, history)
    return [standing for recorded in history if (standing := overlay.standing(recorded))]


class AnnulFact(Command, frozen=True, kw_only=True):
    """Annul a fact of a stream, or one of its corrections."""

    name: ClassVar[str] = "core.annul_fact"

    stream: SubjectId
    fact: SubjectId
    reason: Code
    note: Token | None = None


class CorrectFact(Command, frozen=True, kw_only=True):
    """Correct a fact of a stream: `replacement` is its whole new body."""

    name: ClassVar[str] = "core.correct_fact"

    stream: SubjectId
    fact: SubjectId
    replacement: dict[str, Any]
    reason: Code
    note: Token | None = None


def annul_fact(
    command: AnnulFact,
    history: list[Recorded[Any]],
    registry: FactRegistry,
    aggregate: Aggregate[Any],
    _context: Context,
) -> Decided:
    """Annul, when the target stands and the history without it still makes sense."""
    target = _target(command.fact, history, aggregate)
    if isinstance(target, Refused):
        return target
    if target is history[0]:
        return Refused("first_fact_stays", "fact")
    annulment = annulment_of(target, command.reason, command.note)
    return _if_coherent(annulment, target, history, registry, aggregate)


def correct_fact(
    command: CorrectFact,
    history: list[Recorded[Any]],
    registry: FactRegistry,
    aggregate: Aggregate[Any],
    _context: Context,
) -> Decided:
    """Correct, when the target stands, the replacement has its shape and the history holds."""
    target = _target(command.fact, history, aggregate)
    if isinstance(target, Refused):
        return target
    if isinstance(target.fact, CORRECTIONS):
        return Refused("fact_cannot_be_corrected", "fact")
    try:
        replacement = msgspec.convert(command.replacement, type(target.fact))
    except msgspec.ValidationError:
        # The decoder's own sentence may quote the value.
        return Refused("replacement_is_malformed", "replacement")
    standing = Overlay(registry, history).standing(target)
    if standing is not None and standing.fact == replacement:
        return Refused("correction_changes_nothing", "replacement")
    if person_of(replacement) != person_of(target.fact):
        # Another person's key: annul the fact and record it for the right person.
        return Refused("fact_cannot_be_corrected", "replacement")
    correction = correction_of(target, replacement, command.reason, command.note)
    return _if_coherent(correction, target, history, registry, aggregate)


def annulment_of(target: Recorded[Any], reason: str, note: Sealed | None) -> FactAnnulled:
    """The fact that annuls a target; for decisions that annul facts they keep for themselves."""
    return FactAnnulled(
        fact=target.id,
        reason=reason,
        note=note,
        person=person_of(target.fact),
        subjects=_other_subjects(target.fact),
    )


def correction_of(
    target: Recorded[Any], replacement: Fact, reason: str, note: Sealed | None
) -> FactCorrected:
    """The fact that puts a replacement in the place of a target, about the same person."""
    return FactCorrected(
        fact=target.id,
        corrected_name=replacement.stored_name,
        replacement=msgspec.Raw(encode_fact(replacement)),
        reason=reason,
        note=note,
        person=person_of(replacement),
        subjects=tuple(
            dict.fromkeys((*_other_subjects(target.fact), *_other_subjects(replacement)))
        ),
    )


def _target(
    fact: str, history: list[Recorded[Any]], aggregate: Aggregate[Any]
) -> Recorded[Any] | Refused:
    target = next((recorded for recorded in history if recorded.id == fact), None)
    if target is None:
        return Refused("fact_not_found", "fact")
    if isinstance(target.fact, FactAnnulled):
        return Refused("annulment_is_final", "fact")
    if isinstance(target.fact, aggregate.kept):
        return Refused("fact_cannot_be_corrected", "fact")
    annulled = {r.fact.fact for r in history if isinstance(r.fact, FactAnnulled)}
    return Refused("fact_is_annulled", "fact") if target.id in annulled else target


def _other_subjects(fact: Fact) -> tuple[Subject, ...]:
    person = person_of(fact)
    return tuple(
        Subject(subject) for subject in dict.fromkeys(subjects_of(fact)) if subject != person
    )


def _if_coherent(
    fact: FactAnnulled | FactCorrected,
    target: Recorded[Any],
    history: list[Recorded[Any]],
    registry: FactRegistry,
    aggregate: Aggregate[Any],
) -> Decided:
    """A correction takes the occurred_at of what it corrects, and leaves a history that folds."""
    tried = msgspec.structs.replace(target, fact=fact, id="tried", version=history[-1].version + 1)
    try:
        fold(aggregate, effective([*history, tried], registry))
    except (AssertionError, KeyError, ValueError, AttributeError):
        return Refused("correction_breaks_history", "fact")
    return [At(fact=fact, occurred_at=target.occurred_at)]
