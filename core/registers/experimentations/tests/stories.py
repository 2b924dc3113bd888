"""The lieu ressources of the source: 2019 to December 2020, extended to December 2021."""

from datetime import UTC, date, datetime
from typing import Any

import msgspec

from core.directory.module import MODULE as DIRECTORY
from core.domain.event import PersonId, Subject
from core.domain.sealed import Sealed
from core.registers.experimentations import commands as c
from core.registers.experimentations.events import (
    CriterionReviewed,
    ExperimentationConcluded,
    ExperimentationOpened,
    ProjectMemberJoined,
)
from core.registers.experimentations.vocabulary import Criterion
from core.registers.professionals.events import ProfessionalRegistered
from core.registers.structures.events import StructureRegistered
from core.testing.scenario import Scenario, an_id
from projections.registers.module import MODULE as REGISTERS

PLACE = Subject(an_id(0x71))
ERGOLOGIC, COUNCIL, NOWHERE = (Subject(an_id(0x72 + n)) for n in range(3))
ANIMATRICE = Subject(an_id(0x76))
NOW = datetime(2022, 3, 1, 11, tzinfo=UTC)
START, END, REVIEW = date(2019, 9, 1), date(2020, 12, 31), date(2020, 10, 31)
LATER, CONCLUDED_ON, TOMORROW = date(2021, 12, 31), date(2022, 1, 20), date(2022, 3, 2)
TITLE, SAID = (Sealed(f"jalon1.{PLACE}.{an_id(8 + n)}.AAAA") for n in range(2))
CRITERIA = (
    Criterion(code="frequentation", figure="visits", target=200),
    Criterion(code="isolement", figure="isolation"),
)

OPENED = ExperimentationOpened(
    scheme="lieu_ressources",
    title=TITLE,
    structure=ERGOLOGIC,
    territories=("05",),
    starts_on=START,
    ends_on=END,
    review_due_on=REVIEW,
    criteria=CRITERIA,
    sentences=(SAID, SAID),
)
JOINED = ProjectMemberJoined(member=COUNCIL, kind="structure", role="partenaire", since=START)
CONCLUDED = ExperimentationConcluded(on=CONCLUDED_ON, outcome="continued", spreading="yes")


def reviewed(criterion: str, **changes: Any) -> CriterionReviewed:
    usual: dict[str, Any] = {"stage": "interim", "on": REVIEW, "assessment": "met"}
    return CriterionReviewed(criterion=criterion, **{**usual, **changes})


def registers() -> Scenario:
    """Two structures and a professional of the registers."""
    scenario = Scenario(DIRECTORY, REGISTERS, now=NOW)
    for structure, name in ((ERGOLOGIC, "Ergologic"), (COUNCIL, "Conseil départemental")):
        scenario.given(StructureRegistered(kinds=("partenaire",), name=name), stream=structure)
    person = PersonId(an_id(0x77))
    return scenario.given(ProfessionalRegistered(person=person), stream=ANIMATRICE)


def experimentation(*facts: Any) -> Scenario:
    """An experimentation that is open, with what then happened."""
    return registers().given(OPENED, *facts, stream=PLACE)


def concluded(**changes: Any) -> Scenario:
    last = msgspec.structs.replace(CONCLUDED, **changes)
    return experimentation(reviewed("frequentation"), reviewed("isolement"), last)


def opening(**changes: Any) -> c.OpenExperimentation:
    usual: dict[str, Any] = {
        "experimentation": PLACE,
        "scheme": "lieu_ressources",
        "title": TITLE,
        "structure": ERGOLOGIC,
        "territories": ("05",),
        "starts_on": START,
        "ends_on": END,
        "review_due_on": REVIEW,
        "criteria": CRITERIA,
        "sentences": (SAID, SAID),
    }
    return c.OpenExperimentation(**{**usual, **changes})


def extending(**changes: Any) -> c.ExtendExperimentation:
    usual: dict[str, Any] = {"experimentation": PLACE, "to_on": LATER, "reason": "covid_19"}
    return c.ExtendExperimentation(**{**usual, **changes})


def reviewing(**changes: Any) -> c.ReviewCriterion:
    usual: dict[str, Any] = {
        "experimentation": PLACE,
        "stage": "interim",
        "criterion": "frequentation",
        "on": REVIEW,
        "assessment": "met",
    }
    return c.ReviewCriterion(**{**usual, **changes})


def communicating(**changes: Any) -> c.MakeCommunication:
    usual: dict[str, Any] = {
        "experimentation": PLACE,
        "action": Subject(an_id(0x78)),
        "kind": "inauguration",
        "on": START,
        "title": SAID,
    }
    return c.MakeCommunication(**{**usual, **changes})


def publishing(**changes: Any) -> c.PublishKit:
    usual: dict[str, Any] = {
        "experimentation": PLACE,
        "version": "v1",
        "audience": "animateurs",
        "on": LATER,
    }
    return c.PublishKit(**{**usual, **changes})


def handing(**changes: Any) -> c.HandOverKit:
    usual: dict[str, Any] = {
        "experimentation": PLACE,
        "version": "v1",
        "structure": COUNCIL,
        "on": CONCLUDED_ON,
    }
    return c.HandOverKit(**{**usual, **changes})


def concluding(**changes: Any) -> c.ConcludeExperimentation:
    usual: dict[str, Any] = {
        "experimentation": PLACE,
        "on": CONCLUDED_ON,
        "outcome": "continued",
        "spreading": "yes",
    }
    return c.ConcludeExperimentation(**{**usual, **changes})


def spreading(**changes: Any) -> c.SpreadExperimentation:
    usual: dict[str, Any] = {
        "experimentation": PLACE,
        "territory": "04",
        "on": date(2022, 2, 1),
    }
    return c.SpreadExperimentation(**{**usual, **changes})


def joining(**changes: Any) -> c.JoinProject:
    usual: dict[str, Any] = {
        "experimentation": PLACE,
        "member": COUNCIL,
        "kind": "structure",
        "role": "partenaire",
        "since": START,
    }
    return c.JoinProject(**{**usual, **changes})


def leaving(**changes: Any) -> c.LeaveProject:
    usual: dict[str, Any] = {
        "experimentation": PLACE,
        "member": COUNCIL,
        "on": END,
        "reason": "reorganisation",
    }
    return c.LeaveProject(**{**usual, **changes})


def meeting(**changes: Any) -> c.HoldProjectMeeting:
    usual: dict[str, Any] = {
        "experimentation": PLACE,
        "meeting": Subject(an_id(0x79)),
        "on": REVIEW,
        "present": (COUNCIL,),
        "volunteers": 3,
        "decisions": (SAID,),
    }
    return c.HoldProjectMeeting(**{**usual, **changes})
