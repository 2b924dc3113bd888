"""
Duplicates, and the merging of two ids of one person by facts.

A merge is one step, never a chain: whoever was merged absorbs nobody, and whoever absorbed is not
merged. So the kept id is found in one step, no circle can be made, and what an unmerge restores is
never in doubt.
"""

from collections.abc import Iterable

from core.domain.decider import At, Context, Decided, Reads
from core.domain.event import PersonId, Subject
from core.domain.refusal import Refused
from core.registers.people.commands import (
    DismissDuplicate,
    MergePersons,
    ProposeDuplicate,
    UnmergePersons,
)
from core.registers.people.decisions import merged_elsewhere
from core.registers.people.events import (
    DuplicateDismissed,
    DuplicateProposed,
    PersonsMerged,
    PersonsUnmerged,
)
from core.registers.people.state import PERSON, Person


def reads_both(
    command: ProposeDuplicate | DismissDuplicate | MergePersons, _person: Person
) -> Iterable[Reads]:
    """What is said of a pair rests on both of their files."""
    other = command.merged if isinstance(command, MergePersons) else command.other
    yield Reads(PERSON, (other,))


def reads_the_kept(_command: UnmergePersons, person: Person) -> Iterable[Reads]:
    """An unmerge is told to the one that was kept too."""
    if person.kept is not None:
        yield Reads(PERSON, (person.kept,))


def pair_of(one: str, other: str) -> tuple[str, str]:
    """Two ids in the one order in which a pair is written: the first holds what is said of it."""
    return (one, other) if one < other else (other, one)


def propose_duplicate(command: ProposeDuplicate, person: Person, context: Context) -> Decided:
    """By hand, whatever the index says; proposing again takes a dismissal back."""
    pair = _standing_pair(command, person, context)
    if isinstance(pair, Refused):
        return pair
    if pair[0].pairs.get(pair[1].id) == "proposed":
        return Refused("duplicate_already_proposed", "other")
    fact = DuplicateProposed(
        person=PersonId(pair[0].id),
        other=Subject(pair[1].id),
        reason=command.reason,
        note=command.note,
    )
    return [At(fact=fact, stream=pair[0].id)]


def dismiss_duplicate(command: DismissDuplicate, person: Person, context: Context) -> Decided:
    """Two people, whatever they share; the index may have proposed them without any fact."""
    pair = _standing_pair(command, person, context)
    if isinstance(pair, Refused):
        return pair
    if pair[0].pairs.get(pair[1].id) == "dismissed":
        return Refused("duplicate_already_dismissed", "other")
    fact = DuplicateDismissed(
        person=PersonId(pair[0].id),
        other=Subject(pair[1].id),
        reason=command.reason,
        note=command.note,
    )
    return [At(fact=fact, stream=pair[0].id)]


def merge_persons(command: MergePersons, kept: Person, context: Context) -> Decided:
    """One step only; told in both streams, when the later of the two came to be known."""
    if command.merged == command.kept:
        return Refused("pair_of_one", "merged")
    merged = context.read(PERSON).get(command.merged)
    if merged is None:
        return Refused("other_person_is_unknown", "merged")
    if refused := merged_elsewhere(kept, "kept") or merged_elsewhere(merged, "merged"):
        return refused
    if merged.absorbed:
        return Refused("person_has_absorbed_others", "merged", {"count": len(merged.absorbed)})
    return [
        At(
            fact=PersonsMerged(
                person=PersonId(one.id),
                kept=Subject(kept.id),
                merged=Subject(merged.id),
                reason=command.reason,
            ),
            stream=one.id,
            occurred_at=max(kept.known_since, merged.known_since),
        )
        for one in (kept, merged)
    ]


def unmerge_persons(command: UnmergePersons, merged: Person, context: Context) -> Decided:
    """Each stands by itself again, as told in both streams, in the place of the merge."""
    kept = None if merged.kept is None else context.read(PERSON).get(merged.kept)
    if kept is None:
        return Refused("person_is_not_merged", "merged")
    return [
        At(
            fact=PersonsUnmerged(
                person=PersonId(one.id),
                kept=Subject(kept.id),
                merged=Subject(merged.id),
                reason=command.reason,
            ),
            stream=one.id,
            occurred_at=max(kept.known_since, merged.known_since),
        )
        for one in (kept, merged)
    ]


def _standing_pair(
    command: ProposeDuplicate | DismissDuplicate, person: Person, context: Context
) -> tuple[Person, Person] | Refused:
    """Both, in the order of the pair, when they are two files that stand by themselves."""
    if command.other == command.person:
        return Refused("pair_of_one", "other")
    other = context.read(PERSON).get(command.other)
    if other is None:
        return Refused("other_person_is_unknown", "other")
    if refused := merged_elsewhere(person, "person") or merged_elsewhere(other, "other"):
        return refused
    return (person, other) if person.id < other.id else (other, person)
