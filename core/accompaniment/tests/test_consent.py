from datetime import date
from typing import Any

import pytest

from core.accompaniment import events as e
from core.accompaniment.tests.scheme import (
    APPUI,
    CLINIC,
    JANUARY,
    JUNE,
    MARCH,
    PERSON,
    SCHOOL,
    Close,
    EndSharing,
    GiveConsent,
    Share,
    WithdrawConsent,
    opened,
)
from core.accompaniment.vocabulary import CHILD_PROTECTION
from core.domain.event import Subject
from core.testing.scenario import an_id

CONSENT, SHARING = Subject(an_id(20)), Subject(an_id(21))
SUIVI: dict[str, Any] = {"recipients": (CLINIC,), "purpose": "suivi", "starts": JANUARY}


def given_consent(**changes: Any) -> e.ConsentGiven:
    fields: dict[str, Any] = {
        "person": PERSON,
        "consent": CONSENT,
        "legal_basis": "L1110-4-III-consentement",
        "recipients": (CLINIC,),
        "purpose": "suivi",
        "starts": JANUARY,
        "ends": JUNE,
    }
    return e.ConsentGiven(**{**fields, **changes})


def share(**changes: Any) -> Share:
    fields: dict[str, Any] = {
        "accompaniment": APPUI,
        "sharing": SHARING,
        "legal_basis": "L1110-4-III-consentement",
        "recipients": (CLINIC,),
        "purpose": "suivi",
        "starts": MARCH,
        "ends": JUNE,
        "consent": CONSENT,
    }
    return Share(**{**fields, **changes})


def shared(consent: Subject | None = CONSENT) -> e.InformationSharingOpened:
    return e.InformationSharingOpened(
        person=PERSON,
        sharing=SHARING,
        legal_basis="L1110-4-III-consentement",
        recipients=(CLINIC,),
        purpose="suivi",
        starts=MARCH,
        ends=JUNE,
        consent=consent,
    )


def test_a_consent_is_recorded_with_its_article_recipients_purpose_and_dates() -> None:
    opened().when(
        GiveConsent(
            accompaniment=APPUI,
            consent=CONSENT,
            legal_basis="L1110-4-III-consentement",
            recipients=(CLINIC,),
            purpose="suivi",
            starts=JANUARY,
            ends=JUNE,
        )
    ).then(given_consent())


def test_the_child_protection_article_is_refused_outside_child_protection() -> None:
    command = share(legal_basis="L226-2-2", consent=None)
    opened().when(command).then_refused("article_covers_child_protection_only")
    opened(basis=CHILD_PROTECTION).when(command).then(
        e.InformationSharingOpened(
            person=PERSON,
            sharing=SHARING,
            legal_basis="L226-2-2",
            recipients=(CLINIC,),
            purpose="suivi",
            starts=MARCH,
            ends=JUNE,
        )
    )


def test_a_consent_cannot_rest_on_the_child_protection_article_either() -> None:
    opened().when(
        GiveConsent(accompaniment=APPUI, consent=CONSENT, legal_basis="L226-2-2", **SUIVI)
    ).then_refused("article_covers_child_protection_only")


def test_sharing_beyond_the_care_team_is_refused_without_consent() -> None:
    opened().when(share(consent=None)).then_refused("sharing_needs_consent")
    opened().when(share()).then_refused("consent_is_unknown")


def test_sharing_within_a_consent_is_accepted() -> None:
    opened().given(given_consent(), stream=APPUI).when(share()).then(shared())


@pytest.mark.parametrize(
    "changes",
    [
        {"recipients": (CLINIC, SCHOOL)},
        {"purpose": "orientation"},
        {"starts": date(2026, 1, 4)},
        {"ends": date(2026, 7, 1)},
        {"ends": None},
    ],
)
def test_sharing_more_than_the_person_agreed_to_is_refused(changes: dict[str, Any]) -> None:
    opened().given(given_consent(), stream=APPUI).when(share(**changes)).then_refused(
        "consent_does_not_cover_sharing"
    )


