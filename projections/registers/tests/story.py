"""A story in which everything the registers know happens; the contract of modules reads it."""

from datetime import UTC, datetime

from core.directory.module import MODULE as DIRECTORY
from core.testing.scenario import Scenario
from projections.registers.module import MODULE
from projections.registers.tests.story_of_conventions import tell_of_conventions
from projections.registers.tests.story_of_experimentations import tell_of_experimentations
from projections.registers.tests.story_of_people import tell_of_people
from projections.registers.tests.story_of_professionals import tell_of_professionals
from projections.registers.tests.story_of_structures import tell_of_structures

SPRING = datetime(2026, 6, 1, 12, tzinfo=UTC)


def story() -> Scenario:
    """Each register is told of apart; later ones may rest on what earlier ones made."""
    told = Scenario(DIRECTORY, MODULE, now=SPRING)
    tell_of_structures(told)
    tell_of_professionals(told)
    tell_of_conventions(told)
    tell_of_people(told)
    tell_of_experimentations(told)
    return told
