"""Léa, entered twice, her mother, and a household that ends."""

from datetime import UTC, date, datetime

from core.directory.commands import CorrectIdentity
from core.domain.command import PersonRef
from core.domain.event import PersonId, Subject
from core.domain.sealed import Sealed
from core.registers.households import commands as h
from core.registers.people import commands as c
from core.registers.people.events import PersonRegistered
from core.testing.scenario import Scenario, an_id

LEA, LEA_AGAIN, MOTHER, TWIN = (PersonRef(PersonId(an_id(0x1100 + n))) for n in range(4))
HOME, MANDATE = Subject(an_id(0x1200)), Subject(an_id(0x1201))
GROUNDS = Sealed(f"jalon1.{LEA}.{an_id(0x1300)}.AAAA")
SPRING, LAST_YEAR = date(2026, 3, 2), datetime(2025, 3, 2, tzinfo=UTC)


def tell_of_people(told: Scenario) -> None:
    """What a file can hold, and both ways of a merge."""
    for person in (LEA, LEA_AGAIN, MOTHER, TWIN):
        told.given(PersonRegistered(person=person), stream=person, occurred_at=LAST_YEAR)
    for command in (
        CorrectIdentity(person=LEA, fields=("family_name",)),
        c.AppointRepresentative(
            person=LEA,
            representation=MANDATE,
            kind="parent",
            representative=Subject(MOTHER),
            representing="person",
            since=date(2010, 5, 4),
        ),
        c.EndRepresentation(person=LEA, representation=MANDATE, on=SPRING, reason="majority"),
        c.GiveNotice(person=LEA, version="2026-1", on=SPRING, means="paper"),
        c.RaiseOpposition(person=LEA, scope="statistics", on=SPRING, grounds=GROUNDS),
        c.WithdrawOpposition(person=LEA, scope="statistics", on=date(2026, 4, 1)),
        c.ProposeDuplicate(person=LEA, other=LEA_AGAIN, reason="same_phone", note=GROUNDS),
        c.DismissDuplicate(person=LEA, other=TWIN, reason="twins"),
        c.MergePersons(kept=LEA, merged=LEA_AGAIN, reason="entered_twice"),
        c.MergePersons(kept=LEA, merged=TWIN, reason="entered_twice"),
        c.UnmergePersons(merged=TWIN, reason="two_people"),
        h.FormHousehold(
            household=HOME,
            since=SPRING,
            members=(h.Member(person=MOTHER), h.Member(person=LEA, place="child")),
        ),
        h.JoinHousehold(household=HOME, person=TWIN, place="child", since=SPRING),
        h.LeaveHousehold(household=HOME, person=LEA, on=date(2026, 4, 1), reason="studies"),
        h.DissolveHousehold(household=HOME, on=date(2026, 5, 1), reason="separation"),
    ):
        assert told.when(command).written, command.name
