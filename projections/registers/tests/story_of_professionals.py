"""Someone works for a structure, then for none."""

from core.domain.command import PersonRef
from core.domain.event import Subject
from core.registers.professionals import commands as c
from core.registers.professionals.events import AssignmentStarted
from core.testing.scenario import Scenario, an_id
from projections.registers.tests.story_of_structures import ASSOCIATION

PROFESSIONAL, ACCOUNT = Subject(an_id(0x61)), Subject(an_id(0x62))


def tell_of_professionals(told: Scenario) -> None:
    """An animatrice, later half a référente, who leaves."""
    register = c.RegisterProfessional(
        professional=PROFESSIONAL,
        person=PersonRef(an_id(0x1001)),
        structure=ASSOCIATION,
        function="animateur",
        etp_percent=80,
    )
    started = told.when(register).written[1]
    assert isinstance(started, AssignmentStarted)
    assignment = started.assignment
    for command in (
        c.ChangeWorkingTime(professional=PROFESSIONAL, assignment=assignment, etp_percent=60),
        c.StartAssignment(
            professional=PROFESSIONAL,
            structure=ASSOCIATION,
            function="referent_unique_rsa",
            etp_percent=40,
        ),
        c.RecordQualification(professional=PROFESSIONAL, qualification="deaes"),
        c.RecordTraining(
            professional=PROFESSIONAL, training="animation", minutes=840, by=ASSOCIATION
        ),
        c.LinkAccount(professional=PROFESSIONAL, account=ACCOUNT),
        c.UnlinkAccount(professional=PROFESSIONAL),
        c.EndAssignment(professional=PROFESSIONAL, assignment=assignment, reason="transfer"),
        c.EndEngagement(professional=PROFESSIONAL, reason="retirement"),
    ):
        assert told.when(command).written, command.name
