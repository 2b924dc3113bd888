"""What those who are told of facts receive."""

import json
from datetime import UTC, datetime

from core.event_store.cloud_event import cloud_event, encoded
from core.event_store.stored import StoredFact
from core.tenancy import Tenant
from core.testing.scenario import an_id

TENANT = Tenant(
    code="05D",
    name="Hautes-Alpes",
    stream=an_id(9),
    placement="main",
    facts_schema="facts_05d",
    read_schema="read_05d",
    serving_role="s",
    projector_role="p",
)
FACT = StoredFact(
    position=12,
    id=an_id(1),
    stream=an_id(2),
    version=3,
    name="essai.chose_arrivee.v1",
    occurred_at=datetime(2026, 1, 15, 13, tzinfo=UTC),
    recorded_at=datetime(2026, 1, 16, 8, 30, tzinfo=UTC),
    actor="secretaire",
    person=an_id(4),
    command=an_id(5),
    correlation=an_id(6),
    causation=None,
    body=b'{"person":"p","minutes":180}',
)


def test_an_event_has_what_the_specification_requires_and_the_body_as_stored() -> None:
    sent = encoded(cloud_event(TENANT, FACT))
    event = json.loads(sent)
    assert event["specversion"] == "1.0"
    assert event["id"] == FACT.id
    assert event["source"] == "urn:jalon:05D"
    assert event["type"] == FACT.name
    assert event["subject"] == FACT.stream
    assert event["time"] == "2026-01-15T13:00:00Z"
    assert event["recordedtime"] == "2026-01-16T08:30:00Z"
    assert event["position"] == 12
    assert event["correlationid"] == FACT.correlation
    assert FACT.body in sent


def test_every_attribute_is_named_as_the_specification_allows() -> None:
    names = json.loads(encoded(cloud_event(TENANT, FACT._replace(causation=an_id(7)))))
    assert "causationid" in names
    assert all(name.isalnum() and name.islower() and len(name) <= 20 for name in names)


def test_nobody_is_in_the_attributes_of_an_event() -> None:
    of_a_person = json.loads(encoded(cloud_event(TENANT, FACT._replace(stream=an_id(4)))))
    del of_a_person["data"]
    assert FACT.person is not None
    assert FACT.person not in json.dumps(of_a_person)
    assert FACT.actor not in json.dumps(of_a_person)
