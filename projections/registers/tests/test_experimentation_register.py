"""What the register says of an experimentation as it goes."""

from datetime import date

from core.domain.event import Subject
from core.registers.experimentations import commands as c
from core.registers.experimentations.tests.stories import (
    COUNCIL,
    END,
    ERGOLOGIC,
    JOINED,
    LATER,
    PLACE,
    REVIEW,
    START,
    concluded,
    experimentation,
    extending,
    joining,
    leaving,
    meeting,
    reviewed,
    reviewing,
    spreading,
)
from core.testing.scenario import Scenario, an_id
from projections.registers.experimentation_register import (
    EXPERIMENTATION_REGISTER,
    Due,
    ExperimentationRow,
)


def row_of(scenario: Scenario) -> ExperimentationRow:
    return scenario.rows(EXPERIMENTATION_REGISTER)[(PLACE,)]


def test_what_is_due_is_the_interim_review_then_the_end() -> None:
    row = row_of(experimentation())
    assert row.due == (Due(what="interim_review", on=REVIEW), Due(what="end", on=END))
    assert row.next_due_on == REVIEW
    half = experimentation(reviewed("frequentation"))
    assert (row_of(half).reviewed, row_of(half).unreviewed) == (1, ("isolement",))
    assert row_of(half).next_due_on == REVIEW
    whole = experimentation(reviewed("frequentation"), reviewed("isolement"))
    assert row_of(whole).due == (Due(what="end", on=END),)
    assert row_of(concluded()).due == ()


def test_an_extension_moves_the_end_and_says_from_when() -> None:
    row = row_of(experimentation().when(extending(review_due_on=date(2021, 6, 30))))
    assert (row.ends_on, row.review_due_on) == (LATER, date(2021, 6, 30))
    [extension] = row.extensions
    assert (extension.from_on, extension.to_on, extension.reason) == (END, LATER, "covid_19")


def test_attendance_is_told_by_partner_over_the_meetings_of_their_stay() -> None:
    scenario = experimentation(JOINED).when(joining(member=ERGOLOGIC, since=date(2020, 1, 1)))
    early = meeting(meeting=Subject(an_id(0x81)), on=date(2019, 12, 1))
    scenario.when(early).when(meeting(excused=(ERGOLOGIC,))).when(leaving())
    later = meeting(meeting=Subject(an_id(0x82)), on=date(2021, 2, 1), present=(ERGOLOGIC,))
    row = row_of(scenario.when(later))
    assert {one.member: (one.meetings, one.present, one.excused) for one in row.members} == {
        COUNCIL: (2, 2, 0),
        ERGOLOGIC: (2, 1, 1),
    }


def test_what_came_late_is_flagged() -> None:
    late = experimentation().when(reviewing(on=date(2020, 11, 20)))
    assert row_of(late).flags == ("review_late",)
    assert row_of(concluded()).flags == ("concluded_late",)


def test_spreading_against_the_conclusion_is_flagged() -> None:
    row = row_of(concluded(spreading="no").when(spreading()))
    assert row.flags == ("concluded_late", "spread_against_conclusion")
    assert [one.territory for one in row.spread] == ["04"]
    assert row_of(concluded().when(spreading())).flags == ("concluded_late",)


def test_kits_say_whom_they_were_handed_to() -> None:
    scenario = concluded()
    scenario.when(c.PublishKit(experimentation=PLACE, version="v1", audience="elus", on=START))
    scenario.when(c.HandOverKit(experimentation=PLACE, version="v1", structure=COUNCIL, on=END))
    [kit] = row_of(scenario).kits
    assert [(one.structure, one.on) for one in kit.handed] == [(COUNCIL, END)]
