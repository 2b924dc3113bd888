"""People to start a story from, in readable ids."""

from datetime import UTC, date, datetime

from core.directory.module import MODULE as DIRECTORY
from core.domain.command import PersonRef
from core.domain.event import PersonId, Subject
from core.domain.sealed import Sealed
from core.registers.people.events import PersonRegistered, RepresentativeAppointed
from core.testing.scenario import Scenario, an_id

LEA, LEA_AGAIN, NOE = (PersonRef(PersonId(an_id(0x1000 + n))) for n in range(3))
MOTHER, TUTELLE = Subject(an_id(0x2000)), Subject(an_id(0x2001))
MANDATE = Subject(an_id(0x3000))
KNOWN = datetime(2025, 3, 3, 10, tzinfo=UTC)
LATER = datetime(2025, 9, 1, 10, tzinfo=UTC)
TODAY, YESTERDAY = date(2026, 1, 15), date(2026, 1, 14)
GROUNDS = Sealed(f"jalon1.{LEA}.{an_id(9)}.grounds")

BY_HER_MOTHER = RepresentativeAppointed(
    person=LEA,
    representation=MANDATE,
    kind="parent",
    representative=MOTHER,
    representing="person",
    since=date(2010, 5, 4),
)


def people() -> Scenario:
    """Léa, whom somebody else registered again in September, and Noé."""
    scenario = Scenario(DIRECTORY)
    for person, at in ((LEA, KNOWN), (LEA_AGAIN, LATER), (NOE, KNOWN)):
        scenario.given(PersonRegistered(person=person), stream=person, occurred_at=at)
    return scenario
