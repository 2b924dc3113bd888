"""
Who may be told what about a person, for how long, and under which article.

- L226-2-2 (code de l'action sociale et des familles) covers child protection only.
- L1110-4, III (code de la santé publique): beyond the care team, the person's prior consent.
"""

from datetime import date

from core.accompaniment import commands as c
from core.accompaniment import events as e
from core.accompaniment.guards import at_any_time, until_closed
from core.accompaniment.state import Accompaniment
from core.accompaniment.vocabulary import (
    CHILD_PROTECTION,
    CHILD_PROTECTION_ARTICLE,
    CONSENT_ARTICLE,
    LegalBasis,
)
from core.domain.decider import Context, Decided
from core.domain.event import PersonId, Subject
from core.domain.refusal import Refused


@until_closed
def give_consent(command: c.GiveConsent, state: Accompaniment, _context: Context) -> Decided:
    """The person agrees that these recipients know, for this purpose and these days."""
    if command.consent in state.consents:
        return Refused("already_exists", "consent")
    refused = _unless_lawful(
        command.legal_basis, command.recipients, command.starts, command.ends, state
    )
    if refused:
        return refused
    return [
        e.ConsentGiven(
            person=PersonId(state.person),
            consent=command.consent,
            legal_basis=command.legal_basis,
            recipients=command.recipients,
            purpose=command.purpose,
            starts=command.starts,
            ends=command.ends,
        )
    ]


@at_any_time
def withdraw_consent(
    command: c.WithdrawConsent, state: Accompaniment, _context: Context
) -> Decided:
    """The person no longer agrees: every sharing that rests on this consent ends with it."""
    consent = state.consents.get(command.consent)
    if consent is None:
        return Refused("consent_is_unknown", "consent")
    if consent.withdrawn_on is not None:
        return Refused("consent_is_already_withdrawn", "consent")
    if command.withdrawn_on < consent.starts:
        return Refused("period_ends_before_it_starts", "withdrawn_on")
    person = PersonId(state.person)
    return [
        e.ConsentWithdrawn(
            person=person, consent=command.consent, withdrawn_on=command.withdrawn_on
        ),
        *(
            e.InformationSharingEnded(
                person=person,
                sharing=Subject(key),
                ended_on=max(command.withdrawn_on, sharing.starts),
                reason="consent_withdrawn",
            )
            for key, sharing in state.sharings.items()
            if sharing.consent == command.consent
            and not sharing.ended
            and (sharing.ends is None or sharing.ends > command.withdrawn_on)
        ),
    ]


@until_closed
def open_information_sharing(
    command: c.OpenInformationSharing, state: Accompaniment, _context: Context
) -> Decided:
    """These recipients are told what they need, for this purpose and these days."""
    if command.sharing in state.sharings:
        return Refused("already_exists", "sharing")
    refused = _unless_lawful(
        command.legal_basis, command.recipients, command.starts, command.ends, state
    ) or _unless_agreed(command, state)
    if refused:
        return refused
    return [
        e.InformationSharingOpened(
            person=PersonId(state.person),
            sharing=command.sharing,
            legal_basis=command.legal_basis,
            recipients=command.recipients,
            purpose=command.purpose,
            starts=command.starts,
            ends=command.ends,
            consent=command.consent,
        )
    ]


@at_any_time
def end_information_sharing(
    command: c.EndInformationSharing, state: Accompaniment, _context: Context
) -> Decided:
    """The recipients are told nothing more after this day."""
    sharing = state.sharings.get(command.sharing)
    if sharing is None:
        return Refused("sharing_is_unknown", "sharing")
    if sharing.ended:
        return Refused("sharing_is_already_ended", "sharing")
    if command.ended_on < sharing.starts:
        return Refused("period_ends_before_it_starts", "ended_on")
    return [
        e.InformationSharingEnded(
            person=PersonId(state.person),
            sharing=command.sharing,
            ended_on=command.ended_on,
            reason=command.reason,
        )
    ]


def _unless_lawful(
    article: LegalBasis,
    recipients: tuple[Subject, ...],
    starts: date,
    ends: date | None,
    state: Accompaniment,
) -> Refused | None:
    # L226-2-2 CASF: shared secrecy between those who carry out child protection, and no other.
    if article == CHILD_PROTECTION_ARTICLE and state.basis != CHILD_PROTECTION:
        return Refused("article_covers_child_protection_only", "legal_basis")
    if not recipients:
        return Refused("recipients_are_missing", "recipients")
    if ends is not None and ends < starts:
        return Refused("period_ends_before_it_starts", "ends")
    return None


def _unless_agreed(command: c.OpenInformationSharing, state: Accompaniment) -> Refused | None:
    if command.consent is None:
        # L1110-4, III CSP: outside the care team nothing is shared without prior consent.
        needed = command.legal_basis == CONSENT_ARTICLE
        return Refused("sharing_needs_consent", "consent") if needed else None
    consent = state.consents.get(command.consent)
    if consent is None:
        return Refused("consent_is_unknown", "consent")
    asked = frozenset(map(str, command.recipients))
    if not consent.covers(asked, command.purpose, command.starts, command.ends):
        return Refused("consent_does_not_cover_sharing", "consent")
    return None
