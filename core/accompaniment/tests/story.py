"""A story in which everything an accompaniment knows happens; the contract of modules reads it."""

from datetime import date

from core.accompaniment.module import MODULE
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
    GiveConsent,
    Open,
    PlanAction,
    RecordContact,
    Resume,
    SetObjective,
    Share,
    Suspend,
    WithdrawConsent,
)
from core.domain.event import Subject
from core.testing.scenario import Scenario, an_id

CONSENT, SHARING, OBJECTIVE, ACTION, OTHER_ACTION, CONTACT, RUPTURE = (
    Subject(an_id(number)) for number in range(10, 17)
)


def story() -> Scenario:
    """A person is accompanied from the first day to the closure, then comes back."""
    commands = (
        Open(
            accompaniment=APPUI,
            person=PERSON,
            household=Subject(an_id(20)),
            basis="demande_de_la_personne",
            eligibility=("deux_services",),
            circumstances=WORDS,
        ),
        Express(accompaniment=APPUI, expectations=WORDS),
        GiveConsent(
            accompaniment=APPUI,
            consent=CONSENT,
            legal_basis="L1110-4-III-consentement",
            recipients=(CLINIC,),
            purpose="suivi",
            starts=JANUARY,
            ends=JUNE,
        ),
        Share(
            accompaniment=APPUI,
            sharing=SHARING,
            legal_basis="L1110-4-III-consentement",
            recipients=(CLINIC,),
            purpose="suivi",
            starts=JANUARY,
            ends=JUNE,
            consent=CONSENT,
        ),
        Designate(accompaniment=APPUI, referent=MARTINE, function="ass", starts=JANUARY),
        SetObjective(accompaniment=APPUI, objective=OBJECTIVE, domain="logement", wording=WORDS),
        PlanAction(
            accompaniment=APPUI,
            action=ACTION,
            objective=OBJECTIVE,
            carried_by="partner",
            partner=CLINIC,
            provision="specialise",
            due=MARCH,
            wording=WORDS,
        ),
        PlanAction(
            accompaniment=APPUI,
            action=OTHER_ACTION,
            carried_by="person",
            provision="droit_commun",
        ),
        RecordContact(
            accompaniment=APPUI,
            contact=CONTACT,
            means="telephone",
            from_person=True,
            professional=MARTINE,
            note=WORDS,
        ),
        DeclareRupture(accompaniment=APPUI, rupture=RUPTURE, domain="education", note=WORDS),
        Suspend(accompaniment=APPUI, reason="hospitalisation", note=WORDS),
        Resume(accompaniment=APPUI),
        AvoidRupture(accompaniment=APPUI, rupture=RUPTURE, solution="classe_relais", note=WORDS),
        Change(accompaniment=APPUI, referent=SAMIR, function="cesf", starts=MARCH, reason="depart"),
        FinishAction(accompaniment=APPUI, action=ACTION),
        AbandonAction(accompaniment=APPUI, action=OTHER_ACTION, reason="refus", note=WORDS),
        WithdrawConsent(accompaniment=APPUI, consent=CONSENT, withdrawn_on=date(2026, 4, 1)),
        EndReferent(accompaniment=APPUI, ends=JUNE, reason="cloture"),
        Close(accompaniment=APPUI, outcome="projet_abouti", note=WORDS),
        Open(accompaniment=OTHER_APPUI, person=PERSON, basis="retour"),
    )
    told = Scenario(MODULE, APPUI_MODULE)
    for command in commands:
        assert told.when(command).written
    return told
