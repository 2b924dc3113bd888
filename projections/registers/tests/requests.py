"""A play in which every request that the registers take is accepted."""

from tests.api.play import Play


def structures(api: Play) -> None:
    structure = _structure(api)
    api("structures_rename", structure=structure, name=f"Relais {api.number()}")
    api("structures_change_kinds", structure=structure, kinds=["employer"])
    api("structures_change_identifiers", structure=structure)
    api("structures_take_data_role", structure=structure)
    api("structures_leave_data_role", structure=structure)
    api("structures_close", structure=structure)
    api("put_structure", external_id=f"S-{api.number()}", siren=None, siret=None, finess=None)


def professionals(api: Play) -> None:
    structure = _structure(api)
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


def people(api: Play) -> None:
    person = _person(api)
    written = api(
        "people_appoint_representative",
        person=person,
        representing="person",
        representative=_person(api),
    )
    (appointed,) = api.facts(written, "directory.representative_appointed")
    representation = appointed["body"]["representation"]
    api("people_end_representation", person=person, representation=representation)
    api("people_give_notice", person=person)
    api("people_raise_opposition", person=person)
    api("people_withdraw_opposition", person=person)


def duplicates(api: Play) -> None:
    first, second, third = _person(api), _person(api), _person(api)
    api("people_propose_duplicate", person=first, other=second)
    api("people_dismiss_duplicate", person=first, other=second)
    api("people_propose_duplicate", person=first, other=third)
    api("merge_people", kept=first, merged=third)
    api("unmerge_people", merged=third)


def conventions(api: Play) -> None:
    structure = _structure(api)
    convention = _convention(api, structure)
    api("conventions_amend", convention=convention, ends_on="2027-12-31")
    api("conventions_lend", convention=convention, place=structure, by=structure)
    api("conventions_give_back", convention=convention, place=structure)
    for operation in ("conventions_deliver", "conventions_waive"):
        written = api("conventions_agree", convention=convention, by=structure)
        (agreed,) = api.facts(written, "registers.deliverable_agreed")
        at = {"convention": convention, "deliverable": agreed["body"]["deliverable"]}
        api("conventions_postpone", **at, due_on="2026-10-01")
        api(operation, **at)
    api("conventions_set_target", convention=convention)
    api("conventions_end", convention=convention)
    api("conventions_denounce", convention=_convention(api, structure), by=structure)


def _convention(api: Play, structure: str) -> str:
    convention: str = api("conventions_sign", parties=[structure], ends_on="2026-12-31")["id"]
    return convention


def households(api: Play) -> None:
    first, second = _person(api), _person(api)
    formed = api("form_household", members=[{"person": first, "place": "adult"}])
    household = formed["id"]
    api("people_list_households", person=first, at_least=formed["position"])
    api("join_household", household=household, person=second)
    api("leave_household", household=household, person=second)
    api("dissolve_household", household=household)


def _person(api: Play) -> str:
    person: str = api("people_register", family_name=f"Registre {api.number()}")["person"]
    return person


def experimentations(api: Play) -> None:
    structure = _structure(api)
    experimentation = _experimentation(api)
    at = {"experimentation": experimentation}
    api("extend_experimentation", **at, to_on="2022-12-31")
    joined = {**at, "member": structure}
    api("experimentations_join_project", **joined)
    api("experimentations_hold_project_meeting", **at, present=[structure])
    api("experimentations_leave_project", **joined, on="2020-12-15")
    api("experimentations_review_criterion", **at)
    api("experimentations_record_communication", **at)
    api("experimentations_publish_kit", **at)
    api("experimentations_hand_over_kit", **at, version="v1", structure=structure)
    api("conclude_experimentation", **at, on="2023-01-15")
    api("spread_experimentation", **at, territory="69D", on="2023-02-15")


def _experimentation(api: Play) -> str:
    experimentation: str = api("open_experimentation")["id"]
    return experimentation


def _structure(api: Play) -> str:
    structure: str = api("structures_register", siren=None, siret=None, finess=None)["id"]
    return structure


PLAYS = (structures, professionals, people, duplicates, conventions, households, experimentations)
