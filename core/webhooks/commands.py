"""What may be asked of a webhook."""

from typing import Annotated, ClassVar

import msgspec

from core.domain.command import Code, Command, SubjectId, Token
from core.webhooks.vocabulary import FactNames

Names = Annotated[tuple[FactNames, ...], msgspec.Meta(min_length=1, max_length=100)]
AfterPosition = Annotated[int, msgspec.Meta(ge=0, le=2**53)]
OverlapHours = Annotated[int, msgspec.Meta(ge=0, le=168)]


class SubscribeWebhook(Command, frozen=True, kw_only=True):
    """`target` and `secret` are under the key of the webhook."""

    name: ClassVar[str] = "webhooks.subscribe_webhook"

    webhook: SubjectId
    names: Names
    target: Token
    secret: Token
    after: AfterPosition | None = None


class RotateWebhookSecret(Command, frozen=True, kw_only=True):
    """The former secret goes on signing for so many hours."""

    name: ClassVar[str] = "webhooks.rotate_webhook_secret"

    webhook: SubjectId
    secret: Token
    overlap_hours: OverlapHours = 24


class PauseWebhook(Command, frozen=True, kw_only=True):
    name: ClassVar[str] = "webhooks.pause_webhook"

    webhook: SubjectId
    reason: Code


class ResumeWebhook(Command, frozen=True, kw_only=True):
    name: ClassVar[str] = "webhooks.resume_webhook"

    webhook: SubjectId


class ReplayWebhook(Command, frozen=True, kw_only=True):
    name: ClassVar[str] = "webhooks.replay_webhook"

    webhook: SubjectId
    after: AfterPosition


class RemoveWebhook(Command, frozen=True, kw_only=True):
    name: ClassVar[str] = "webhooks.remove_webhook"

    webhook: SubjectId
