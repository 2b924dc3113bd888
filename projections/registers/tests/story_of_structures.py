"""Two structures, one of which ends."""

from core.domain.event import Subject
from core.registers.structures import commands as c
from core.testing.scenario import Scenario, an_id

ASSOCIATION, TRAINING_BODY = Subject(an_id(0x51)), Subject(an_id(0x52))


def tell_of_structures(told: Scenario) -> None:
    """One keeps on, under another name; the other is closed."""
    for command in (
        c.RegisterStructure(
            structure=ASSOCIATION,
            kinds=("association", "employeur"),
            called="Aidants des Hautes-Alpes",
            siret="73282932000074",
            finess="050000117",
        ),
        c.RegisterStructure(
            structure=TRAINING_BODY, kinds=("organisme_de_formation",), called="Former Demain"
        ),
        c.RenameStructure(structure=ASSOCIATION, called="Aidants 05"),
        c.ChangeKinds(structure=TRAINING_BODY, kinds=("organisme_de_formation", "partenaire")),
        c.ChangeIdentifiers(structure=TRAINING_BODY, siren="732829320"),
        c.TakeDataRole(structure=ASSOCIATION, purpose="ravie", role="controller"),
        c.TakeDataRole(structure=TRAINING_BODY, purpose="ravie", role="processor"),
        c.LeaveDataRole(structure=TRAINING_BODY, purpose="ravie"),
        c.CloseStructure(structure=TRAINING_BODY, reason="liquidation"),
    ):
        assert told.when(command).written, command.name
