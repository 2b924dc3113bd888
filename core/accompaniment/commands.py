"""
What may be asked of an accompaniment.

These are shapes: a module subclasses the ones it offers and gives each its own `name`
(`apv.suspend_accompaniment`), so that it can add fields, permissions and rules of its own.
"""

from datetime import date

from core.accompaniment.vocabulary import CarriedBy, LegalBasis, Provision
from core.domain.command import Code, Command, PersonRef, SubjectId, Token


class OpenAccompaniment(Command, frozen=True, kw_only=True):
    """`circumstances` is under the person's key: what tells of health, why the person comes."""

    accompaniment: SubjectId
    person: PersonRef
    household: SubjectId | None = None
    basis: Code
    eligibility: tuple[Code, ...] = ()
    circumstances: Token | None = None


class ExpressExpectations(Command, frozen=True, kw_only=True):
    accompaniment: SubjectId
    expectations: Token


class GiveConsent(Command, frozen=True, kw_only=True):
    accompaniment: SubjectId
    consent: SubjectId
    legal_basis: LegalBasis
    recipients: tuple[SubjectId, ...]
    purpose: Code
    starts: date
    ends: date | None = None


class WithdrawConsent(Command, frozen=True, kw_only=True):
    accompaniment: SubjectId
    consent: SubjectId
    withdrawn_on: date


class OpenInformationSharing(Command, frozen=True, kw_only=True):
    accompaniment: SubjectId
    sharing: SubjectId
    legal_basis: LegalBasis
    recipients: tuple[SubjectId, ...]
    purpose: Code
    starts: date
    ends: date | None = None
    consent: SubjectId | None = None


class EndInformationSharing(Command, frozen=True, kw_only=True):
    accompaniment: SubjectId
    sharing: SubjectId
    ended_on: date
    reason: Code


class DesignateReferent(Command, frozen=True, kw_only=True):
    accompaniment: SubjectId
    referent: SubjectId
    function: Code
    starts: date


class ChangeReferent(Command, frozen=True, kw_only=True):
    accompaniment: SubjectId
    referent: SubjectId
    function: Code
    starts: date
    reason: Code


class EndReferent(Command, frozen=True, kw_only=True):
    accompaniment: SubjectId
    ends: date
    reason: Code


class SetObjective(Command, frozen=True, kw_only=True):
    accompaniment: SubjectId
    objective: SubjectId
    domain: Code
    wording: Token


class PlanAction(Command, frozen=True, kw_only=True):
    accompaniment: SubjectId
    action: SubjectId
    objective: SubjectId | None = None
    carried_by: CarriedBy
    partner: SubjectId | None = None
    provision: Provision
    due: date | None = None
    wording: Token | None = None


class FinishAction(Command, frozen=True, kw_only=True):
    accompaniment: SubjectId
    action: SubjectId


class AbandonAction(Command, frozen=True, kw_only=True):
    accompaniment: SubjectId
    action: SubjectId
    reason: Code
    note: Token | None = None


class RecordContact(Command, frozen=True, kw_only=True):
    accompaniment: SubjectId
    contact: SubjectId
    means: Code
    from_person: bool
    professional: SubjectId | None = None
    note: Token | None = None


class SuspendAccompaniment(Command, frozen=True, kw_only=True):
    accompaniment: SubjectId
    reason: Code
    note: Token | None = None


class ResumeAccompaniment(Command, frozen=True, kw_only=True):
    accompaniment: SubjectId


class DeclareRupture(Command, frozen=True, kw_only=True):
    accompaniment: SubjectId
    rupture: SubjectId
    domain: Code
    note: Token | None = None


class AvoidRupture(Command, frozen=True, kw_only=True):
    accompaniment: SubjectId
    rupture: SubjectId
    solution: Code
    note: Token | None = None


class CloseAccompaniment(Command, frozen=True, kw_only=True):
    accompaniment: SubjectId
    outcome: Code
    note: Token | None = None
