"""
What happens in an accompaniment, whatever the scheme: the facts every module shares.

Each names the person: under whose key its tokens stand, in whose timeline it is found.
"""

from datetime import date
from typing import ClassVar

from core.accompaniment.vocabulary import CarriedBy, LegalBasis, Provision
from core.domain.command import Code
from core.domain.event import Fact, PersonId, Subject
from core.domain.sealed import Sealed


class AccompanimentOpened(Fact, frozen=True, kw_only=True):
    """`eligibility` are administrative criteria; what tells of health goes in `circumstances`."""

    stored_name: ClassVar[str] = "accompaniment.opened.v1"

    scheme: Code
    person: PersonId
    household: Subject | None = None
    basis: Code
    eligibility: tuple[Code, ...] = ()
    circumstances: Sealed | None = None


class ExpectationsExpressed(Fact, frozen=True, kw_only=True):
    stored_name: ClassVar[str] = "accompaniment.expectations_expressed.v1"

    person: PersonId
    expectations: Sealed


class ConsentGiven(Fact, frozen=True, kw_only=True):
    """The person agrees that recipients know, for a purpose; the last day is included."""

    stored_name: ClassVar[str] = "accompaniment.consent_given.v1"

    person: PersonId
    consent: Subject
    legal_basis: LegalBasis
    recipients: tuple[Subject, ...]
    purpose: Code
    starts: date
    ends: date | None = None


class ConsentWithdrawn(Fact, frozen=True, kw_only=True):
    """From this day on the recipients may no longer be told."""

    stored_name: ClassVar[str] = "accompaniment.consent_withdrawn.v1"

    person: PersonId
    consent: Subject
    withdrawn_on: date


class InformationSharingOpened(Fact, frozen=True, kw_only=True):
    """Recipients are told what they need for a purpose; `consent` is the one it rests on."""

    stored_name: ClassVar[str] = "accompaniment.information_sharing_opened.v1"

    person: PersonId
    sharing: Subject
    legal_basis: LegalBasis
    recipients: tuple[Subject, ...]
    purpose: Code
    starts: date
    ends: date | None = None
    consent: Subject | None = None


class InformationSharingEnded(Fact, frozen=True, kw_only=True):
    stored_name: ClassVar[str] = "accompaniment.information_sharing_ended.v1"

    person: PersonId
    sharing: Subject
    ended_on: date
    reason: Code


class ReferentDesignated(Fact, frozen=True, kw_only=True):
    """`referent` is a professional, who may not be a user of the software."""

    stored_name: ClassVar[str] = "accompaniment.referent_designated.v1"

    person: PersonId
    referent: Subject
    function: Code
    starts: date


class ReferentChanged(Fact, frozen=True, kw_only=True):
    """From `starts` on, `referent` takes over from `former`."""

    stored_name: ClassVar[str] = "accompaniment.referent_changed.v1"

    person: PersonId
    former: Subject
    referent: Subject
    function: Code
    starts: date
    reason: Code


class ReferentEnded(Fact, frozen=True, kw_only=True):
    """The last day is `ends`; nobody takes over."""

    stored_name: ClassVar[str] = "accompaniment.referent_ended.v1"

    person: PersonId
    referent: Subject
    ends: date
    reason: Code


class ObjectiveSet(Fact, frozen=True, kw_only=True):
    stored_name: ClassVar[str] = "accompaniment.objective_set.v1"

    person: PersonId
    objective: Subject
    domain: Code
    wording: Sealed


class ActionPlanned(Fact, frozen=True, kw_only=True):
    """What will be done, by whom, with which partner, for which objective."""

    stored_name: ClassVar[str] = "accompaniment.action_planned.v1"

    person: PersonId
    action: Subject
    objective: Subject | None = None
    carried_by: CarriedBy
    partner: Subject | None = None
    provision: Provision
    due: date | None = None
    wording: Sealed | None = None


class ActionDone(Fact, frozen=True, kw_only=True):
    stored_name: ClassVar[str] = "accompaniment.action_done.v1"

    person: PersonId
    action: Subject


class ActionAbandoned(Fact, frozen=True, kw_only=True):
    stored_name: ClassVar[str] = "accompaniment.action_abandoned.v1"

    person: PersonId
    action: Subject
    reason: Code
    note: Sealed | None = None


class ContactRecorded(Fact, frozen=True, kw_only=True):
    """`from_person`: it emanates from the person, so retention counts from it."""

    stored_name: ClassVar[str] = "accompaniment.contact_recorded.v1"

    person: PersonId
    contact: Subject
    means: Code
    from_person: bool
    professional: Subject | None = None
    note: Sealed | None = None


class AccompanimentSuspended(Fact, frozen=True, kw_only=True):
    stored_name: ClassVar[str] = "accompaniment.suspended.v1"

    person: PersonId
    reason: Code
    note: Sealed | None = None


class AccompanimentResumed(Fact, frozen=True, kw_only=True):
    stored_name: ClassVar[str] = "accompaniment.resumed.v1"

    person: PersonId


class RuptureDeclared(Fact, frozen=True, kw_only=True):
    """The way of the person is broken, or about to be."""

    stored_name: ClassVar[str] = "accompaniment.rupture_declared.v1"

    person: PersonId
    rupture: Subject
    domain: Code
    note: Sealed | None = None


class RuptureAvoided(Fact, frozen=True, kw_only=True):
    """`solution` says what avoided it, as a code of the scheme."""

    stored_name: ClassVar[str] = "accompaniment.rupture_avoided.v1"

    person: PersonId
    rupture: Subject
    solution: Code
    note: Sealed | None = None


class AccompanimentClosed(Fact, frozen=True, kw_only=True):
    """For good: whoever comes back gets a new accompaniment."""

    stored_name: ClassVar[str] = "accompaniment.closed.v1"

    person: PersonId
    outcome: Code
    note: Sealed | None = None
