from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from core.accompaniment import events as e
from core.accompaniment.module import MODULE
from core.accompaniment.state import ACCOMPANIMENT, Accompaniment
from core.accompaniment.tests.scheme import (
    APPUI,
    APPUI_MODULE,
    CLINIC,
    JANUARY,
    JUNE,
    MARCH,
    MARTINE,
    OTHER_APPUI,
    PERSON,
    SAMIR,
    WORDS,
    AbandonAction,
    AvoidRupture,
    Change,
    Close,
    DeclareRupture,
    Designate,
    EndReferent,
    Express,
    FinishAction,
    Open,
    PlanAction,
    RecordContact,
    Resume,
    SetObjective,
    Suspend,
    opened,
)
from core.domain.command import Command
from core.domain.correction import AnnulFact
from core.domain.event import Subject
from core.testing.scenario import NOON, Scenario, an_id

OBJECTIVE, ACTION, RUPTURE, CONTACT = (Subject(an_id(number)) for number in range(30, 34))
CLOSED = e.AccompanimentClosed(person=PERSON, outcome="projet_abouti")
SUSPENDED = e.AccompanimentSuspended(person=PERSON, reason="hospitalisation")
PLANNED = e.ActionPlanned(
    person=PERSON, action=ACTION, carried_by="professional", provision="droit_commun"
)
DECLARED = e.RuptureDeclared(person=PERSON, rupture=RUPTURE, domain="education")
DESIGNATED = e.ReferentDesignated(person=PERSON, referent=MARTINE, function="ass", starts=JANUARY)

SUSPEND = Suspend(accompaniment=APPUI, reason="hospitalisation")
RESUME = Resume(accompaniment=APPUI)
CLOSE = Close(accompaniment=APPUI, outcome="projet_abouti")
PLAN = PlanAction(
    accompaniment=APPUI, action=ACTION, carried_by="professional", provision="droit_commun"
)
SET_OBJECTIVE = SetObjective(
    accompaniment=APPUI, objective=OBJECTIVE, domain="logement", wording=WORDS
)
DESIGNATE = Designate(accompaniment=APPUI, referent=MARTINE, function="ass", starts=JANUARY)
AVOID = AvoidRupture(accompaniment=APPUI, rupture=RUPTURE, solution="classe_relais")
CONTACT_MADE = RecordContact(
    accompaniment=APPUI, contact=CONTACT, means="telephone", from_person=True
)


def state_of(story: Scenario) -> Accompaniment:
    state = story.state(ACCOMPANIMENT, APPUI)
    assert isinstance(state, Accompaniment)
    return state


def test_it_opens_with_its_basis_and_eligibility_in_the_scheme_of_the_command() -> None:
    Scenario(MODULE, APPUI_MODULE).when(
        Open(
            accompaniment=APPUI,
            person=PERSON,
            basis="demande_de_la_personne",
            eligibility=("deux_services",),
            circumstances=WORDS,
        )
    ).then(
        e.AccompanimentOpened(
            scheme="appui",
            person=PERSON,
            basis="demande_de_la_personne",
            eligibility=("deux_services",),
            circumstances=WORDS,
        )
    )


def test_expectations_stay_sealed() -> None:
    opened().when(Express(accompaniment=APPUI, expectations=WORDS)).then(
        e.ExpectationsExpressed(person=PERSON, expectations=WORDS)
    )


def test_a_closed_accompaniment_is_never_resumed() -> None:
    story = opened().given(SUSPENDED, CLOSED, stream=APPUI)
    story.when(RESUME).then_refused("accompaniment_is_closed")


def test_whoever_comes_back_gets_a_new_accompaniment() -> None:
    story = opened().given(CLOSED, stream=APPUI)
    story.when(Open(accompaniment=APPUI, person=PERSON, basis="retour")).then_refused(
        "already_exists"
    )
    story.when(Open(accompaniment=OTHER_APPUI, person=PERSON, basis="retour"))
    assert story.state(ACCOMPANIMENT, OTHER_APPUI).closed_at is None
    assert state_of(story).closed_at == NOON


