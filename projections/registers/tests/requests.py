"""A play in which every request that the registers take is accepted."""

from tests.api.play import Play


def play(api: Play) -> None:
    structure = _structures(api)
    _professionals(api, structure)
    _conventions(api, structure)
    _people(api)
    _duplicates(api)
    _households(api)


def _structures(api: Play) -> str:
    structure: str = api("structures_register", siren=None, siret=None, finess=None)["id"]
    api("structures_rename", structure=structure, name=f"Relais {api.number()}")
    api("structures_change_kinds", structure=structure, kinds=["employer"])
    api("structures_change_identifiers", structure=structure)
    api("structures_take_data_role", structure=structure)
    api("structures_leave_data_role", structure=structure)
    api("structures_close", structure=structure)
    still: str = api("structures_register", siren=None, siret=None, finess=None)["id"]
    return still


def _professionals(api: Play, structure: str) -> None:
    professional = api("professionals_register", person=_person(api), structure=structure)["id"]
    written = api(
        "professionals_start_assignment",
        professional=professional,
        structure=structure,
        function="job_coach",
    )
    (started,) = api.facts(written, "registers.assignment_started")
    at = {"professional": professional, "assignment": started["body"]["assignment"]}
    api("professionals_change_working_time", **at, etp_percent=50)
    api("professionals_end_assignment", **at)
    api("professionals_record_qualification", professional=professional)
    api("professionals_record_training", professional=professional, by=structure)
    account = f"0198c0de-0000-7000-8000-{api.number():012}"
    api("professionals_link_account", professional=professional, account=account)
    api("professionals_unlink_account", professional=professional)
    api("professionals_end_engagement", professional=professional)


def _conventions(api: Play, structure: str) -> None:
    signed = {"parties": [structure], "starts_on": "2026-01-01", "ends_on": "2026-12-31"}
    convention = api("conventions_sign", **signed)["id"]
    api("conventions_amend", convention=convention, ends_on="2027-12-31")
    place = f"0198c0de-0000-7000-9000-{api.number():012}"
    api("conventions_lend", convention=convention, place=place, by=structure)
    api("conventions_give_back", convention=convention, place=place)
    api("conventions_set_target", convention=convention, value=api.number())
    for settle in ("conventions_deliver", "conventions_waive"):
        written = api("conventions_agree", convention=convention, by=structure)
        (agreed,) = api.facts(written, "registers.deliverable_agreed")
        due = {"convention": convention, "deliverable": agreed["body"]["deliverable"]}
        api("conventions_postpone", **due, due_on="2027-06-30")
        api(settle, **due)
    api("conventions_end", convention=convention)
    denounced = api("conventions_sign", **signed)["id"]
    api("conventions_denounce", convention=denounced, by=structure)


def _people(api: Play) -> None:
    person = _person(api)
    written = api(
        "people_appoint_representative",
        person=person,
        representing="person",
        representative=_person(api),
    )
    (appointed,) = api.facts(written, "registers.representative_appointed")
    representation = appointed["body"]["representation"]
    api("people_end_representation", person=person, representation=representation)
    api("people_give_notice", person=person)
    api("people_raise_opposition", person=person)
    api("people_withdraw_opposition", person=person)


def _duplicates(api: Play) -> None:
    first, second, third = _person(api), _person(api), _person(api)
    api("people_propose", person=first, other=second)
    api("people_dismiss", person=first, other=second)
    api("people_propose", person=first, other=third)
    api("people_merge", kept=first, merged=third)
    api("people_unmerge", merged=third)


def _households(api: Play) -> None:
    first, second = _person(api), _person(api)
    household = api("households_form", members=[{"person": first, "place": "adult"}])["id"]
    api("households_join", household=household, person=second)
    api("households_leave", household=household, person=second)
    api("households_dissolve", household=household)


def _person(api: Play) -> str:
    person: str = api("people_register", family_name=f"Registre {api.number()}")["person"]
    return person
