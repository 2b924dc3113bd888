from datetime import UTC, date, datetime
from typing import Any

from core.directory.module import MODULE as DIRECTORY
from core.domain.command import PersonRef
from core.domain.correction import AnnulFact
from core.domain.event import PersonId, Subject
from core.registers.households.commands import (
    DissolveHousehold,
    FormHousehold,
    JoinHousehold,
    LeaveHousehold,
    Member,
)
from core.registers.households.events import (
    HouseholdDissolved,
    HouseholdFormed,
    HouseholdMemberJoined,
    HouseholdMemberLeft,
)
from core.registers.people.commands import MergePersons
from core.registers.people.events import PersonRegistered
from core.registers.people.tests.stories import KNOWN, LEA, LEA_AGAIN, NOE
from core.testing.scenario import Scenario, an_id
from projections.registers.module import MODULE as REGISTERS

HOME, OTHER_HOME = Subject(an_id(0x61)), Subject(an_id(0x62))
NOBODY = PersonRef(PersonId(an_id(0x1FFF)))
SPRING, SUMMER, TOMORROW = date(2025, 4, 1), date(2025, 7, 1), date(2026, 1, 16)


def people() -> Scenario:
    scenario = Scenario(DIRECTORY, REGISTERS)
    for person in (LEA, LEA_AGAIN, NOE):
        scenario.given(PersonRegistered(person=person), stream=person, occurred_at=KNOWN)
    return scenario


def form(*persons: PersonRef, since: date = SPRING, household: Subject = HOME) -> FormHousehold:
    members = tuple(Member(person=person) for person in persons)
    return FormHousehold(household=household, since=since, members=members)


def join(**changes: Any) -> JoinHousehold:
    usual = {"household": HOME, "person": NOE, "place": "child", "since": SUMMER}
    return JoinHousehold(**{**usual, **changes})


def leave(**changes: Any) -> LeaveHousehold:
    usual = {"household": HOME, "person": LEA, "on": SUMMER, "reason": "moved"}
    return LeaveHousehold(**{**usual, **changes})


def dissolve(on: date = SUMMER) -> DissolveHousehold:
    return DissolveHousehold(household=HOME, on=on, reason="separation")


def test_a_household_is_formed_with_its_members_on_a_day() -> None:
    scenario = people().when(form(LEA, NOE))
    scenario.then(
        HouseholdFormed(on=SPRING),
        HouseholdMemberJoined(person=LEA, place="adult", since=SPRING),
        HouseholdMemberJoined(person=NOE, place="adult", since=SPRING),
    )
    assert scenario.history[-1].occurred_at == datetime(2025, 4, 1, 10, tzinfo=UTC)


def test_a_member_joins_and_leaves_on_given_days() -> None:
    scenario = people().when(form(LEA)).when(join())
    scenario.then(HouseholdMemberJoined(person=NOE, place="child", since=SUMMER))
    scenario.when(leave()).then(HouseholdMemberLeft(person=LEA, on=SUMMER, reason="moved"))


def test_a_child_may_live_in_two_households() -> None:
    scenario = people().when(form(NOE))
    assert scenario.when(form(NOE, household=OTHER_HOME)).written


def test_nobody_is_twice_in_a_household() -> None:
    people().when(form(LEA, LEA)).then_refused("already_in_household")
    people().when(form(LEA)).when(join(person=LEA)).then_refused("already_in_household")


def test_whoever_joins_is_known_here() -> None:
    people().when(form(LEA, NOBODY)).then_refused("member_is_unknown")
    people().when(form(LEA)).when(join(person=NOBODY)).then_refused("member_is_unknown")


def test_whoever_joins_does_so_under_the_id_that_was_kept() -> None:
    merge = MergePersons(kept=LEA, merged=LEA_AGAIN, reason="entered_twice")
    people().when(merge).when(form(LEA_AGAIN)).then_refused("person_is_merged")
    scenario = people().when(form(NOE)).when(merge)
    scenario.when(join(person=LEA_AGAIN)).then_refused("person_is_merged")


def test_an_id_merged_since_may_still_leave() -> None:
    scenario = people().when(form(LEA_AGAIN, NOE))
    scenario.when(MergePersons(kept=LEA, merged=LEA_AGAIN, reason="entered_twice"))
    assert scenario.when(leave(person=LEA_AGAIN)).written


def test_only_a_member_leaves() -> None:
    people().when(form(LEA)).when(leave(person=NOE)).then_refused("not_in_household")


def test_nobody_leaves_before_having_come() -> None:
    people().when(form(LEA)).when(leave(on=date(2025, 3, 31))).then_refused("period_is_upside_down")


def test_nobody_joins_before_the_household_or_before_having_left_it() -> None:
    early = date(2025, 3, 31)
    people().when(form(LEA)).when(join(since=early)).then_refused("period_is_upside_down")
    gone = people().when(form(LEA, NOE)).when(leave())
    gone.when(join(person=LEA, since=SPRING)).then_refused("period_is_upside_down")
    assert gone.when(join(person=LEA, since=SUMMER)).written


def test_what_has_not_come_is_not_told() -> None:
    people().when(form(LEA, since=TOMORROW)).then_refused("occurred_in_the_future")
    home = people().when(form(LEA))
    for command in (join(since=TOMORROW), leave(on=TOMORROW), dissolve(TOMORROW)):
        home.when(command).then_refused("occurred_in_the_future")


def test_a_household_is_dissolved_after_what_is_told_of_it_and_once() -> None:
    home = people().when(form(LEA)).when(join())
    home.when(dissolve(date(2025, 6, 30))).then_refused("period_is_upside_down")
    home.when(dissolve()).then(HouseholdDissolved(on=SUMMER, reason="separation"))
    for command in (dissolve(), join(person=LEA_AGAIN), leave()):
        home.when(command).then_refused("household_is_dissolved")


def test_a_coming_is_not_annulled_before_its_leaving() -> None:
    home = people().when(form(LEA)).when(join()).when(leave(person=NOE))
    came = next(
        r
        for r in home.history
        if isinstance(r.fact, HouseholdMemberJoined) and r.fact.person == NOE
    )
    home.when(AnnulFact(stream=HOME, fact=Subject(came.id), reason="typing_error")).then_refused(
        "correction_breaks_history"
    )