def test_a_consent_without_end_covers_a_sharing_without_end() -> None:
    story = opened().given(given_consent(ends=None), stream=APPUI).when(share(ends=None))
    assert len(story.written) == 1


def test_withdrawing_consent_ends_the_sharings_that_rest_on_it() -> None:
    may = date(2026, 5, 2)
    story = opened().given(given_consent(), shared(), stream=APPUI)
    story.when(WithdrawConsent(accompaniment=APPUI, consent=CONSENT, withdrawn_on=may)).then(
        e.ConsentWithdrawn(person=PERSON, consent=CONSENT, withdrawn_on=may),
        e.InformationSharingEnded(
            person=PERSON, sharing=SHARING, ended_on=may, reason="consent_withdrawn"
        ),
    )
    story.when(share(sharing=Subject(an_id(22)))).then_refused("consent_does_not_cover_sharing")
    story.when(
        WithdrawConsent(accompaniment=APPUI, consent=CONSENT, withdrawn_on=JUNE)
    ).then_refused("consent_is_already_withdrawn")


def test_withdrawing_consent_leaves_a_sharing_that_was_already_over_as_it_is() -> None:
    opened().given(given_consent(), shared(), stream=APPUI).when(
        WithdrawConsent(accompaniment=APPUI, consent=CONSENT, withdrawn_on=date(2026, 8, 1))
    ).then(e.ConsentWithdrawn(person=PERSON, consent=CONSENT, withdrawn_on=date(2026, 8, 1)))


def test_consent_can_be_withdrawn_and_sharing_ended_after_the_closure() -> None:
    story = opened().given(given_consent(), shared(consent=None), stream=APPUI)
    story.when(Close(accompaniment=APPUI, outcome="projet_abouti"))
    story.when(WithdrawConsent(accompaniment=APPUI, consent=CONSENT, withdrawn_on=MARCH))
    assert [fact.stored_name for fact in story.written] == ["accompaniment.consent_withdrawn.v1"]
    story.when(
        EndSharing(accompaniment=APPUI, sharing=SHARING, ended_on=JUNE, reason="fin_du_suivi")
    ).then(
        e.InformationSharingEnded(
            person=PERSON, sharing=SHARING, ended_on=JUNE, reason="fin_du_suivi"
        )
    )
    story.when(
        EndSharing(accompaniment=APPUI, sharing=SHARING, ended_on=JUNE, reason="fin_du_suivi")
    ).then_refused("sharing_is_already_ended")
    story.when(share(sharing=Subject(an_id(22)))).then_refused("accompaniment_is_closed")


def test_who_is_told_and_until_when_must_make_sense() -> None:
    opened().when(share(recipients=(), legal_basis="L121-6-2", consent=None)).then_refused(
        "recipients_are_missing"
    )
    opened().when(share(ends=JANUARY, legal_basis="L121-6-2", consent=None)).then_refused(
        "period_ends_before_it_starts"
    )
    story = opened().given(given_consent(), shared(), stream=APPUI)
    story.when(
        EndSharing(accompaniment=APPUI, sharing=SHARING, ended_on=JANUARY, reason="erreur")
    ).then_refused("period_ends_before_it_starts")
    story.when(
        WithdrawConsent(accompaniment=APPUI, consent=CONSENT, withdrawn_on=date(2026, 1, 1))
    ).then_refused("period_ends_before_it_starts")
    story.when(
        EndSharing(accompaniment=APPUI, sharing=CONSENT, ended_on=JUNE, reason="erreur")
    ).then_refused("sharing_is_unknown")
    story.when(
        WithdrawConsent(accompaniment=APPUI, consent=SHARING, withdrawn_on=JUNE)
    ).then_refused("consent_is_unknown")
    story.when(share()).then_refused("already_exists")
    story.when(
        GiveConsent(accompaniment=APPUI, consent=CONSENT, legal_basis="L121-6-2", **SUIVI)
    ).then_refused("already_exists")
