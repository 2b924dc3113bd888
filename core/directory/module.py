"""The manifest of the people directory: every tenant has it."""

from core.directory.commands import RegisterPerson
from core.directory.decisions import register_person
from core.directory.events import PersonRegistered
from core.directory.refusals import SENTENCES
from core.directory.state import PERSON
from core.domain.decider import Decision
from core.module import Module, Permission, Role

REGISTER_PEOPLE = Permission("directory.register_people", "Inscrire une personne dans l'annuaire.")
SEARCH_PEOPLE = Permission(
    "directory.search_people", "Rechercher une personne par son nom et sa date de naissance."
)
READ_PEOPLE = Permission("directory.read_people", "Lire l'identité des personnes.")

MODULE = Module(
    name="directory",
    title="Annuaire des personnes",
    version="1",
    facts=(PersonRegistered,),
    aggregates=(PERSON,),
    decisions=(
        Decision(
            command=RegisterPerson,
            aggregate=PERSON,
            stream="person",
            decide=register_person,
            permission=REGISTER_PEOPLE.code,
            opens=True,
        ),
    ),
    permissions=(REGISTER_PEOPLE, SEARCH_PEOPLE, READ_PEOPLE),
    roles=(
        Role(
            code="accueil",
            title="Accueil et secrétariat",
            grants=(REGISTER_PEOPLE.code, SEARCH_PEOPLE.code, READ_PEOPLE.code),
        ),
    ),
    refusals=SENTENCES,
    always_on=True,
)
