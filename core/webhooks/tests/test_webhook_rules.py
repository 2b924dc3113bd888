"""The rules of webhooks."""

from datetime import timedelta

import msgspec
import pytest

from core.domain.event import Subject
from core.domain.sealed import Sealed
from core.module import Module
from core.testing.scenario import Scenario, an_id
from core.webhooks import commands as c
from core.webhooks import events as e
from core.webhooks.refusals import SENTENCES
from core.webhooks.state import WEBHOOK
from core.webhooks.wiring import DECISIONS, PERMISSIONS

ID = Subject(an_id(1))
TARGET, FIRST, SECOND = (Sealed(f"jalon1.{ID}.{number}.AAAA") for number in (1, 2, 3))
MODULE = Module(
    name="webhooks",
    title="Abonnements",
    version="1",
    facts=e.FACTS,
    aggregates=(WEBHOOK,),
    decisions=DECISIONS,
    permissions=PERMISSIONS,
    refusals=SENTENCES,
    always_on=True,
)
SUBSCRIBE = c.SubscribeWebhook(
    webhook=ID, names=("ravie.*", "ravie.*"), target=TARGET, secret=FIRST
)


@pytest.fixture
def subscribed() -> Scenario:
    told = Scenario(MODULE)
    told.when(SUBSCRIBE)
    return told


def test_a_webhook_names_each_of_its_facts_once(subscribed: Scenario) -> None:
    subscribed.then(e.WebhookSubscribed(names=("ravie.*",), target=TARGET, secret=FIRST))


@pytest.mark.parametrize("names", ["", "ravie", "*", "ravie.cycle", "Zoé.*", "ravie.*.v1"])
def test_facts_are_named_one_by_one_or_by_module(names: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(
            {"webhook": ID, "names": [names], "target": TARGET, "secret": FIRST}, c.SubscribeWebhook
        )


def test_after_a_rotation_the_former_secret_signs_for_the_hours_asked(subscribed: Scenario) -> None:
    until = subscribed.now + timedelta(hours=48)
    subscribed.when(c.RotateWebhookSecret(webhook=ID, secret=SECOND, overlap_hours=48)).then(
        e.WebhookSecretRotated(secret=SECOND, former_until=until)
    )


def test_a_webhook_is_paused_once_and_resumed_once(subscribed: Scenario) -> None:
    pause, resume = c.PauseWebhook(webhook=ID, reason="maintenance"), c.ResumeWebhook(webhook=ID)
    subscribed.when(resume).then_refused("webhook_is_not_paused")
    subscribed.when(pause).then(e.WebhookPaused(reason="maintenance"))
    subscribed.when(pause).then_refused("webhook_is_paused")
    subscribed.when(resume).then(e.WebhookResumed())


def test_a_paused_webhook_may_be_replayed(subscribed: Scenario) -> None:
    subscribed.when(c.PauseWebhook(webhook=ID, reason="maintenance"))
    subscribed.when(c.ReplayWebhook(webhook=ID, after=3)).then(e.WebhookReplayed(after=3))


def test_nothing_more_is_asked_of_a_removed_webhook(subscribed: Scenario) -> None:
    subscribed.when(c.RemoveWebhook(webhook=ID)).then(e.WebhookRemoved())
    for command in (
        c.RotateWebhookSecret(webhook=ID, secret=SECOND),
        c.PauseWebhook(webhook=ID, reason="maintenance"),
        c.ResumeWebhook(webhook=ID),
        c.ReplayWebhook(webhook=ID, after=0),
        c.RemoveWebhook(webhook=ID),
    ):
        subscribed.when(command).then_refused("webhook_is_removed")
