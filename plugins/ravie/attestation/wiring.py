"""Which command meets which rule, under which permission: attestations."""

from core.domain.decider import Decision
from plugins.ravie.attestation import commands, decisions
from plugins.ravie.attestation.events import FACTS
from plugins.ravie.attestation.state import ATTESTATIONS, NUMBERS
from plugins.ravie.cycle.state import CYCLE
from plugins.ravie.permissions import ATTEST

__all__ = ["AGGREGATES", "DECISIONS", "FACTS"]

AGGREGATES = (ATTESTATIONS, NUMBERS)

DECISIONS = (
    Decision(
        command=commands.IssueAttestations,
        aggregate=CYCLE,
        stream="cycle",
        decide=decisions.issue_attestations,
        permission=ATTEST.code,
        also=decisions.reads_hours_and_numbers,
    ),
    Decision(
        command=commands.WithdrawAttestation,
        aggregate=CYCLE,
        stream="cycle",
        decide=decisions.withdraw_attestation,
        permission=ATTEST.code,
        also=decisions.reads_its_attestations,
    ),
)
