"""A person and a thing that another software knows."""

from core.domain.command import PersonRef, SubjectId
from core.domain.event import PersonId, Subject
from core.domain.sealed import Sealed
from core.external_ids.commands import LinkExternalId
from core.testing.scenario import Scenario, an_id
from projections.external_ids.module import MODULE

PERSON, THING = PersonRef(PersonId(an_id(1))), SubjectId(Subject(an_id(2)))


def story() -> Scenario:
    """Each is linked once."""
    told = Scenario(MODULE)
    for link, kind, person, thing in (
        (3, "person", PERSON, None),
        (4, "ravie.cycle", None, THING),
    ):
        command = LinkExternalId(
            link=SubjectId(Subject(an_id(link))),
            kind=kind,
            source="logiciel_paie",
            external_id=Sealed(f"jalon1.{person or thing}.1.AAAA"),
            person=person,
            thing=thing,
        )
        assert told.when(command).written
    return told
