"""What may be asked about attestations. Both are asked of a cycle that is over."""

from typing import ClassVar

from core.domain.command import Code, Command, PersonRef, SubjectId


class IssueAttestations(Command, frozen=True, kw_only=True):
    """For one person, or for everybody who signed hours and has none that states them."""

    name: ClassVar[str] = "ravie.issue_attestations"

    cycle: SubjectId
    person: PersonRef | None = None


class WithdrawAttestation(Command, frozen=True, kw_only=True):
    name: ClassVar[str] = "ravie.withdraw_attestation"

    cycle: SubjectId
    attestation: SubjectId
    reason: Code
