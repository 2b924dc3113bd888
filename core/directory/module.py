"""The manifest of the people directory: every tenant has it."""

from core.directory.commands import CorrectIdentity, RegisterPerson
from core.directory.decisions import correct_identity, register_person
from core.directory.refusals import SENTENCES
from core.domain.decider import Decision
from core.module import Module, Permission, Role
from core.registers.people import wiring as files
from core.registers.people.events import FACTS
from core.registers.people.refusals import SENTENCES as REFUSED_BY_FILES
from core.registers.people.state import PERSON

REGISTER_PEOPLE = Permission("directory.register_people", "Inscrire une personne dans l'annuaire.")
SEARCH_PEOPLE = Permission(
    "directory.search_people", "Rechercher une personne par son nom et sa date de naissance."
)
READ_PEOPLE = Permission("directory.read_people", "Lire l'identité des personnes.")

MODULE = Module(
    name="directory",
    title="Annuaire des personnes",
    version="1",
    facts=FACTS,
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
        Decision(
            command=CorrectIdentity,
            aggregate=PERSON,
            stream="person",
            decide=correct_identity,
            permission=REGISTER_PEOPLE.code,
        ),
        *files.DECISIONS,
    ),
    permissions=(REGISTER_PEOPLE, SEARCH_PEOPLE, READ_PEOPLE, *files.PERMISSIONS),
    roles=(
        Role(
            code="accueil",
            title="Accueil et secrétariat",
            grants=(REGISTER_PEOPLE.code, SEARCH_PEOPLE.code, READ_PEOPLE.code),
        ),
        Role(
            code="tenue_des_dossiers",
            title="Tenue des dossiers des personnes et des doublons",
            grants=(
                SEARCH_PEOPLE.code,
                READ_PEOPLE.code,
                *(permission.code for permission in files.PERMISSIONS),
            ),
        ),
    ),
    refusals={**SENTENCES, **REFUSED_BY_FILES},
    always_on=True,
)