@pytest.mark.parametrize(
    "command",
    [
        Express(accompaniment=APPUI, expectations=WORDS),
        DESIGNATE,
        Change(accompaniment=APPUI, referent=SAMIR, function="ass", starts=MARCH, reason="depart"),
        SET_OBJECTIVE,
        PLAN,
        FinishAction(accompaniment=APPUI, action=ACTION),
        AbandonAction(accompaniment=APPUI, action=ACTION, reason="refus"),
        SUSPEND,
        DeclareRupture(accompaniment=APPUI, rupture=RUPTURE, domain="education"),
        CLOSE,
    ],
    ids=lambda command: command.name,
)
def test_nothing_is_planned_or_decided_once_it_is_closed(command: Command) -> None:
    opened().given(PLANNED, CLOSED, stream=APPUI).when(command).then_refused(
        "accompaniment_is_closed"
    )


def test_what_really_happened_is_recorded_even_after_the_closure() -> None:
    story = opened().given(DESIGNATED, DECLARED, CLOSED, stream=APPUI)
    story.when(CONTACT_MADE).then(
        e.ContactRecorded(person=PERSON, contact=CONTACT, means="telephone", from_person=True)
    )
    story.when(AVOID).then(
        e.RuptureAvoided(person=PERSON, rupture=RUPTURE, solution="classe_relais")
    )
    story.when(EndReferent(accompaniment=APPUI, ends=JUNE, reason="cloture")).then(
        e.ReferentEnded(person=PERSON, referent=MARTINE, ends=JUNE, reason="cloture")
    )


@pytest.mark.parametrize("command", [SET_OBJECTIVE, PLAN, SUSPEND], ids=lambda c: c.name)
def test_nothing_is_planned_while_it_is_suspended(command: Command) -> None:
    opened().given(SUSPENDED, stream=APPUI).when(command).then_refused("accompaniment_is_suspended")


def test_it_is_suspended_with_a_reason_and_resumed_once() -> None:
    story = opened().when(SUSPEND).then(SUSPENDED)
    story.when(RESUME).then(e.AccompanimentResumed(person=PERSON))
    story.when(RESUME).then_refused("accompaniment_is_not_suspended")


def test_the_accompaniment_of_another_scheme_does_not_exist_for_this_one() -> None:
    opened(scheme="referent_de_parcours").when(SUSPEND).then_refused("not_found")


def test_designations_are_dated_and_all_of_them_are_kept() -> None:
    story = opened().when(DESIGNATE).then(DESIGNATED)
    story.when(
        Change(accompaniment=APPUI, referent=SAMIR, function="cesf", starts=MARCH, reason="depart")
    ).then(
        e.ReferentChanged(
            person=PERSON,
            former=MARTINE,
            referent=SAMIR,
            function="cesf",
            starts=MARCH,
            reason="depart",
        )
    )
    story.when(EndReferent(accompaniment=APPUI, ends=JUNE, reason="fin_de_mission"))
    assert [(r.referent, r.starts, r.ends) for r in state_of(story).referents] == [
        (MARTINE, JANUARY, MARCH),
        (SAMIR, MARCH, JUNE),
    ]
    assert state_of(story).referent is None


def test_there_is_one_referent_at_a_time_and_never_before_the_last_one() -> None:
    story = opened()
    story.when(EndReferent(accompaniment=APPUI, ends=JUNE, reason="depart")).then_refused(
        "no_referent_is_designated"
    )
    change = Change(
        accompaniment=APPUI, referent=SAMIR, function="ass", starts=date(2026, 1, 4), reason="x"
    )
    story.when(change).then_refused("no_referent_is_designated")
    story.given(DESIGNATED, stream=APPUI)
    story.when(DESIGNATE).then_refused("referent_is_already_designated")
    story.when(change).then_refused("date_is_before_last_referent")
    story.when(
        Change(accompaniment=APPUI, referent=MARTINE, function="ass", starts=MARCH, reason="x")
    ).then_refused("referent_is_already_designated")
    story.when(
        EndReferent(accompaniment=APPUI, ends=date(2026, 1, 4), reason="depart")
    ).then_refused("date_is_before_last_referent")
    story.given(
        e.ReferentEnded(person=PERSON, referent=MARTINE, ends=MARCH, reason="depart"),
        stream=APPUI,
    )
    story.when(DESIGNATE).then_refused("date_is_before_last_referent")


