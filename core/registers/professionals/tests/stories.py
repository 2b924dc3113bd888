"""Professionals to tell stories of."""

from datetime import UTC, datetime
from typing import Any

from core.domain.event import Fact, PersonId, Subject
from core.registers.professionals.events import AssignmentStarted, ProfessionalRegistered
from core.registers.structures.events import StructureRegistered
from core.testing.scenario import Scenario, an_id
from projections.registers.module import MODULE

PROFESSIONAL_ID, PERSON = Subject(an_id(0x61)), PersonId(an_id(0x1001))
OURS, THEIRS = Subject(an_id(0x51)), Subject(an_id(0x52))
FIRST, SECOND = Subject(an_id(0x71)), Subject(an_id(0x72))

REGISTERED = ProfessionalRegistered(person=PERSON)


def on(month: int, day: int) -> datetime:
    return datetime(2025, month, day, 9, tzinfo=UTC)


def assigned(assignment: Subject = FIRST, **fields: Any) -> AssignmentStarted:
    given = {"structure": OURS, "function": "animateur", "etp_percent": 80, **fields}
    return AssignmentStarted(person=PERSON, assignment=assignment, **given)


def two_structures() -> Scenario:
    scenario = Scenario(MODULE)
    for structure in (OURS, THEIRS):
        fact = StructureRegistered(kinds=("employeur",), name="Aidants 05")
        scenario.given(fact, stream=structure, occurred_at=on(1, 1))
    return scenario


def a_professional(*facts: Fact) -> Scenario:
    """Someone at work since March 2025, and what happened on 1 June."""
    scenario = two_structures()
    scenario.given(REGISTERED, assigned(), stream=PROFESSIONAL_ID, occurred_at=on(3, 1))
    return scenario.given(*facts, stream=PROFESSIONAL_ID, occurred_at=on(6, 1))
