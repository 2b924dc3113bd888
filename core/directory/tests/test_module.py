from core.catalogue import Catalogue
from core.directory.commands import RegisterPerson
from core.directory.module import MODULE
from core.domain.event import PersonId, encode_fact, person_of
from core.registers.people.events import PersonRegistered
from core.registers.people.state import PERSON, Person
from core.testing.scenario import NOON, Scenario, an_id

PERSON_ID = PersonId(an_id(7))
REGISTERED = PersonRegistered(person=PERSON_ID)


def test_a_person_is_registered_in_their_own_stream() -> None:
    scenario = Scenario(MODULE).when(RegisterPerson(person=PERSON_ID)).then(REGISTERED)
    assert scenario.history[0].stream == PERSON_ID
    assert scenario.state(PERSON, PERSON_ID) == Person(id=PERSON_ID, known_since=NOON)


def test_a_person_is_registered_once() -> None:
    Scenario(MODULE).given(REGISTERED, stream=PERSON_ID).when(
        RegisterPerson(person=PERSON_ID)
    ).then_refused("already_exists")


def test_the_fact_is_about_the_person_and_says_nothing_else() -> None:
    assert person_of(REGISTERED) == PERSON_ID
    assert encode_fact(REGISTERED) == f'{{"person":"{PERSON_ID}"}}'.encode()


def test_the_stored_fact_of_the_first_version_decodes_for_ever() -> None:
    registry = Catalogue([MODULE]).registry
    stored = f'{{"person":"{PERSON_ID}"}}'.encode()
    assert registry.decode("directory.person_registered.v1", stored) == REGISTERED


def test_every_command_asks_for_a_permission_the_module_declares() -> None:
    declared = {permission.code for permission in MODULE.permissions}
    assert {decision.permission for decision in MODULE.decisions} <= declared
    assert MODULE.always_on
