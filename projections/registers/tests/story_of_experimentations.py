"""The lieu ressources, as the source tells it: opened, extended, judged, concluded, spread."""

from datetime import date

from core.domain.event import Subject
from core.domain.sealed import Sealed
from core.registers.experimentations import commands as c
from core.registers.experimentations.vocabulary import Criterion
from core.registers.structures.commands import RegisterStructure
from core.testing.scenario import Scenario, an_id

LIEU, PARTNER = Subject(an_id(0x1501)), Subject(an_id(0x1502))
MEETING, ACTION = Subject(an_id(0x1503)), Subject(an_id(0x1504))
WORDS = Sealed(f"jalon1.{LIEU}.{an_id(0x1505)}.AAAA")
MEETING_DAY, REVIEW_DAY, END = date(2019, 10, 3), date(2020, 10, 15), date(2021, 12, 31)


def tell_of_experimentations(told: Scenario) -> None:
    """Everything that can happen to one, in the order in which it did."""
    for command in (
        RegisterStructure(structure=PARTNER, kinds=("partenaire",), called="Département des HA"),
        c.OpenExperimentation(
            experimentation=LIEU,
            scheme="lieu_ressources",
            title=WORDS,
            structure=PARTNER,
            territories=("05",),
            starts_on=date(2019, 9, 1),
            ends_on=date(2020, 12, 31),
            review_due_on=date(2020, 10, 31),
            criteria=(
                Criterion(code="frequentation", figure="visits", target=200),
                Criterion(code="isolement", figure="isolation"),
            ),
            sentences=(WORDS, WORDS),
        ),
        c.JoinProject(
            experimentation=LIEU,
            member=PARTNER,
            kind="structure",
            role="partenaire",
            since=date(2019, 9, 1),
        ),
        c.HoldProjectMeeting(
            experimentation=LIEU,
            meeting=MEETING,
            on=MEETING_DAY,
            present=(PARTNER,),
            volunteers=4,
            decisions=(WORDS,),
        ),
        c.MakeCommunication(
            experimentation=LIEU,
            action=ACTION,
            kind="inauguration",
            on=date(2019, 11, 14),
            title=WORDS,
        ),
        c.ReviewCriterion(
            experimentation=LIEU,
            stage="interim",
            criterion="frequentation",
            on=REVIEW_DAY,
            assessment="met",
            value=212,
            note=WORDS,
        ),
        c.ExtendExperimentation(experimentation=LIEU, to_on=END, reason="covid_19", note=WORDS),
        c.ReviewCriterion(
            experimentation=LIEU,
            stage="interim",
            criterion="isolement",
            on=date(2020, 11, 20),
            assessment="not_assessed",
            reason="covid_19",
        ),
        c.LeaveProject(
            experimentation=LIEU, member=PARTNER, on=date(2021, 6, 30), reason="elections"
        ),
        c.PublishKit(
            experimentation=LIEU, version="v1", audience="animateurs", on=date(2021, 10, 1)
        ),
        c.ConcludeExperimentation(
            experimentation=LIEU,
            on=date(2022, 1, 20),
            outcome="continued",
            spreading="with_conditions",
            conditions=WORDS,
        ),
        c.HandOverKit(experimentation=LIEU, version="v1", structure=PARTNER, on=date(2022, 2, 1)),
        c.SpreadExperimentation(
            experimentation=LIEU, territory="04", structure=PARTNER, on=date(2022, 3, 1)
        ),
    ):
        assert told.when(command).written, command.name
