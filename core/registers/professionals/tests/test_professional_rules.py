from typing import Any

import pytest

from core.domain.command import Command, PersonRef
from core.domain.correction import AnnulFact, CorrectFact
from core.domain.event import Subject
from core.registers.professionals.commands import (
    ChangeWorkingTime,
    EndAssignment,
    EndEngagement,
    LinkAccount,
    RecordQualification,
    RecordTraining,
    RegisterProfessional,
    StartAssignment,
    UnlinkAccount,
)
from core.registers.professionals.events import (
    AccountLinked,
    AccountUnlinked,
    AssignmentEnded,
    AssignmentStarted,
    EngagementEnded,
    QualificationObtained,
    TrainingFollowed,
    WorkingTimeChanged,
)
from core.registers.professionals.state import PROFESSIONAL
from core.registers.professionals.tests.stories import (
    FIRST,
    OURS,
    PERSON,
    PROFESSIONAL_ID,
    REGISTERED,
    SECOND,
    THEIRS,
    a_professional,
    assigned,
    on,
    two_structures,
)
from core.registers.structures.events import StructureClosed
from core.testing.scenario import an_id

NOBODY, ACCOUNT, OTHER_ACCOUNT = Subject(an_id(0x99)), Subject(an_id(0x81)), Subject(an_id(0x82))
FIRST_ENDED = AssignmentEnded(person=PERSON, assignment=FIRST, reason="transfer")
LEFT = (FIRST_ENDED, EngagementEnded(person=PERSON, reason="retirement"))


def register(**fields: Any) -> RegisterProfessional:
    return RegisterProfessional(professional=PROFESSIONAL_ID, person=PersonRef(PERSON), **fields)


def start(**fields: Any) -> StartAssignment:
    given = {"structure": THEIRS, "function": "referent_unique_rsa", **fields}
    return StartAssignment(professional=PROFESSIONAL_ID, **given)


def end(assignment: Subject = FIRST, **fields: Any) -> EndAssignment:
    return EndAssignment(
        professional=PROFESSIONAL_ID, assignment=assignment, reason="transfer", **fields
    )


def train(**fields: Any) -> RecordTraining:
    return RecordTraining(professional=PROFESSIONAL_ID, training="animation", **fields)


def test_a_professional_is_registered_with_or_without_a_first_assignment() -> None:
    two_structures().when(register()).then(REGISTERED)
    scenario = two_structures().when(register(structure=OURS, function="animateur", etp_percent=80))
    first, second = scenario.written
    assert first == REGISTERED
    assert isinstance(second, AssignmentStarted)
    assert second == assigned(second.assignment)


@pytest.mark.parametrize(
    ("fields", "missing"),
    [
        ({"structure": OURS}, "function"),
        ({"function": "animateur"}, "structure"),
        ({"etp_percent": 80}, "structure"),
    ],
)
def test_an_assignment_has_a_structure_and_a_function(fields: Any, missing: str) -> None:
    scenario = two_structures().when(register(**fields))
    assert scenario.then_refused("assignment_is_incomplete").refused.field == missing


def test_someone_works_for_several_structures() -> None:
    scenario = a_professional().when(start(etp_percent=30))
    (fact,) = scenario.written
    assert isinstance(fact, AssignmentStarted)
    assert (fact.structure, fact.function, fact.etp_percent) == (
        THEIRS,
        "referent_unique_rsa",
        30,
    )


def test_the_structure_of_an_assignment_is_registered() -> None:
    a_professional().when(start(structure=NOBODY)).then_refused("structure_not_found")
    elsewhere = register(structure=NOBODY, function="animateur")
    two_structures().when(elsewhere).then_refused("structure_not_found")


def test_nobody_is_assigned_to_a_structure_that_was_already_closed() -> None:
    scenario = a_professional()
    scenario.given(StructureClosed(reason="fusion"), stream=THEIRS, occurred_at=on(5, 1))
    scenario.when(start()).then_refused("structure_is_closed")
    # What was so before it closed may still be told.
    assert scenario.when(start(occurred_at=on(4, 1))).written


def test_a_function_is_exercised_once_at_a_time_for_a_structure() -> None:
    again = start(structure=OURS, function="animateur")
    a_professional().when(again).then_refused("assignment_already_runs")
    assert a_professional(FIRST_ENDED).when(again).written


def test_working_time_changes_from_a_day_on() -> None:
    change = ChangeWorkingTime(professional=PROFESSIONAL_ID, assignment=FIRST, etp_percent=50)
    changed = WorkingTimeChanged(person=PERSON, assignment=FIRST, etp_percent=50)
    a_professional().when(change).then(changed).when(change).then()


def test_an_assignment_ends_once_and_after_it_started() -> None:
    a_professional().when(end()).then(FIRST_ENDED).when(end()).then_refused("assignment_is_ended")
    early = end(occurred_at=on(2, 1))
    a_professional().when(early).then_refused("assignment_ends_before_it_starts")


