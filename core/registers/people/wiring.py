"""Which rule answers which command of a person's file; the directory's manifest takes these."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from core.domain.command import Command
from core.domain.decider import Context, Decided, Decision, Reads, nothing_more
from core.module import Permission
from core.registers.people import commands, decisions, merging
from core.registers.people.state import PERSON, Person

C = TypeVar("C", bound=Command)

KEEP_FILES = Permission(
    "directory.keep_files",
    "Tenir le dossier d'une personne : représentants, information donnée, oppositions.",
)
MERGE_PEOPLE = Permission(
    "directory.merge_people", "Proposer, écarter, réunir et séparer les doublons de l'annuaire."
)
PERMISSIONS = (KEEP_FILES, MERGE_PEOPLE)


def _decision(
    command: type[C],
    decide: Callable[[C, Person, Context], Decided],
    permission: Permission,
    *,
    stream: str = "person",
    also: Callable[[C, Person], Iterable[Reads]] = nothing_more,
) -> Decision[C, Person]:
    return Decision(
        command=command,
        aggregate=PERSON,
        stream=stream,
        decide=decide,
        permission=permission.code,
        also=also,
    )


DECISIONS = (
    _decision(commands.AppointRepresentative, decisions.appoint_representative, KEEP_FILES),
    _decision(commands.EndRepresentation, decisions.end_representation, KEEP_FILES),
    _decision(commands.GiveNotice, decisions.give_notice, KEEP_FILES),
    _decision(commands.RaiseOpposition, decisions.raise_opposition, KEEP_FILES),
    _decision(commands.WithdrawOpposition, decisions.withdraw_opposition, KEEP_FILES),
    _decision(
        commands.ProposeDuplicate,
        merging.propose_duplicate,
        MERGE_PEOPLE,
        also=merging.reads_both,
    ),
    _decision(
        commands.DismissDuplicate,
        merging.dismiss_duplicate,
        MERGE_PEOPLE,
        also=merging.reads_both,
    ),
    _decision(
        commands.MergePersons,
        merging.merge_persons,
        MERGE_PEOPLE,
        stream="kept",
        also=merging.reads_both,
    ),
    _decision(
        commands.UnmergePersons,
        merging.unmerge_persons,
        MERGE_PEOPLE,
        stream="merged",
        also=merging.reads_the_kept,
    ),
)