def test_only_the_present_referent_is_related_to_the_accompaniment() -> None:
    story = opened()
    assert ACCOMPANIMENT.related(state_of(story)) == frozenset()
    story.given(DESIGNATED, stream=APPUI)
    assert ACCOMPANIMENT.related(state_of(story)) == {MARTINE}


def test_an_action_serves_an_objective_of_the_accompaniment_and_names_its_partner() -> None:
    def plan(**fields: Any) -> PlanAction:
        return PlanAction(
            accompaniment=APPUI,
            action=ACTION,
            objective=OBJECTIVE,
            carried_by="partner",
            provision="specialise",
            due=JUNE,
            **fields,
        )

    story = opened()
    story.when(plan(partner=CLINIC)).then_refused("objective_is_unknown")
    story.when(SET_OBJECTIVE).then(
        e.ObjectiveSet(person=PERSON, objective=OBJECTIVE, domain="logement", wording=WORDS)
    )
    story.when(SET_OBJECTIVE).then_refused("already_exists")
    story.when(plan()).then_refused("partner_is_missing")
    story.when(plan(partner=CLINIC)).then(
        e.ActionPlanned(
            person=PERSON,
            action=ACTION,
            objective=OBJECTIVE,
            carried_by="partner",
            partner=CLINIC,
            provision="specialise",
            due=JUNE,
        )
    )
    story.when(plan(partner=CLINIC)).then_refused("already_exists")


def test_a_planned_action_is_done_or_abandoned_with_a_reason_once() -> None:
    done = FinishAction(accompaniment=APPUI, action=ACTION)
    abandoned = AbandonAction(accompaniment=APPUI, action=ACTION, reason="refus", note=WORDS)
    opened().when(done).then_refused("action_is_unknown")
    story = opened().given(PLANNED, stream=APPUI)
    story.when(done).then(e.ActionDone(person=PERSON, action=ACTION))
    story.when(abandoned).then_refused("action_is_settled")
    story = opened().given(PLANNED, stream=APPUI)
    story.when(abandoned).then(
        e.ActionAbandoned(person=PERSON, action=ACTION, reason="refus", note=WORDS)
    )
    story.when(done).then_refused("action_is_settled")


def test_retention_counts_from_the_last_contact_that_emanates_from_the_person() -> None:
    march = datetime(2026, 3, 2, 9, tzinfo=UTC)

    def contact(number: int, *, from_person: bool) -> e.ContactRecorded:
        return e.ContactRecorded(
            person=PERSON, contact=Subject(an_id(number)), means="visite", from_person=from_person
        )

    story = opened()
    story.given(contact(60, from_person=True), stream=APPUI, occurred_at=march)
    story.given(
        contact(61, from_person=False), stream=APPUI, occurred_at=march + timedelta(days=30)
    )
    # Told late: it took place before the one in March.
    story.given(contact(62, from_person=True), stream=APPUI, occurred_at=NOON)
    assert state_of(story).last_contact_from_person == march


def test_a_contact_is_recorded_once() -> None:
    opened().when(CONTACT_MADE).when(CONTACT_MADE).then_refused("already_exists")


def test_a_rupture_is_declared_then_avoided_once() -> None:
    story = opened()
    story.when(AVOID).then_refused("rupture_is_unknown")
    declare = DeclareRupture(accompaniment=APPUI, rupture=RUPTURE, domain="education")
    story.when(declare).then(DECLARED)
    story.when(declare).then_refused("already_exists")
    story.when(AVOID)
    assert state_of(story).ruptures == {RUPTURE: "avoided"}
    story.when(AVOID).then_refused("rupture_is_already_avoided")


def test_annulling_what_a_later_fact_rests_on_is_refused() -> None:
    story = opened().given(PLANNED, stream=APPUI)
    planned = story.history[-1].id
    story.when(FinishAction(accompaniment=APPUI, action=ACTION))
    story.when(
        AnnulFact(stream=Subject(APPUI), fact=Subject(planned), reason="erreur")
    ).then_refused("correction_breaks_history")


def test_annulling_the_closure_opens_the_accompaniment_again() -> None:
    story = opened().given(CLOSED, stream=APPUI)
    closing = story.history[-1].id
    story.when(AnnulFact(stream=Subject(APPUI), fact=Subject(closing), reason="erreur"))
    story.when(PLAN).then(PLANNED)
