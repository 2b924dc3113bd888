"""Structures to tell stories of."""

from core.domain.event import Fact, Subject
from core.registers.structures.events import StructureRegistered
from core.testing.scenario import Scenario, an_id
from projections.registers.module import MODULE

STRUCTURE_ID = Subject(an_id(0x51))
REGISTERED = StructureRegistered(
    kinds=("association",), name="Aidants 05", siren="732829320", siret="73282932000074"
)


def a_structure(*facts: Fact) -> Scenario:
    """One that was registered, and what happened to it since."""
    return Scenario(MODULE).given(REGISTERED, *facts, stream=STRUCTURE_ID)
