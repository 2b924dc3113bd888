"""A play in which every request that RAVie takes is accepted; the tests of the API send them."""

from typing import Any

from tests.api.play import Play

_PDF = b"%PDF-1.7\n%%EOF\n"
_HOURS = {
    "started_at": "2026-09-03T14:00:00+02:00",
    "ended_at": "2026-09-03T17:00:00+02:00",
}


def play(api: Play) -> None:
    sessions, cycle, person = _planned(api)
    api("ravie_withdraw", cycle=cycle, person=_enrolled(api, cycle))
    api("ravie_move", session=sessions[4], starts_at="2026-12-03T14:00:00+01:00")
    api("ravie_cancel", session=sessions[4])
    api("ravie_add_session", cycle=cycle, starts_at="2026-12-10T14:00:00+01:00")
    api("ravie_invite", session=sessions[0], expert=_person(api))
    api("ravie_hold", session=sessions[0], **_HOURS)
    api("ravie_sign", session=sessions[0], person=person, minutes=180)
    api("ravie_count", session=sessions[0], headcount=2)
    api("ravie_scan_sheet", _PDF, session=sessions[0])
    api("ravie_gather_questions", cycle=cycle, session=sessions[0])
    api("ravie_record_production", cycle=cycle)
    _full(api)
    _closed(api)
    api("ravie_interrupt_cycle", cycle=cycle)


def _planned(api: Play) -> tuple[list[str], str, str]:
    cycle = api("ravie_open_cycle")["id"]
    person = _enrolled(api, cycle)
    written = api("ravie_plan_sessions", cycle=cycle, first_on="2026-09-03", at="14:00")
    planned = api.facts(written, "session.planned")
    return [fact["stream"] for fact in planned], cycle, person


def _full(api: Play) -> None:
    """The only place is freed, and offered to who waits."""
    cycle = api("ravie_open_cycle", capacity_min=1, capacity_max=1)["id"]
    first = _enrolled(api, cycle)
    _enrolled(api, cycle)
    api("ravie_withdraw", cycle=cycle, person=first)
    api("ravie_offer_freed_place", cycle=cycle)


def _closed(api: Play) -> None:
    cycle = api("ravie_open_cycle", sessions=1)["id"]
    person = _enrolled(api, cycle)
    written = api("ravie_plan_sessions", cycle=cycle, first_on="2026-09-03", at="14:00")
    (planned,) = api.facts(written, "session.planned")
    api("ravie_hold", session=planned["stream"], **_HOURS)
    api("ravie_sign", session=planned["stream"], person=person, minutes=180)
    api("ravie_record_production", cycle=cycle)
    api("ravie_close_cycle", cycle=cycle)


def _enrolled(api: Play, cycle: str) -> str:
    person = _person(api)
    api("ravie_enrol", cycle=cycle, person=person, role="assistant_de_vie")
    return person


def _person(api: Play) -> str:
    registered: dict[str, Any] = api("people_register", family_name=f"Essai {api.number()}")
    person: str = registered["person"]
    return person
