"""
A fact as a CloudEvent 1.0, for whoever is told of facts: the stream of the API and webhooks alike.

    https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md

Attributes end up in the logs of those who carry events, so there is nobody in them: the subject is
the stream, but for the stream of a person, which has none. `data` is the body as it is stored, byte
for byte; its sealed texts stay sealed.
"""

from datetime import datetime

import msgspec

from core.event_store.stored import StoredFact
from core.tenancy import Tenant

MEDIA_TYPE = "application/cloudevents+json"
"""Of one event in structured mode."""

BATCH_MEDIA_TYPE = "application/cloudevents-batch+json"
"""Of several: a JSON array of them."""

JSON = "application/json"


class CloudEvent(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """
    One event in structured mode. `time` is when it happened.

    `recordedtime`, `correlationid` and `causationid` are documented extensions of CloudEvents;
    `position`, ours, is the fact's place in the tenant's history, from 1.
    """

    specversion: str
    id: str
    source: str
    type: str
    time: datetime
    datacontenttype: str
    data: msgspec.Raw
    subject: str | None = None
    recordedtime: datetime | None = None
    position: int | None = None
    correlationid: str | None = None
    causationid: str | None = None


def source_of(tenant: Tenant) -> str:
    """Where a tenant's events come from: with their id, it makes them unique."""
    return f"urn:jalon:{tenant.code}"


def cloud_event(tenant: Tenant, stored: StoredFact) -> CloudEvent:
    """A fact of a tenant as an event; the same fact is always the same event."""
    return CloudEvent(
        specversion="1.0",
        id=stored.id,
        source=source_of(tenant),
        type=stored.name,
        subject=None if stored.stream == stored.person else stored.stream,
        time=stored.occurred_at,
        recordedtime=stored.recorded_at,
        datacontenttype=JSON,
        position=stored.position,
        correlationid=stored.correlation,
        causationid=stored.causation,
        data=msgspec.Raw(stored.body),
    )


def encoded(event: CloudEvent) -> bytes:
    """The event as sent, and as signed."""
    return msgspec.json.encode(event)
