"""A play in which every request that RAVie takes is accepted; the tests of the API send them."""

import re
from io import BytesIO
from typing import Any

from pypdf import PdfReader

from tests.api.play import Play

_ANSWERS = {"isolement_1": 1, "bien_etre_1": 4}
_PDF = b"%PDF-1.7\n%%EOF\n"
_CHECK_CODE = re.compile(r"code de vérification ([0-9A-Z]{4}(?:-[0-9A-Z]{4})+)")
_HOURS = {
    "started_at": "2026-09-03T14:00:00+02:00",
    "ended_at": "2026-09-03T17:00:00+02:00",
}


def planning(api: Play) -> None:
    sessions, cycle, person = _planned(api)
    api("ravie_cycles_withdraw", cycle=cycle, person=_enrolled(api, cycle))
    api("ravie_sessions_move", session=sessions[4], starts_at="2026-12-03T14:00:00+01:00")
    api("ravie_sessions_cancel", session=sessions[4])
    api("ravie_cycles_add_session", cycle=cycle, starts_at="2026-12-10T14:00:00+01:00")
    api("ravie_sessions_invite", session=sessions[0], expert=_person(api))
    api("ravie_sessions_hold", session=sessions[0], **_HOURS)
    api("ravie_sessions_sign", session=sessions[0], person=person, minutes=180)
    api("ravie_sessions_count", session=sessions[0], headcount=2)
    scanned = api("ravie_sessions_scan_sheet", _PDF, session=sessions[0])
    api("ravie_sessions_read_scan", session=sessions[0], at_least=scanned["position"])
    api("ravie_cycles_gather_questions", cycle=cycle, session=sessions[0])
    api("ravie_cycles_record_production", cycle=cycle)
    api("ravie_interrupt_cycle", cycle=cycle)


def _planned(api: Play) -> tuple[list[str], str, str]:
    cycle = api("ravie_open_cycle")["id"]
    person = _enrolled(api, cycle)
    written = api("ravie_cycles_plan_sessions", cycle=cycle, first_on="2026-09-03", at="14:00")
    planned = api.facts(written, "session.planned")
    return [fact["stream"] for fact in planned], cycle, person


def freeing_a_place(api: Play) -> None:
    """The only place is freed, and offered to who waits."""
    cycle = api("ravie_open_cycle", capacity_min=1, capacity_max=1, outside_model=True)["id"]
    first = _enrolled(api, cycle)
    _enrolled(api, cycle)
    api("ravie_cycles_withdraw", cycle=cycle, person=first)
    api("ravie_cycles_offer_freed_place", cycle=cycle)


def closing(api: Play) -> tuple[str, str]:
    cycle = api("ravie_open_cycle", sessions=1, outside_model=True)["id"]
    person = _enrolled(api, cycle)
    written = api("ravie_cycles_plan_sessions", cycle=cycle, modalities=[])
    (planned,) = api.facts(written, "session.planned")
    api("ravie_sessions_hold", session=planned["stream"], **_HOURS)
    api("ravie_sessions_sign", session=planned["stream"], person=person, minutes=180)
    api("ravie_cycles_record_production", cycle=cycle)
    api("ravie_close_cycle", cycle=cycle)
    return cycle, person


def evaluating(api: Play) -> None:
    cycle = api("ravie_open_cycle")["id"]
    person = _enrolled(api, cycle)
    told = {"cycle": cycle, "person": person, "moment": "before", "texts": {}}
    evaluation = api("ravie_cycles_record_effects", **told)
    api("ravie_correct_evaluation", evaluation=evaluation["id"], texts={}, answers=_ANSWERS)
    api("ravie_annul_evaluation", evaluation=evaluation["id"])


def following_up(api: Play) -> None:
    cycle, person = closing(api)
    wave = api("ravie_open_wave", cycles=[cycle])["id"]
    api("ravie_waves_ask_people", wave=wave)
    api("ravie_waves_send_reminder", wave=wave, person=person)
    api("ravie_waves_record_no_answer", wave=wave, person=person)
    api("ravie_waves_record_answer", wave=wave, person=person)
    api("ravie_close_wave", wave=wave)


def training(api: Play) -> None:
    advised = api("ravie_training_advice_advise_training", person=_person(api))
    departure = advised["id"]
    api("ravie_read_departure", departure=departure, at_least=advised["position"])
    api("ravie_departures_enrol_in_training", departure=departure)
    api("ravie_departures_start_training", departure=departure)
    api("ravie_departures_complete_training", departure=departure)
    other = api("ravie_record_departure", person=_person(api))["id"]
    api("ravie_departures_abandon_training", departure=other)


def _enrolled(api: Play, cycle: str) -> str:
    person = _person(api)
    api("ravie_cycles_enrol", cycle=cycle, person=person, role="assistant_de_vie")
    return person


def _person(api: Play) -> str:
    registered: dict[str, Any] = api("people_register", family_name=f"Essai {api.number()}")
    person: str = registered["person"]
    return person


def attesting(api: Play) -> None:
    cycle, _ = closing(api)
    written = api("ravie_cycles_issue_attestations", cycle=cycle)
    (issued,) = written["items"]
    at = {"cycle": cycle, "attestation": issued["attestation"]}
    paper = api("ravie_cycles_print_attestation", **at, at_least=written["position"])
    # The code of the public check is nowhere else.
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(paper)).pages)
    found = _CHECK_CODE.search(text)
    assert found is not None, text
    api("ravie_check_attestation", number=issued["number"], check_code=found[1])
    api("ravie_cycles_withdraw_attestation", **at)


def opening_a_relais(api: Play) -> None:
    relais = api("ravie_open_relais")["id"]
    structure = api("structures_register", siren=None, siret=None, finess=None)["id"]
    api("ravie_relais_attach_partner", relais=relais, structure=structure)
    api("ravie_relais_detach_partner", relais=relais, structure=structure)
    api("ravie_relais_suspend", relais=relais)
    api("ravie_relais_resume", relais=relais)
    api("ravie_relais_close", relais=relais)


def programming(api: Play) -> None:
    theme = f"theme_{api.number()}"
    api("ravie_declare_theme", theme=theme)
    api("ravie_retire_theme", theme=theme)
    api("ravie_adopt_model")
    api("ravie_leave_model")


def designating(api: Play) -> None:
    cycle = api("ravie_open_cycle")["id"]
    structure = api("structures_register", siren=None, siret=None, finess=None)["id"]
    person = _person(api)
    professional = api("professionals_register", person=person, structure=structure)["id"]
    api("ravie_cycles_designate", cycle=cycle, animateur=professional)
    api("ravie_cycles_end", cycle=cycle)


def importing(api: Play) -> None:
    api("people_put_person", external_id=f"P-{api.number()}", family_name=f"Paie {api.number()}")
    cycle, person = f"C-{api.number()}", f"P-{api.number()}"
    api("people_put_person", external_id=person, family_name=f"Paie {api.number()}")
    api("ravie_put_cycle", external_id=cycle)
    api("ravie_put_participant", cycle=cycle, participant=person)


PLAYS = (
    planning,
    freeing_a_place,
    closing,
    evaluating,
    following_up,
    training,
    attesting,
    opening_a_relais,
    programming,
    designating,
    importing,
)
