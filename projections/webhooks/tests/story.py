"""A story in which everything that is decided about a webhook happens."""

from core.domain.command import Command
from core.domain.event import Subject
from core.domain.sealed import Sealed
from core.testing.scenario import Scenario, an_id
from core.webhooks import commands as c
from projections.webhooks.module import MODULE

WEBHOOK, OTHER = Subject(an_id(1)), Subject(an_id(2))
TARGET, FIRST, SECOND = (Sealed(f"jalon1.{WEBHOOK}.{number}.AAAA") for number in (1, 2, 3))


def story() -> Scenario:
    """One webhook is paused, resumed, replayed and removed; another one goes on."""
    told = Scenario(MODULE)
    for webhook, after in ((WEBHOOK, None), (OTHER, 7)):
        _tell(
            told,
            c.SubscribeWebhook(
                webhook=webhook,
                names=("ravie.*", "session.held.v1"),
                target=TARGET,
                secret=FIRST,
                after=after,
            ),
        )
    _tell(told, c.RotateWebhookSecret(webhook=WEBHOOK, secret=SECOND, overlap_hours=24))
    _tell(told, c.PauseWebhook(webhook=WEBHOOK, reason="maintenance"))
    _tell(told, c.ResumeWebhook(webhook=WEBHOOK))
    _tell(told, c.ReplayWebhook(webhook=WEBHOOK, after=3))
    _tell(told, c.RemoveWebhook(webhook=WEBHOOK))
    return told


def _tell(told: Scenario, command: Command) -> None:
    assert told.when(command).written, command.name
