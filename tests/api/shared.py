"""The play of the routes that belong to no module."""

from tests.api.play import Play


def play(api: Play) -> None:
    api.knows(name="ravie.hours_signed")
    person = api("people_register", family_name=f"Exemple {api.number()}")
    api("people_search")
    written = api("ravie_open_cycle")
    enrolled = api("ravie_enrol", cycle=written["id"], person=person["person"])
    (fact,) = api.facts(enrolled, "ravie.participant_enrolled")
    api(
        "corrections_correct",
        stream=written["id"],
        fact=fact["id"],
        replacement=fact["body"] | {"role": "proche_aidant"},
    )
    api("corrections_annul", stream=written["id"], fact=fact["id"])
