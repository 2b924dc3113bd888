"""The French sentences of what the directory and the vault refuse, and the refusals themselves."""

from core.domain.refusal import Refusal, Refused

SENTENCES = {
    "person_is_unknown": "Cette personne n'est pas dans l'annuaire de la collectivité.",
    "key_is_destroyed": "Les textes de ce dossier ont été effacés : il n'en reçoit plus.",
    "text_is_too_long": "Le texte dépasse la longueur autorisée ({limit} octets).",
    "person_is_another": "Cet identifiant est déjà celui d'une autre personne ou d'un dossier.",
    "name_has_no_letter": "Le nom doit comporter au moins une lettre.",
    "birth_date_in_the_future": "La date de naissance est dans le futur.",
}


def refusal(code: str, field: str | None = None, **values: str | int) -> Refusal:
    """A refusal with its sentence, for what is refused before any decision."""
    refused = Refused(code, field, values)
    return Refusal(refused, SENTENCES[code].format(**values))


class UnknownPerson(Refusal, LookupError):
    """The person was never registered in this tenant, or was erased."""

    def __init__(self, person: str) -> None:
        super().__init__(Refused("person_is_unknown"), SENTENCES["person_is_unknown"])
        self.person = person
