from datetime import UTC, date, datetime

from core.domain.event import Fact, Subject
from core.registers.structures.events import (
    DataRoleLeft,
    DataRoleTaken,
    StructureClosed,
    StructureIdentifiersChanged,
    StructureRegistered,
    StructureRenamed,
)
from core.testing.scenario import Scenario, an_id
from projections.registers.module import MODULE
from projections.registers.structure_register import (
    STRUCTURE_REGISTER,
    DataPart,
    FormerName,
    StructureRow,
)

STRUCTURE = Subject(an_id(0x51))
REGISTERED = StructureRegistered(
    kinds=("association",), name="Aidants 05", siren="732829320", finess="750712185"
)


def row(*facts: Fact) -> StructureRow:
    """A structure registered on 2 January 2025, each fact a month later than the one before."""
    told = Scenario(MODULE)
    for month, fact in enumerate((REGISTERED, *facts), 1):
        at = datetime(2025, month, 2, 12, tzinfo=UTC)
        told.given(fact, stream=STRUCTURE, occurred_at=at)
    return told.rows(STRUCTURE_REGISTER)[(STRUCTURE,)]


def test_a_structure_is_found_by_its_siren() -> None:
    assert row().siren == "732829320"
    assert ("siren",) in STRUCTURE_REGISTER.indexes


def test_a_finess_number_whose_key_does_not_fit_is_flagged_until_it_changes() -> None:
    assert row().flags == ("finess_key",)
    assert row(StructureIdentifiersChanged(finess="750712184")).flags == ()
    assert row(StructureIdentifiersChanged()).flags == ()


def test_former_names_stay_with_the_day_they_were_given_up() -> None:
    renamed = row(StructureRenamed(name="Aider 05"), StructureRenamed(name="Aider"))
    assert renamed.name == "Aider"
    assert renamed.former_names == (
        FormerName(name="Aidants 05", until=date(2025, 2, 2)),
        FormerName(name="Aider 05", until=date(2025, 3, 2)),
    )


def test_who_decides_of_the_data_is_told_purpose_by_purpose_with_its_days() -> None:
    parts = row(
        DataRoleTaken(purpose="ravie", role="processor"),
        DataRoleTaken(purpose="ravie", role="controller"),
        DataRoleLeft(purpose="ravie"),
    ).data_roles
    february, march, april = (date(2025, month, 2) for month in (2, 3, 4))
    assert parts == (
        DataPart(purpose="ravie", role="processor", since=february, until=march),
        DataPart(purpose="ravie", role="controller", since=march, until=april),
    )


def test_a_closed_structure_stays_in_the_register() -> None:
    closed = row(StructureClosed(reason="fusion"))
    assert (closed.open, closed.closed_on, closed.closing_reason) == (
        False,
        date(2025, 2, 2),
        "fusion",
    )
