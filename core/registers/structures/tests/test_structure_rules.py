from typing import Any

import pytest

from core.domain.command import Command
from core.domain.correction import AnnulFact, CorrectFact
from core.domain.event import Subject
from core.registers.structures.commands import (
    ChangeIdentifiers,
    ChangeKinds,
    CloseStructure,
    LeaveDataRole,
    RegisterStructure,
    RenameStructure,
    TakeDataRole,
)
from core.registers.structures.events import (
    DataRoleLeft,
    DataRoleTaken,
    StructureClosed,
    StructureIdentifiersChanged,
    StructureKindsChanged,
    StructureRegistered,
    StructureRenamed,
)
from core.registers.structures.tests.stories import REGISTERED, STRUCTURE_ID, a_structure
from core.testing.scenario import Scenario
from projections.registers.module import MODULE

CLOSED = StructureClosed(reason="liquidation")
CONTROLLER = DataRoleTaken(purpose="ravie", role="controller")


def register(**fields: Any) -> RegisterStructure:
    given = {"kinds": ("association",), "called": "Aidants 05", **fields}
    return RegisterStructure(structure=STRUCTURE_ID, **given)


def test_a_structure_may_be_known_by_its_name_alone() -> None:
    Scenario(MODULE).when(register()).then(
        StructureRegistered(kinds=("association",), name="Aidants 05")
    )


def test_a_siret_alone_gives_its_siren() -> None:
    Scenario(MODULE).when(register(siret="73282932000074")).then(REGISTERED)


def test_a_structure_is_each_kind_once() -> None:
    scenario = Scenario(MODULE).when(register(kinds=("partenaire", "association", "partenaire")))
    scenario.then(StructureRegistered(kinds=("association", "partenaire"), name="Aidants 05"))


@pytest.mark.parametrize(
    ("numbers", "code", "field"),
    [
        ({"siren": "123456789"}, "siren_is_invalid", "siren"),
        ({"siret": "12345678912345"}, "siret_is_invalid", "siret"),
        ({"siren": "356000000", "siret": "73282932000074"}, "siret_of_another_siren", "siret"),
    ],
)
def test_a_wrong_siren_or_siret_is_refused_with_its_field(
    numbers: dict[str, Any], code: str, field: str
) -> None:
    for scenario in (
        Scenario(MODULE).when(register(**numbers)),
        a_structure().when(ChangeIdentifiers(structure=STRUCTURE_ID, **numbers)),
    ):
        assert scenario.then_refused(code).refused.field == field


def test_an_establishment_of_la_poste_is_registered() -> None:
    scenario = Scenario(MODULE).when(register(siret="35600000049837"))
    (fact,) = scenario.written
    assert isinstance(fact, StructureRegistered)
    assert fact.siren == "356000000"


def test_a_finess_number_with_a_wrong_key_is_taken_as_it_is() -> None:
    scenario = Scenario(MODULE).when(register(finess="750712185"))
    scenario.then(
        StructureRegistered(kinds=("association",), name="Aidants 05", finess="750712185")
    )


def test_a_structure_is_renamed() -> None:
    scenario = a_structure().when(RenameStructure(structure=STRUCTURE_ID, called="Aider 05"))
    scenario.then(StructureRenamed(name="Aider 05"))


def test_what_a_structure_is_changes() -> None:
    kinds = ("association", "organisme_de_formation")
    scenario = a_structure().when(ChangeKinds(structure=STRUCTURE_ID, kinds=kinds))
    scenario.then(StructureKindsChanged(kinds=kinds))


def test_the_numbers_of_a_structure_change_all_at_once() -> None:
    scenario = a_structure().when(ChangeIdentifiers(structure=STRUCTURE_ID, siren="356000000"))
    scenario.then(StructureIdentifiersChanged(siren="356000000"))


@pytest.mark.parametrize(
    "command",
    [
        RenameStructure(structure=STRUCTURE_ID, called=REGISTERED.name),
        ChangeKinds(structure=STRUCTURE_ID, kinds=REGISTERED.kinds),
        ChangeIdentifiers(structure=STRUCTURE_ID, siret=REGISTERED.siret),
        TakeDataRole(structure=STRUCTURE_ID, purpose="ravie", role="controller"),
    ],
    ids=lambda command: command.name,
)
def test_what_changes_nothing_writes_nothing(command: Command) -> None:
    a_structure(CONTROLLER).when(command).then()


def test_a_structure_is_controller_or_processor_for_each_purpose() -> None:
    take = TakeDataRole(structure=STRUCTURE_ID, purpose="apv", role="processor")
    scenario = a_structure(CONTROLLER).when(take)
    scenario.then(DataRoleTaken(purpose="apv", role="processor"))
    scenario.when(LeaveDataRole(structure=STRUCTURE_ID, purpose="ravie"))
    scenario.then(DataRoleLeft(purpose="ravie"))


def test_a_part_that_is_not_held_is_not_left() -> None:
    leave = LeaveDataRole(structure=STRUCTURE_ID, purpose="apv")
    a_structure(CONTROLLER).when(leave).then_refused("data_role_not_held")


def test_a_structure_is_closed_once() -> None:
    close = CloseStructure(structure=STRUCTURE_ID, reason="liquidation")
    a_structure().when(close).then(CLOSED).when(close).then_refused("structure_is_closed")


@pytest.mark.parametrize(
    "command",
    [
        RenameStructure(structure=STRUCTURE_ID, called="Aider 05"),
        ChangeKinds(structure=STRUCTURE_ID, kinds=("service",)),
        ChangeIdentifiers(structure=STRUCTURE_ID),
        TakeDataRole(structure=STRUCTURE_ID, purpose="apv", role="controller"),
    ],
    ids=lambda command: command.name,
)
def test_a_closed_structure_changes_no_more(command: Command) -> None:
    a_structure(CLOSED).when(command).then_refused("structure_is_closed")


def test_a_closed_structure_may_still_say_that_it_holds_no_data() -> None:
    leave = LeaveDataRole(structure=STRUCTURE_ID, purpose="ravie")
    a_structure(CONTROLLER, CLOSED).when(leave).then(DataRoleLeft(purpose="ravie"))


def test_annulling_its_closing_opens_a_structure_again() -> None:
    scenario = a_structure(CLOSED)
    fact = Subject(scenario.history[-1].id)
    scenario.when(AnnulFact(stream=STRUCTURE_ID, fact=fact, reason="mistake"))
    scenario.when(RenameStructure(structure=STRUCTURE_ID, called="Aider 05"))
    scenario.then(StructureRenamed(name="Aider 05"))


@pytest.mark.parametrize("numbers", [{"siren": "123456789"}, {"siret": "73282932000075"}])
def test_a_wrong_number_does_not_come_in_by_a_correction(numbers: dict[str, str]) -> None:
    scenario = a_structure()
    fact = Subject(scenario.history[0].id)
    replacement = {"kinds": ["association"], "name": "Aidants 05", **numbers}
    correct = CorrectFact(
        stream=STRUCTURE_ID, fact=fact, replacement=replacement, reason="misspelt"
    )
    scenario.when(correct).then_refused("correction_breaks_history")