def test_only_the_professionals_own_assignments_change() -> None:
    a_professional().when(end(SECOND)).then_refused("assignment_not_found")


def test_a_qualification_is_obtained_once() -> None:
    command = RecordQualification(professional=PROFESSIONAL_ID, qualification="deaes")
    scenario = a_professional().when(command)
    scenario.then(QualificationObtained(person=PERSON, qualification="deaes"))
    scenario.when(command).then_refused("qualification_already_recorded")


def test_a_training_is_followed_once_a_day() -> None:
    scenario = a_professional().when(train(minutes=840, by=OURS, occurred_at=on(6, 1)))
    scenario.then(TrainingFollowed(person=PERSON, training="animation", minutes=840, by=OURS))
    scenario.when(train(occurred_at=on(6, 1))).then_refused("training_already_recorded")
    assert scenario.when(train(occurred_at=on(6, 2))).written


def test_who_gave_a_training_is_a_registered_structure() -> None:
    scenario = a_professional().when(train(by=NOBODY))
    assert scenario.then_refused("structure_not_found").refused.field == "by"


def test_one_account_at_a_time_stands_for_a_professional() -> None:
    link = LinkAccount(professional=PROFESSIONAL_ID, account=ACCOUNT)
    scenario = a_professional().when(link).then(AccountLinked(person=PERSON, account=ACCOUNT))
    scenario.when(link).then()
    other = LinkAccount(professional=PROFESSIONAL_ID, account=OTHER_ACCOUNT)
    scenario.when(other).then_refused("account_already_linked")
    unlink = UnlinkAccount(professional=PROFESSIONAL_ID)
    scenario.when(unlink).then(AccountUnlinked(person=PERSON, account=ACCOUNT))
    scenario.when(unlink).then_refused("no_account_linked")
    scenario.when(other).then(AccountLinked(person=PERSON, account=OTHER_ACCOUNT))


def test_an_engagement_ends_with_its_assignments() -> None:
    leave = EndEngagement(professional=PROFESSIONAL_ID, reason="retirement")
    scenario = a_professional(assigned(SECOND, structure=THEIRS)).when(leave)
    scenario.then(
        AssignmentEnded(person=PERSON, assignment=FIRST, reason="retirement"),
        AssignmentEnded(person=PERSON, assignment=SECOND, reason="retirement"),
        EngagementEnded(person=PERSON, reason="retirement"),
    )
    scenario.when(leave).then_refused("engagement_is_ended")


def test_an_engagement_does_not_end_before_an_assignment_starts() -> None:
    early = EndEngagement(professional=PROFESSIONAL_ID, reason="retirement", occurred_at=on(2, 1))
    a_professional().when(early).then_refused("assignment_ends_before_it_starts")


@pytest.mark.parametrize(
    "command",
    [
        start(),
        RecordQualification(professional=PROFESSIONAL_ID, qualification="deaes"),
        train(),
        LinkAccount(professional=PROFESSIONAL_ID, account=ACCOUNT),
    ],
    ids=lambda command: command.name,
)
def test_who_left_takes_up_nothing_more(command: Command) -> None:
    a_professional(*LEFT).when(command).then_refused("engagement_is_ended")


def test_what_was_followed_before_leaving_may_be_told_after() -> None:
    assert a_professional(*LEFT).when(train(occurred_at=on(5, 1))).written


def test_a_professional_belongs_to_the_structures_they_work_for_now() -> None:
    scenario = a_professional(assigned(SECOND, structure=THEIRS))
    state = scenario.state(PROFESSIONAL, PROFESSIONAL_ID)
    assert PROFESSIONAL.structures(state) == {OURS, THEIRS}
    state = scenario.when(end()).state(PROFESSIONAL, PROFESSIONAL_ID)
    assert PROFESSIONAL.structures(state) == {THEIRS}


def test_a_professional_is_related_to_themselves_and_to_their_account() -> None:
    scenario = a_professional(AccountLinked(person=PERSON, account=ACCOUNT))
    state = scenario.state(PROFESSIONAL, PROFESSIONAL_ID)
    assert PROFESSIONAL.related(state) == {PROFESSIONAL_ID, ACCOUNT}


def test_an_assignment_is_not_annulled_under_its_end() -> None:
    scenario = a_professional(FIRST_ENDED)
    started = Subject(scenario.history[-2].id)
    annul = AnnulFact(stream=PROFESSIONAL_ID, fact=started, reason="mistake")
    scenario.when(annul).then_refused("correction_breaks_history")


def test_a_training_recorded_by_mistake_is_corrected() -> None:
    scenario = a_professional(TrainingFollowed(person=PERSON, training="animation"))
    correct = CorrectFact(
        stream=PROFESSIONAL_ID,
        fact=Subject(scenario.history[-1].id),
        replacement={"person": PERSON, "training": "premiers_secours"},
        reason="wrong_training",
    )
    state = scenario.when(correct).state(PROFESSIONAL, PROFESSIONAL_ID)
    assert {code for code, _ in state.trainings} == {"premiers_secours"}
